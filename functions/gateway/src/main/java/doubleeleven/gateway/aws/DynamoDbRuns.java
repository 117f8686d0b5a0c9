package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.stress.Run;
import doubleeleven.gateway.stress.Runs;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** Runs of stress tests in the control table, beside the test: {@code STRESS#<id>} / {@code RUN}. */
final class DynamoDbRuns implements Runs {
    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final String table;

    DynamoDbRuns(DynamoDbClient client, String table) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.table = table;
    }

    @Override
    public Optional<Run> find(String test) {
        return Optional.of(client.getItem(request ->
                                request.tableName(table).key(key(test)).consistentRead(true))
                        .item())
                .filter(item -> !item.isEmpty())
                .map(item -> Run.read(Json.object(Values.text(item, "document"))));
    }

    @Override
    public boolean save(Run run) {
        Map<String, AttributeValue> item = new HashMap<>(key(run.test()));
        item.put("revision", n(run.revision()));
        item.put("document", s(Json.write(run.toJson())));
        PutItemRequest.Builder put = PutItemRequest.builder().tableName(table).item(item);
        if (run.revision() == 0) {
            put.conditionExpression("attribute_not_exists(pk)");
        } else {
            put.conditionExpression("revision = :before")
                    .expressionAttributeValues(Map.of(":before", n(run.revision() - 1)));
        }
        // The client repeats a write whose answer was lost: it may meet its own.
        return writes.put(put.build())
                || find(run.test())
                        .filter(known -> known.toJson().equals(Json.object(Json.write(run.toJson()))))
                        .isPresent();
    }

    private static Map<String, AttributeValue> key(String test) {
        return Map.of("pk", s("STRESS#" + test), "sk", s("RUN"));
    }
}
