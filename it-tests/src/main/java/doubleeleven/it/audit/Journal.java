package doubleeleven.it.audit;

import doubleeleven.it.audit.Write.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Every effective write of the money tables, as their streams tell: a stream has one record for each write that changed something, none for
 * one that was refused.
 */
public record Journal(List<Write> writes) {
    /** A stream may answer with nothing although more follows. */
    private static final int EMPTY_PAGES = 3;

    /** Reads both streams from as far back as they reach, which is a day. */
    public static Journal read(DynamoDbClient dynamoDb, DynamoDbStreamsClient streams) {
        List<Write> writes = new ArrayList<>();
        read(
                dynamoDb,
                streams,
                Snapshot.PAYMENT_TABLE,
                record -> Write.ofPayment(before(record), after(record)),
                writes);
        read(
                dynamoDb,
                streams,
                Snapshot.ACCOUNT_TABLE,
                record -> Write.ofAccount(record.keys(), before(record), after(record)),
                writes);
        return new Journal(writes);
    }

    /** How many writes of each kind each of the attempts took. */
    public Map<String, Map<Kind, Integer>> byAttempt(Set<String> attempts) {
        Map<String, Map<Kind, Integer>> counts = new HashMap<>();
        for (Write write : writes) {
            if (attempts.contains(write.attempt())) {
                counts.computeIfAbsent(write.attempt(), attempt -> new EnumMap<>(Kind.class))
                        .merge(write.kind(), 1, Integer::sum);
            }
        }
        return counts;
    }

    public long count(Kind kind) {
        return writes.stream().filter(write -> write.kind() == kind).count();
    }

    private static void read(
            DynamoDbClient dynamoDb,
            DynamoDbStreamsClient streams,
            String table,
            Function<StreamRecord, Write> classify,
            List<Write> writes) {
        String stream = dynamoDb.describeTable(request -> request.tableName(table))
                .table()
                .latestStreamArn();
        for (Shard shard : shards(streams, stream)) {
            @Nullable
            String iterator = streams.getShardIterator(request -> request.streamArn(stream)
                            .shardId(shard.shardId())
                            .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                    .shardIterator();
            int empty = 0;
            while (iterator != null && empty < EMPTY_PAGES) {
                String page = iterator;
                GetRecordsResponse response = streams.getRecords(request -> request.shardIterator(page));
                response.records().stream().map(Record::dynamodb).map(classify).forEach(writes::add);
                empty = response.records().isEmpty() ? empty + 1 : 0;
                iterator = response.nextShardIterator();
            }
        }
    }

    private static List<Shard> shards(DynamoDbStreamsClient streams, String stream) {
        List<Shard> shards = new ArrayList<>();
        @Nullable String last = null;
        do {
            @Nullable String from = last;
            var description = streams.describeStream(
                            request -> request.streamArn(stream).exclusiveStartShardId(from))
                    .streamDescription();
            shards.addAll(description.shards());
            last = description.lastEvaluatedShardId();
        } while (last != null);
        return shards;
    }

    private static Map<String, AttributeValue> before(StreamRecord record) {
        return record.hasOldImage() ? record.oldImage() : Map.of();
    }

    private static Map<String, AttributeValue> after(StreamRecord record) {
        return record.hasNewImage() ? record.newImage() : Map.of();
    }
}
