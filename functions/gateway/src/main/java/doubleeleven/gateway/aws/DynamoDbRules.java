package doubleeleven.gateway.aws;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.routing.RoutingRule;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The current routing rule in the control table. */
final class DynamoDbRules implements Supplier<Optional<RoutingRule>> {
    private final DynamoDbClient client;
    private final String table;

    DynamoDbRules(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Optional<RoutingRule> get() {
        Map<String, AttributeValue> item = client.getItem(request ->
                        request.tableName(table).key(RuleItems.CURRENT).consistentRead(true))
                .item();
        return Optional.ofNullable(item.get("document")).map(AttributeValue::s).map(RoutingDocument::read);
    }
}
