package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.release.Release;
import doubleeleven.gateway.release.ReleaseDocument;
import doubleeleven.gateway.release.Releases;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * Releases in the control table: {@code RELEASE#<unit> / R#<id>}, whose order is that of time, and {@code RELEASE#<unit> / ACTIVE}, which
 * names the one that is at work and until when it surely is.
 */
final class DynamoDbReleases implements Releases {
    private static final String ACTIVE = "ACTIVE";
    private static final String PREFIX = "R#";

    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final String table;

    DynamoDbReleases(DynamoDbClient client, String table) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.table = table;
    }

    @Override
    public Optional<Release> find(String unit, String id) {
        return Optional.of(client.getItem(request -> request.tableName(table)
                                .key(key(unit, PREFIX + id))
                                .consistentRead(true))
                        .item())
                .filter(item -> !item.isEmpty())
                .map(DynamoDbReleases::read);
    }

    @Override
    public List<Release> newest(String unit, int most) {
        return client
                .query(request -> request.tableName(table)
                        .consistentRead(true)
                        .scanIndexForward(false)
                        .limit(most)
                        .keyConditionExpression("pk = :unit AND begins_with(sk, :release)")
                        .expressionAttributeValues(Map.of(":unit", s(partition(unit)), ":release", s(PREFIX))))
                .items()
                .stream()
                .map(DynamoDbReleases::read)
                .toList();
    }

    @Override
    public boolean save(Release release) {
        Map<String, AttributeValue> item = new HashMap<>(key(release.unit(), PREFIX + release.id()));
        item.put("revision", n(release.revision()));
        item.put("document", s(Json.write(ReleaseDocument.of(release))));
        PutItemRequest.Builder put = PutItemRequest.builder().tableName(table).item(item);
        if (release.revision() == 0) {
            put.conditionExpression("attribute_not_exists(pk)");
        } else {
            put.conditionExpression("revision = :before")
                    .expressionAttributeValues(Map.of(":before", n(release.revision() - 1)));
        }
        // The client repeats a write whose answer was lost: it may meet its own.
        return writes.put(put.build())
                || find(release.unit(), release.id()).filter(release::equals).isPresent();
    }

    @Override
    public boolean claim(Release release, Instant until, Instant now) {
        return writes.put(active(release, until)
                .conditionExpression("attribute_not_exists(pk) OR #release = :release OR #until < :now")
                .expressionAttributeNames(Map.of("#release", "release", "#until", "until"))
                .expressionAttributeValues(Map.of(":release", s(release.id()), ":now", n(now)))
                .build());
    }

    @Override
    public void free(Release release) {
        // Where another one is at work by now, that one goes on.
        writes.put(active(release, Instant.EPOCH)
                .conditionExpression("#release = :release")
                .expressionAttributeNames(Map.of("#release", "release"))
                .expressionAttributeValues(Map.of(":release", s(release.id())))
                .build());
    }

    private PutItemRequest.Builder active(Release release, Instant until) {
        Map<String, AttributeValue> item = new HashMap<>(key(release.unit(), ACTIVE));
        item.put("release", s(release.id()));
        item.put("until", n(until));
        return PutItemRequest.builder().tableName(table).item(item);
    }

    private static Release read(Map<String, AttributeValue> item) {
        return ReleaseDocument.read(Json.object(Values.text(item, "document")));
    }

    private static String partition(String unit) {
        return "RELEASE#" + unit;
    }

    private static Map<String, AttributeValue> key(String unit, String sortKey) {
        return Map.of("pk", s(partition(unit)), "sk", s(sortKey));
    }
}
