package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.failover.Failover;
import doubleeleven.gateway.failover.FailoverRecords;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** Failovers in the control table, {@code FAILOVER#<unit>} / id. */
final class DynamoDbFailovers implements FailoverRecords {
    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final String table;

    DynamoDbFailovers(DynamoDbClient client, String table) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.table = table;
    }

    @Override
    public void put(Failover failover) {
        Map<String, AttributeValue> item = Map.of(
                "pk", s(partition(failover.unit())),
                "sk", s(failover.id()),
                "looks", n(failover.notes().size()),
                "document", s(Json.write(FailoverJson.of(failover))));
        writes.put(PutItemRequest.builder()
                .tableName(table)
                .item(item)
                .conditionExpression("attribute_not_exists(pk) OR looks <= :looks")
                .expressionAttributeValues(Map.of(":looks", n(failover.notes().size())))
                .build());
    }

    @Override
    public Optional<Failover> find(String unit, String id) {
        Map<String, AttributeValue> item = client.getItem(request -> request.tableName(table)
                        .key(Map.of("pk", s(partition(unit)), "sk", s(id)))
                        .consistentRead(true))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(read(item));
    }

    @Override
    public List<Failover> latest(String unit, int most) {
        return client
                .query(request -> request.tableName(table)
                        .consistentRead(true)
                        .scanIndexForward(false)
                        .limit(most)
                        .keyConditionExpression("pk = :unit")
                        .expressionAttributeValues(Map.of(":unit", s(partition(unit)))))
                .items()
                .stream()
                .map(DynamoDbFailovers::read)
                .toList();
    }

    private static Failover read(Map<String, AttributeValue> item) {
        return FailoverJson.read(Json.object(Values.text(item, "document")));
    }

    private static String partition(String unit) {
        return "FAILOVER#" + unit;
    }
}
