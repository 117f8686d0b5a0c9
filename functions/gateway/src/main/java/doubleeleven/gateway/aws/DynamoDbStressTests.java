package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.StressTest;
import doubleeleven.gateway.StressTests;
import doubleeleven.gateway.stress.Admissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Stress tests in the control table, {@code STRESS#<id>} / {@code TEST}. */
final class DynamoDbStressTests implements StressTests, Admissions {
    private final DynamoDbClient client;
    private final String table;

    DynamoDbStressTests(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Optional<StressTest> find(String id) {
        Map<String, AttributeValue> item = client.getItem(
                        request -> request.tableName(table).key(key(id)).consistentRead(true))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(read(id, item));
    }

    @Override
    public StressTest admit(StressTest test) {
        Map<String, AttributeValue> item = new HashMap<>(key(test.id()));
        item.put("publicKey", s(test.publicKey()));
        item.put("admittedAt", n(test.admittedAt()));
        item.put("expiresAt", n(test.expiresAt()));
        item.put("by", s(test.by()));
        item.put("reason", s(test.reason()));
        try {
            client.putItem(request -> request.tableName(table)
                    .item(item)
                    .conditionExpression("attribute_not_exists(pk)")
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return test;
        } catch (ConditionalCheckFailedException e) {
            return read(test.id(), e.item());
        }
    }

    @Override
    public void stop(String id, Instant now) {
        client.updateItem(request -> request.tableName(table)
                .key(key(id))
                .conditionExpression("attribute_exists(pk)")
                .updateExpression("SET stoppedAt = if_not_exists(stoppedAt, :now)")
                .expressionAttributeValues(Map.of(":now", n(now))));
    }

    @Override
    public boolean isRunning(String test, Instant now) {
        return find(test).filter(known -> known.isRunning(now)).isPresent();
    }

    @Override
    public void watch(String test) {
        client.updateItem(request -> request.tableName(table)
                .key(key(test))
                .conditionExpression("attribute_exists(pk)")
                .updateExpression("SET watched = :true")
                .expressionAttributeValues(Map.of(":true", AttributeValue.fromBool(true))));
    }

    @Override
    public void close(String test, Instant now) {
        stop(test, now);
    }

    private static StressTest read(String id, Map<String, AttributeValue> item) {
        return new StressTest(
                id,
                Values.text(item, "publicKey"),
                Values.time(item, "admittedAt"),
                Values.time(item, "expiresAt"),
                Values.text(item, "by"),
                Values.text(item, "reason"),
                item.containsKey("stoppedAt") ? Optional.of(Values.time(item, "stoppedAt")) : Optional.empty(),
                item.containsKey("watched"));
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("pk", s("STRESS#" + id), "sk", s("TEST"));
    }
}
