package doubleeleven.gateway.aws;

import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.ApiKey;
import doubleeleven.gateway.Keys;
import doubleeleven.gateway.Role;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** API keys in the platform table. */
final class DynamoDbKeys implements Keys {
    private static final String PREFIX = "KEY#";
    private static final String SORT_KEY = "KEY";

    private final DynamoDbClient client;
    private final String table;

    DynamoDbKeys(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Optional<ApiKey> find(String id) {
        Map<String, AttributeValue> item =
                client.getItem(request -> request.tableName(table).key(key(id))).item();
        return item.isEmpty() ? Optional.empty() : Optional.of(read(id, item));
    }

    @Override
    public boolean create(ApiKey key) {
        try {
            client.putItem(request -> request.tableName(table)
                    .item(item(key))
                    .conditionExpression("attribute_not_exists(pk)")
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return true;
        } catch (ConditionalCheckFailedException e) {
            // The client tries again where an answer is lost: it may have met its own write.
            return e.hasItem() && text(e.item(), "hash").equals(key.hash());
        }
    }

    @Override
    public void replace(ApiKey key) {
        client.putItem(request -> request.tableName(table).item(item(key)));
    }

    private static Map<String, AttributeValue> item(ApiKey key) {
        Map<String, AttributeValue> item = new HashMap<>(key(key.id()));
        item.put("hash", Values.s(key.hash()));
        item.put("role", Values.s(key.role().name()));
        item.put("createdAt", Values.n(key.createdAt()));
        @Nullable String merchant = key.merchant();
        if (merchant != null) {
            item.put("merchant", Values.s(merchant));
        }
        return item;
    }

    private static ApiKey read(String id, Map<String, AttributeValue> item) {
        return new ApiKey(
                id,
                text(item, "hash"),
                Role.valueOf(text(item, "role")),
                item.containsKey("merchant") ? text(item, "merchant") : null,
                time(item, "createdAt"),
                item.containsKey("revokedAt") ? time(item, "revokedAt") : null);
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return value(item, name).s();
    }

    private static Instant time(Map<String, AttributeValue> item, String name) {
        return Instant.ofEpochMilli(Long.parseLong(value(item, name).n()));
    }

    private static AttributeValue value(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("the key has no attribute " + name);
        }
        return value;
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("pk", Values.s(PREFIX + id), "sk", Values.s(SORT_KEY));
    }
}
