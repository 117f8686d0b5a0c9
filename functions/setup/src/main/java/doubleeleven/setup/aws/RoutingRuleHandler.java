package doubleeleven.setup.aws;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Routes;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import java.time.Clock;
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
    private final Routes routes;
    private final String table;
    private final Clock clock;

    public RoutingRuleHandler() {
        this(Host.lambda());
    }

    public RoutingRuleHandler(Host host) {
        this(Clients.dynamoDb(host), Tables.control(host.environment()), host.clock(), host.log());
    }

    RoutingRuleHandler(DynamoDbClient client, String table, Clock clock, Log log) {
        super(log, "routing-rule");
        this.writes = new ConditionalWrites(client);
        this.routes = new Routes(client, table);
        this.table = table;
        this.clock = clock;
    }

    @Override
    public Map<String, String> apply(Map<String, Object> properties, Context context) {
        RoutingRule rule = RoutingDocument.read(Json.text(properties, "Document"));
        PublishedRule first = PublishedRule.deployed(rule, clock.instant());
        // The other way round, a deployment that broke off would leave a history that the next one's rule contradicts.
        if (put(RuleItems.CURRENT, first)) {
            put(RuleItems.key(first.version()), first);
        }
        // Older than any that was published: what is there already stays.
        routes.spread(rule);
        return Map.of("Version", Long.toString(rule.version()));
    }

    private boolean put(Map<String, AttributeValue> key, PublishedRule first) {
        return writes.put(PutItemRequest.builder()
                .tableName(table)
                .item(RuleItems.item(key, first))
                .conditionExpression("attribute_not_exists(pk)")
                .build());
    }
}
