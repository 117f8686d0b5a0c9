package doubleeleven.risk.aws;

import static doubleeleven.aws.dynamodb.Values.m;
import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.AttemptId;
import doubleeleven.risk.FeatureSnapshot;
import doubleeleven.risk.Features;
import doubleeleven.risk.Recent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * A payer's payments by attempt: a payment told twice is remembered once. Those of the last hour are kept, and of those before it in the
 * last week as many as an ordinary payer makes. Each Region writes an item of its own and reads those of all: of an item that two Regions
 * wrote at once, the table would keep one writer's payments and lose the other's.
 */
final class DynamoDbFeatures implements Features {
    static final Duration KEPT = Duration.ofDays(7);
    /** Of those before the last hour. */
    static final int OLDER_KEPT_MAX = 100;

    private static final Duration HOUR = Duration.ofHours(1);
    /** Bounds a Region's item, and with it the time of the read that every payment waits for. */
    static final int KEPT_MAX = 1200;
    /** Old ones are dropped this many at a time. */
    private static final int DROPPED_MAX = 50;

    private static final String PREFIX = "VELOCITY#";

    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final String table;
    private final String region;
    private final Duration readTimeout;
    private final Clock clock;

    DynamoDbFeatures(DynamoDbClient client, String table, String region, Duration readTimeout, Clock clock) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.table = table;
        this.region = region;
        this.readTimeout = readTimeout;
        this.clock = clock;
    }

    @Override
    public FeatureSnapshot of(String payer) {
        try {
            // One page: as many Regions as a table has, each item bounded.
            return new FeatureSnapshot.Known(recent(client.query(QueryRequest.builder()
                            .tableName(table)
                            .keyConditionExpression("pk = :payer AND begins_with(sk, :prefix)")
                            .expressionAttributeValues(Map.of(":payer", s(partition(payer)), ":prefix", s(PREFIX)))
                            .overrideConfiguration(
                                    o -> o.apiCallTimeout(readTimeout).apiCallAttemptTimeout(readTimeout))
                            .build())
                    .items()));
        } catch (ApiCallTimeoutException | ApiCallAttemptTimeoutException e) {
            return new FeatureSnapshot.Missing("TIMEOUT");
        } catch (SdkException e) {
            return new FeatureSnapshot.Missing("UNAVAILABLE");
        } catch (IllegalArgumentException | IllegalStateException e) {
            return new FeatureSnapshot.Missing("UNREADABLE");
        }
    }

    @Override
    public void remember(String payer, AttemptId attempt, Recent paid) {
        // Two writes at most: a map must exist before something can be put into it.
        writes.apply(update(payer)
                .updateExpression("SET recent = :empty")
                .conditionExpression("attribute_not_exists(recent)")
                .expressionAttributeValues(Map.of(":empty", m(Map.of())))
                .build());
        Map<String, AttributeValue> item = writes.update(update(payer)
                .updateExpression("SET recent.#attempt = :paid")
                .expressionAttributeNames(Map.of("#attempt", attempt.value()))
                .expressionAttributeValues(Map.of(
                        ":paid",
                        m(Map.of(
                                "at", n(paid.at()),
                                "amount", n(paid.amountMinor()),
                                "currency", s(paid.currency())))))
                .returnValues(ReturnValue.ALL_NEW)
                .build());
        forget(payer, item);
    }

    private void forget(String payer, Map<String, AttributeValue> item) {
        List<Map.Entry<String, AttributeValue>> byAge =
                new ArrayList<>(map(item).entrySet());
        byAge.sort(Comparator.comparing(entry -> at(entry.getValue())));
        Instant now = clock.instant();
        int surplus = byAge.size() - KEPT_MAX;
        int excess =
                Math.max(surplus, Math.max(olderThan(HOUR, now, byAge) - OLDER_KEPT_MAX, olderThan(KEPT, now, byAge)));
        if (excess >= DROPPED_MAX || surplus > 0) {
            Map<String, String> names = new HashMap<>();
            StringJoiner paths = new StringJoiner(", ", "REMOVE ", "");
            for (int i = 0; i < Math.min(excess, DROPPED_MAX); i++) {
                names.put("#r" + i, byAge.get(i).getKey());
                paths.add("recent.#r" + i);
            }
            writes.update(update(payer)
                    .updateExpression(paths.toString())
                    .expressionAttributeNames(names)
                    .build());
        }
    }

    private static int olderThan(Duration age, Instant now, List<Map.Entry<String, AttributeValue>> remembered) {
        Instant since = now.minus(age);
        return Math.toIntExact(remembered.stream()
                .filter(each -> at(each.getValue()).isBefore(since))
                .count());
    }

    private UpdateItemRequest.Builder update(String payer) {
        return UpdateItemRequest.builder().tableName(table).key(key(payer));
    }

    private static List<Recent> recent(List<Map<String, AttributeValue>> items) {
        Map<String, AttributeValue> byAttempt = new HashMap<>();
        items.forEach(item -> byAttempt.putAll(map(item)));
        return byAttempt.values().stream()
                .map(value -> new Recent(
                        at(value),
                        Long.parseLong(value.m().getOrDefault("amount", n(0)).n()),
                        Values.text(value.m(), "currency")))
                .toList();
    }

    private static Map<String, AttributeValue> map(Map<String, AttributeValue> item) {
        AttributeValue recent = item.get("recent");
        return recent == null ? Map.of() : recent.m();
    }

    private static Instant at(AttributeValue value) {
        return Instant.ofEpochMilli(
                Long.parseLong(value.m().getOrDefault("at", n(0)).n()));
    }

    private Map<String, AttributeValue> key(String payer) {
        return Map.of("pk", s(partition(payer)), "sk", s(PREFIX + region));
    }

    private static String partition(String payer) {
        return "C#" + payer;
    }
}
