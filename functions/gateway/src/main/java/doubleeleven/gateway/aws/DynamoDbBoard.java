package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.watch.Board;
import doubleeleven.health.Look;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * The board in the control table: {@code HEALTH / REGION#<region>} is a Region's last look, {@code HEALTH / START} the failover that began by
 * itself last. A Region that cannot write there has nothing to say.
 */
final class DynamoDbBoard implements Board {
    private static final AttributeValue PARTITION = s("HEALTH");
    private static final String REGION = "REGION#";
    private static final String START = "START";

    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final String table;

    DynamoDbBoard(DynamoDbClient client, String table) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.table = table;
    }

    @Override
    public State read() {
        List<Look> looks = new ArrayList<>();
        @Nullable Start last = null;
        // A look is a few hundred bytes for each colour: all of them fit into one answer.
        for (Map<String, AttributeValue> item : client.query(request -> request.tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("pk = :health")
                        .expressionAttributeValues(Map.of(":health", PARTITION)))
                .items()) {
            if (Values.text(item, "sk").equals(START)) {
                last = new Start(
                        Values.text(item, "unit"),
                        Values.text(item, "failover"),
                        Values.text(item, "region"),
                        Instant.ofEpochMilli(Long.parseLong(
                                Objects.requireNonNull(item.get("at")).n())));
            } else {
                looks.add(LookJson.read(Json.object(Values.text(item, "document"))));
            }
        }
        return new State(looks, Optional.ofNullable(last));
    }

    @Override
    public boolean put(Look look) {
        return writes.put(PutItemRequest.builder()
                .tableName(table)
                .item(Map.of(
                        "pk", PARTITION,
                        "sk", s(REGION + look.region()),
                        "look", n(look.number()),
                        "document", s(Json.write(LookJson.of(look)))))
                .conditionExpression("attribute_not_exists(pk) OR look = :before")
                .expressionAttributeValues(Map.of(":before", n(look.number() - 1)))
                .build());
    }

    /** The same start once more is the same: its answer may have been lost. */
    @Override
    public boolean take(Start start, Optional<Start> last) {
        return writes.put(PutItemRequest.builder()
                .tableName(table)
                .item(Map.of(
                        "pk", PARTITION,
                        "sk", s(START),
                        "unit", s(start.unit()),
                        "failover", s(start.failover()),
                        "region", s(start.region()),
                        "at", n(start.at())))
                .conditionExpression("attribute_not_exists(pk) OR (failover = :last AND #region = :lastRegion)"
                        + " OR (failover = :own AND #region = :ownRegion)")
                .expressionAttributeNames(Map.of("#region", "region"))
                .expressionAttributeValues(Map.of(
                        ":last", s(last.map(Start::failover).orElse("none")),
                        ":lastRegion", s(last.map(Start::region).orElse("none")),
                        ":own", s(start.failover()),
                        ":ownRegion", s(start.region())))
                .build());
    }
}
