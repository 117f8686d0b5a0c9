package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.gateway.watch.TrafficReports;
import doubleeleven.health.Heard;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What a Region's gateways tell of units, in the platform table: {@code TRAFFIC#<unit>#<colour> / <Region>}. Each Region writes and reads items of
 * its own, so it needs no other Region for it.
 */
final class DynamoDbTraffic implements TrafficReports {
    private static final String MISSED = "missedAt";
    private static final String REACHED = "reachedAt";

    private final DynamoDbClient client;
    private final String table;
    private final String region;

    DynamoDbTraffic(DynamoDbClient client, String table, String region) {
        this.client = client;
        this.table = table;
        this.region = region;
    }

    @Override
    public void missed(String unit, String colour, Instant at) {
        set(unit, colour, MISSED, at);
    }

    @Override
    public void reached(String unit, String colour, Instant at) {
        set(unit, colour, REACHED, at);
    }

    private void set(String unit, String colour, String what, Instant at) {
        client.updateItem(request -> request.tableName(table)
                .key(key(unit, colour))
                .updateExpression("SET " + what + " = :at")
                .expressionAttributeValues(Map.of(":at", n(at))));
    }

    @Override
    public Heard of(String unit, String colour) {
        Map<String, AttributeValue> item = client.getItem(request ->
                        request.tableName(table).key(key(unit, colour)).consistentRead(true))
                .item();
        return new Heard(instant(item, MISSED), instant(item, REACHED));
    }

    private static @Nullable Instant instant(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? null : Instant.ofEpochMilli(Long.parseLong(value.n()));
    }

    private Map<String, AttributeValue> key(String unit, String colour) {
        return Map.of("pk", s("TRAFFIC#" + unit + "#" + colour), "sk", s(region));
    }
}
