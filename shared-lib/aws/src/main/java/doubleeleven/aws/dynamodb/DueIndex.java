package doubleeleven.aws.dynamodb;

import static doubleeleven.aws.dynamodb.Values.s;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * The sparse index of open payments, by unit and due time. Recovery moves a payment's due time with each look, so how long a payment is
 * open is told by when it was claimed, which lies in the index beside it.
 */
public final class DueIndex {
    public static final String NAME = "due";
    /** Partitions for each unit: a unit at its peak must not have one hot partition. */
    public static final int BUCKETS = 4;
    /** What the index shows beside its keys. */
    public static final List<String> PROJECTED = List.of("attempt", "status", "claimedAt", "decidedAt");

    private DueIndex() {}

    /**
     * A payment that was open when the index last heard of it: read the item before acting on it.
     *
     * @param order the item's key; not always a valid one, because an item that nobody can read stays in the index too
     * @param since when it was claimed; when it was aborted, where its claim never landed; when it was due, where neither is known
     */
    public record Hint(String order, String status, Instant since, Optional<Instant> decidedAt, Instant dueAt) {}

    /** The partitions that a unit's open payments lie in. */
    public static List<String> partitions(String unit) {
        return IntStream.range(0, BUCKETS)
                .mapToObj(bucket -> unit + "#" + bucket)
                .toList();
    }

    /** All open payments of a unit, read on only as far as the stream is. */
    public static Stream<Hint> open(DynamoDbClient client, String table, String unit) {
        return partitions(unit).stream()
                .map(partition -> QueryRequest.builder()
                        .tableName(table)
                        .indexName(NAME)
                        .keyConditionExpression("due = :due")
                        .expressionAttributeValues(Map.of(":due", s(partition)))
                        .build())
                .flatMap(request -> client.queryPaginator(request).items().stream())
                .map(DueIndex::hint);
    }

    private static Hint hint(Map<String, AttributeValue> item) {
        Instant dueAt = Document.get(item, "dueAt", Converters.TIME);
        Optional<Instant> claimedAt = time(item, "claimedAt");
        Optional<Instant> decidedAt = time(item, "decidedAt");
        return new Hint(
                Values.text(item, "pk"),
                Objects.requireNonNullElse(Document.find(item, "status", Converters.TEXT), ""),
                claimedAt.or(() -> decidedAt).orElse(dueAt),
                decidedAt,
                dueAt);
    }

    private static Optional<Instant> time(Map<String, AttributeValue> item, String name) {
        return Optional.ofNullable(Document.find(item, name, Converters.TIME));
    }
}
