package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.operations.DeadLetterQueue;
import doubleeleven.gateway.operations.RedriveRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Redrives on record in the control table, a partition for each day. */
final class DynamoDbRedrives implements RedriveRecord.Store {
    /** Besides the rule and its routes, the only items of the control table that operations may touch. */
    private static final String PARTITION = "AUDIT#";

    private static final int MOST_SHOWN = 10;

    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final String table;
    private final String region;

    DynamoDbRedrives(DynamoDbClient client, String table, String region) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.table = table;
        this.region = region;
    }

    @Override
    public void record(RedriveRecord redrive) {
        Map<String, AttributeValue> item = new HashMap<>(key(redrive));
        item.put("action", s("REDRIVE"));
        item.put("id", s(redrive.id()));
        item.put("at", n(redrive.at()));
        item.put("key", s(redrive.key()));
        item.put("region", s(region));
        item.put("queue", s(redrive.queue().name()));
        item.put("reason", s(redrive.reason()));
        item.put("result", s(redrive.result()));
        redrive.most().ifPresent(most -> item.put("most", n(most)));
        boolean written = writes.put(PutItemRequest.builder()
                .tableName(table)
                .item(item)
                // The client repeats a write whose answer was lost: it may meet its own.
                .conditionExpression("attribute_not_exists(pk) OR id = :id")
                .expressionAttributeValues(Map.of(":id", s(redrive.id())))
                .build());
        if (!written) {
            throw new IllegalStateException("another redrive is on record under " + redrive.at() + " " + redrive.id());
        }
    }

    @Override
    public void conclude(RedriveRecord redrive) {
        writes.apply(UpdateItemRequest.builder()
                .tableName(table)
                .key(key(redrive))
                .updateExpression("SET #result = :result")
                .conditionExpression("id = :id")
                .expressionAttributeNames(Map.of("#result", "result"))
                .expressionAttributeValues(Map.of(":result", s(redrive.result()), ":id", s(redrive.id())))
                .build());
    }

    @Override
    public List<RedriveRecord> recent(DeadLetterQueue queue, Instant now) {
        return Stream.of(now, now.minus(Duration.ofDays(1)))
                .flatMap(day -> client
                        .queryPaginator(request -> request.tableName(table)
                                .consistentRead(true)
                                .scanIndexForward(false)
                                .keyConditionExpression("pk = :day")
                                // Each Region has a queue of the relay's, and all have one name.
                                .filterExpression("queue = :queue AND #region = :region")
                                .expressionAttributeNames(Map.of("#region", "region"))
                                .expressionAttributeValues(Map.of(
                                        ":day", s(partition(day)),
                                        ":queue", s(queue.name()),
                                        ":region", s(region))))
                        .items()
                        .stream())
                .limit(MOST_SHOWN)
                .map(item -> read(queue, item))
                .toList();
    }

    private static RedriveRecord read(DeadLetterQueue queue, Map<String, AttributeValue> item) {
        AttributeValue most = item.get("most");
        return new RedriveRecord(
                Values.text(item, "id"),
                // The sort key begins with it.
                Instant.parse(Values.text(item, "sk").replaceFirst("#.*", "")),
                Values.text(item, "key"),
                queue,
                Values.text(item, "reason"),
                most == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(most.n())),
                Values.text(item, "result"));
    }

    private static String partition(Instant day) {
        return PARTITION + day.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static Map<String, AttributeValue> key(RedriveRecord redrive) {
        return Map.of(
                "pk", s(partition(redrive.at())),
                "sk", s(redrive.at() + "#" + redrive.id()));
    }
}
