package doubleeleven.setup.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.routing.RoutingRule;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * The first routing rule, from the topology that was deployed. A rule that is there already stays: traffic is moved by publishing a new
 * version, never by a deployment. Property {@code Document}, attribute {@code Version}.
 */
public final class RoutingRuleHandler extends CustomResource {
    private final ConditionalWrites writes;
    private final String table;

    public RoutingRuleHandler() {
        this(Host.lambda());
    }

    public RoutingRuleHandler(Host host) {
        this(Clients.dynamoDb(host), Tables.control(host.environment()), host.log());
    }

    RoutingRuleHandler(DynamoDbClient client, String table, Log log) {
        super(log, "routing-rule");
        this.writes = new ConditionalWrites(client);
        this.table = table;
    }

    @Override
    public Map<String, String> apply(Map<String, Object> properties, Context context) {
        RoutingRule rule = RoutingDocument.read(Json.text(properties, "Document"));
        // History first: the current rule is never one that the history does not know.
        put(rule, "V#%08d".formatted(rule.version()));
        put(rule, "CURRENT");
        return Map.of("Version", Long.toString(rule.version()));
    }

    private void put(RoutingRule rule, String sortKey) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("pk", s("RULE"));
        item.put("sk", s(sortKey));
        item.put("version", n(rule.version()));
        item.put("document", s(RoutingDocument.write(rule)));
        writes.put(PutItemRequest.builder()
                .tableName(table)
                .item(item)
                .conditionExpression("attribute_not_exists(pk)")
                .build());
    }
}
