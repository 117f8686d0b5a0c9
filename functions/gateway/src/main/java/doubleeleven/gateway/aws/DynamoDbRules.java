package doubleeleven.gateway.aws;

import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.routing.First;
import doubleeleven.routing.RoutingRule;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What this gateway obeys of the routing rule in the control table. */
final class DynamoDbRules implements Supplier<Optional<RoutingRule>> {
    private final DynamoDbClient client;
    private final String table;
    private final Predicate<First> among;

    DynamoDbRules(DynamoDbClient client, String table, Predicate<First> among) {
        this.client = client;
        this.table = table;
        this.among = among;
    }

    @Override
    public Optional<RoutingRule> get() {
        Map<String, AttributeValue> item = client.getItem(request ->
                        request.tableName(table).key(RuleItems.CURRENT).consistentRead(true))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(RuleItems.obeyed(item, among));
    }
}
