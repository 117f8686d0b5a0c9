package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.release.Counts;
import doubleeleven.gateway.release.Ending;
import doubleeleven.gateway.release.Latencies;
import doubleeleven.gateway.release.Tally;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * What gateways counted, in the platform table: {@code TALLY#<unit>#<colour>#<part> / <Region>}. The table's replicas take whichever write
 * is the last, so each Region adds to items of its own; and thousands of gateways add at once, so each Region has several.
 */
final class DynamoDbTallies implements Counts {
    private static final int PARTS = 16;
    private static final int BATCH = 100;
    private static final int BATCH_CALLS = 10;
    private static final String LATENCY = "l";

    private final DynamoDbClient client;
    private final String table;
    private final String region;
    private final Clock clock;

    DynamoDbTallies(DynamoDbClient client, String table, String region, Clock clock) {
        this.client = client;
        this.table = table;
        this.region = region;
        this.clock = clock;
    }

    @Override
    public void add(String unit, String colour, Tally tally) {
        Map<String, Long> counts = new TreeMap<>();
        tally.endings().forEach((ending, count) -> counts.put(name(ending), count));
        for (int i = 0; i < Latencies.BUCKETS; i++) {
            counts.put(LATENCY + i, tally.latencies().get(i));
        }
        counts.values().removeIf(count -> count == 0);
        List<String> additions = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        Map<String, AttributeValue> values = new HashMap<>();
        counts.forEach((name, count) -> {
            additions.add("#" + name + " :" + name);
            names.put("#" + name, name);
            values.put(":" + name, n(count));
        });
        int part = (int) Math.floorMod(clock.millis(), (long) PARTS);
        client.updateItem(request -> request.tableName(table)
                .key(key(unit, colour, part, region))
                .updateExpression("ADD " + String.join(", ", additions))
                .expressionAttributeNames(names)
                .expressionAttributeValues(values));
    }

    /** All that was counted of each of those colours, as far as this Region knows. */
    Map<String, Tally> read(String unit, Collection<String> colours, Collection<String> regions) {
        Map<String, Tally> tallies = new TreeMap<>();
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        for (String colour : colours) {
            tallies.put(colour, Tally.NONE);
            for (int part = 0; part < PARTS; part++) {
                for (String each : regions) {
                    keys.add(key(unit, colour, part, each));
                }
            }
        }
        for (int start = 0; start < keys.size(); start += BATCH) {
            readBatch(keys.subList(start, Math.min(keys.size(), start + BATCH)), tallies);
        }
        return tallies;
    }

    private void readBatch(List<Map<String, AttributeValue>> keys, Map<String, Tally> tallies) {
        Map<String, KeysAndAttributes> wanted =
                Map.of(table, KeysAndAttributes.builder().keys(keys).build());
        for (int call = 0; !wanted.isEmpty(); call++) {
            if (call == BATCH_CALLS) {
                throw new IllegalStateException("the platform table did not give all counts");
            }
            Map<String, KeysAndAttributes> asked = wanted;
            BatchGetItemResponse response = client.batchGetItem(request -> request.requestItems(asked));
            response.responses()
                    .getOrDefault(table, List.of())
                    .forEach(item -> tallies.merge(colour(item), tally(item), Tally::plus));
            wanted = response.unprocessedKeys();
        }
    }

    private static Tally tally(Map<String, AttributeValue> item) {
        Map<Ending, Long> endings = new TreeMap<>();
        for (Ending ending : Ending.values()) {
            endings.put(ending, count(item, name(ending)));
        }
        List<Long> latencies = new ArrayList<>();
        for (int i = 0; i < Latencies.BUCKETS; i++) {
            latencies.add(count(item, LATENCY + i));
        }
        return new Tally(endings, latencies);
    }

    private static long count(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? 0 : Long.parseLong(value.n());
    }

    private static String colour(Map<String, AttributeValue> item) {
        return Values.text(item, "pk").split("#", -1)[2];
    }

    private static String name(Ending ending) {
        return ending.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, AttributeValue> key(String unit, String colour, int part, String region) {
        return Map.of("pk", s("TALLY#" + unit + "#" + colour + "#" + part), "sk", s(region));
    }
}
