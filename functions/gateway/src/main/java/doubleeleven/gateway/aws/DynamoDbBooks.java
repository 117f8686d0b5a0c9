package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.m;
import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.DueIndex;
import doubleeleven.aws.dynamodb.MoneyTables;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.operations.Books;
import doubleeleven.gateway.operations.JournalItem;
import doubleeleven.gateway.operations.OpenHint;
import doubleeleven.gateway.operations.Operated;
import doubleeleven.gateway.operations.Operated.Action;
import doubleeleven.gateway.operations.Operated.Result;
import doubleeleven.ids.AttemptId;
import doubleeleven.payment.Branch;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.Lifecycle;
import doubleeleven.payment.Payment;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Payment items and accounts in DynamoDB, as operators see them. */
final class DynamoDbBooks implements Books {
    private static final String OPERATED = "operated";
    /** The most that one call reads. */
    private static final int BATCH = 100;
    /** A batch comes in parts where it is large or the table is busy. */
    private static final int BATCH_CALLS = 10;

    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final MoneyTables tables;

    DynamoDbBooks(DynamoDbClient client, MoneyTables tables) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.tables = tables;
    }

    @Override
    public Stream<OpenHint> open(String unit) {
        return open(client, tables.payment(), unit);
    }

    static Stream<OpenHint> open(DynamoDbClient client, String paymentTable, String unit) {
        return DueIndex.open(client, paymentTable, unit)
                .map(hint -> new OpenHint(hint.order(), hint.status(), hint.since(), hint.decidedAt(), hint.dueAt()));
    }

    @Override
    public Map<String, Sight> read(List<String> keys) {
        Map<String, Sight> sights = new HashMap<>();
        for (int start = 0; start < keys.size(); start += BATCH) {
            readBatch(keys.subList(start, Math.min(keys.size(), start + BATCH)), sights);
        }
        return sights;
    }

    private void readBatch(List<String> keys, Map<String, Sight> sights) {
        Map<String, KeysAndAttributes> wanted = Map.of(
                tables.payment(),
                KeysAndAttributes.builder()
                        .consistentRead(true)
                        .keys(keys.stream().map(each -> Map.of("pk", s(each))).toList())
                        .build());
        for (int call = 0; !wanted.isEmpty(); call++) {
            if (call == BATCH_CALLS) {
                throw new IllegalStateException("the payment table did not give all of " + keys.size() + " items");
            }
            Map<String, KeysAndAttributes> asked = wanted;
            BatchGetItemResponse response = client.batchGetItem(request -> request.requestItems(asked));
            response.responses()
                    .getOrDefault(tables.payment(), List.of())
                    .forEach(item -> sights.put(Values.text(item, "pk"), sight(item)));
            wanted = response.unprocessedKeys();
        }
    }

    private static Sight sight(Map<String, AttributeValue> item) {
        try {
            Payment payment = Schemas.PAYMENT.mapToItem(item);
            AttributeValue operated = item.get(OPERATED);
            AttributeValue finishedBy = item.get("finishedBy");
            return new Sight.Seen(new JournalItem(
                    payment,
                    operated == null
                            ? List.of()
                            : operated.l().stream()
                                    .map(each -> operated(each.m()))
                                    .toList(),
                    finishedBy == null ? null : finishedBy.s()));
        } catch (RuntimeException e) {
            return new Sight.Unreadable(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    @Override
    public Lying lyingOn(Branch branch, AttemptId attempt) {
        Map<String, AttributeValue> item = item(tables.of(branch.kind()), branch.account());
        if (item.isEmpty()) {
            return Lying.NO_ACCOUNT;
        }
        if (has(item, "holds", attempt)) {
            return Lying.HOLD;
        }
        if (has(item, "incoming", attempt)) {
            return Lying.INCOMING;
        }
        return has(item, "finished", attempt) ? Lying.TOMBSTONE : Lying.NOTHING;
    }

    private static boolean has(Map<String, AttributeValue> item, String map, AttemptId attempt) {
        AttributeValue value = item.get(map);
        return value != null && value.m().containsKey(attempt.value());
    }

    @Override
    public Credited credited(Entry expected) {
        Map<String, AttributeValue> item =
                item(tables.account(), new AccountKey(expected.partition(), expected.sortKey()));
        if (item.isEmpty()) {
            return Credited.NOT_YET;
        }
        return item.containsKey("posted") ? Credited.POSTED : Credited.ENTERED;
    }

    private Map<String, AttributeValue> item(String table, AccountKey account) {
        return client.getItem(
                        request -> request.tableName(table).key(key(account)).consistentRead(true))
                .item();
    }

    @Override
    public boolean record(JournalItem seen, Operated operated) {
        Map<String, AttributeValue> values = seenAndNew(seen, operated);
        values.put(":status", s(seen.payment().status().name()));
        return writes.apply(request(seen)
                .updateExpression("SET " + append())
                .conditionExpression("#status = :status AND attempt = :attempt AND " + unchanged(seen))
                .expressionAttributeNames(Map.of("#status", "status"))
                .expressionAttributeValues(values)
                .build());
    }

    @Override
    public void conclude(JournalItem seen, Operated operated) {
        String place = OPERATED + "[" + seen.operated().size() + "]";
        writes.apply(request(seen)
                .updateExpression("SET " + place + ".#result = :result")
                .conditionExpression(place + ".id = :id")
                .expressionAttributeNames(Map.of("#result", "result"))
                .expressionAttributeValues(Map.of(":result", s(operated.result().name()), ":id", s(operated.id())))
                .build());
    }

    @Override
    public boolean abort(JournalItem seen, Operated operated, Instant phaseTwoDue) {
        Map<String, AttributeValue> values = seenAndNew(seen, operated);
        values.put(":from", s(Lifecycle.ABORT.from().orElseThrow().name()));
        values.put(":to", s(Lifecycle.ABORT.to().name()));
        values.put(":now", n(operated.at()));
        values.put(":dueAt", n(phaseTwoDue));
        // What recovery would have written: it was open past its deadline. Who was quicker is on record.
        values.put(":reason", s(DeclineReason.EXPIRED.name()));
        values.put(":reasons", AttributeValue.fromL(List.of(s(DeclineReason.EXPIRED.name()))));
        return writes.apply(request(seen)
                .updateExpression("SET #status = :to, decidedAt = :now, dueAt = :dueAt, reasons = :reasons,"
                        + " aborted.#attempt = :reason, " + append())
                .conditionExpression("#status = :from AND attempt = :attempt AND dueAt <= :now AND " + unchanged(seen))
                .expressionAttributeNames(Map.of(
                        "#status",
                        "status",
                        "#attempt",
                        seen.payment().attempt().value()))
                .expressionAttributeValues(values)
                .build());
    }

    private static String append() {
        return "operated = list_append(if_not_exists(operated, :none), :operated)";
    }

    /** Nobody else acted since: so the room that was seen is still there, and the place of the new record is known. */
    private static String unchanged(JournalItem seen) {
        return seen.operated().isEmpty() ? "attribute_not_exists(operated)" : "size(operated) = :count";
    }

    private static Map<String, AttributeValue> seenAndNew(JournalItem seen, Operated operated) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":attempt", s(seen.payment().attempt().value()));
        values.put(":none", AttributeValue.fromL(List.of()));
        values.put(":operated", AttributeValue.fromL(List.of(attribute(operated))));
        if (!seen.operated().isEmpty()) {
            values.put(":count", n(seen.operated().size()));
        }
        return values;
    }

    private UpdateItemRequest.Builder request(JournalItem seen) {
        return UpdateItemRequest.builder()
                .tableName(tables.payment())
                .key(key(seen.payment().order()));
    }

    private static AttributeValue attribute(Operated operated) {
        return m(Map.of(
                "id", s(operated.id()),
                "at", n(operated.at()),
                "key", s(operated.key()),
                "action", s(operated.action().name()),
                "reason", s(operated.reason()),
                "attempt", s(operated.attempt().value()),
                "result", s(operated.result().name())));
    }

    private static Operated operated(Map<String, AttributeValue> map) {
        return new Operated(
                text(map, "id"),
                Instant.ofEpochMilli(Long.parseLong(value(map, "at").n())),
                text(map, "key"),
                Action.valueOf(text(map, "action")),
                text(map, "reason"),
                new AttemptId(text(map, "attempt")),
                Result.valueOf(text(map, "result")));
    }

    private static String text(Map<String, AttributeValue> map, String name) {
        return value(map, name).s();
    }

    private static AttributeValue value(Map<String, AttributeValue> map, String name) {
        @Nullable AttributeValue value = map.get(name);
        if (value == null) {
            throw new IllegalStateException("an operator's action has no " + name);
        }
        return value;
    }
}
