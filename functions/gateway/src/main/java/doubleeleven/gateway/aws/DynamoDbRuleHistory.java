package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Routes;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.gateway.operations.RuleHistory;
import doubleeleven.routing.InForce;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** The routing rule and its history in the control table. */
final class DynamoDbRuleHistory implements RuleHistory {
    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final Routes routes;
    private final String table;

    DynamoDbRuleHistory(DynamoDbClient client, String table) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.routes = new Routes(client, table);
        this.table = table;
    }

    @Override
    public Optional<InForce> current() {
        return read(RuleItems.CURRENT, RuleItems::inForce);
    }

    @Override
    public Optional<PublishedRule> kept(long version) {
        return read(RuleItems.key(version), RuleItems::read);
    }

    private <T> Optional<T> read(Map<String, AttributeValue> key, Function<Map<String, AttributeValue>, T> reader) {
        Map<String, AttributeValue> item = client.getItem(
                        request -> request.tableName(table).key(key).consistentRead(true))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(reader.apply(item));
    }

    @Override
    public List<PublishedRule> keptUpTo(long version, int most) {
        if (version < 1 || most < 1) {
            return List.of();
        }
        // One call: a hundred versions of a few kilobytes each are far from the megabyte that it answers at most.
        return client
                .query(request -> request.tableName(table)
                        .consistentRead(true)
                        .scanIndexForward(false)
                        .limit(most)
                        .keyConditionExpression("pk = :rule AND sk BETWEEN :oldest AND :newest")
                        .expressionAttributeValues(Map.of(
                                ":rule", s(RuleItems.PARTITION),
                                ":oldest", s(RuleItems.sortKey(1)),
                                ":newest", s(RuleItems.sortKey(version)))))
                .items()
                .stream()
                .map(RuleItems::read)
                .toList();
    }

    @Override
    public void keep(PublishedRule rule) {
        writes.put(PutItemRequest.builder()
                .tableName(table)
                .item(RuleItems.item(RuleItems.key(rule.version()), rule))
                .conditionExpression("attribute_not_exists(" + (isSpread(rule) ? RuleItems.SPREAD_AT : "pk") + ")")
                .build());
    }

    private static boolean isSpread(PublishedRule rule) {
        return rule.trial() != null && !rule.isOnlyTried();
    }

    @Override
    public boolean replace(InForce current, InForce next) {
        // Of a version that is tried: whoever gave it to all meanwhile has not done so in vain.
        String still = current.isTrial() ? " AND attribute_exists(" + RuleItems.TRIED + ")" : "";
        return writes.put(PutItemRequest.builder()
                .tableName(table)
                .item(RuleItems.item(next))
                .conditionExpression("version = :expected" + still)
                .expressionAttributeValues(Map.of(":expected", n(current.version())))
                .build());
    }

    @Override
    public void spread(RoutingRule rule) {
        routes.spread(rule);
    }
}
