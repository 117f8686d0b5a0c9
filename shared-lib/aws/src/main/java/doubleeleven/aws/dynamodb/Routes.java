package doubleeleven.aws.dynamodb;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.routing.Route;
import doubleeleven.routing.RoutingRule;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * The rule in a hundred items of the control table, {@code ROUTE#<shard>/CURRENT}, one for each shard: units read that of a payment's shard
 * before anything else, and one item could not be read so often.
 */
public final class Routes {
    private final ConditionalWrites writes;
    private final String table;

    public Routes(DynamoDbClient client, String table) {
        this.writes = new ConditionalWrites(client);
        this.table = table;
    }

    /** Tells the units of a rule. A route that is newer stays; whoever broke off in between does it again. */
    public void spread(RoutingRule rule) {
        for (Route route : rule.routes()) {
            writes.put(PutItemRequest.builder()
                    .tableName(table)
                    .item(item(route))
                    .conditionExpression("attribute_not_exists(pk) OR version < :version")
                    .expressionAttributeValues(Map.of(":version", n(route.version())))
                    .build());
        }
    }

    private static Map<String, AttributeValue> item(Route route) {
        return Map.of(
                "pk", s("ROUTE#" + route.shard()),
                "sk", s("CURRENT"),
                "version", n(route.version()),
                "owner", s(route.owner()),
                "standby", s(route.standby()),
                "forbidden", AttributeValue.fromBool(route.forbidden()));
    }
}
