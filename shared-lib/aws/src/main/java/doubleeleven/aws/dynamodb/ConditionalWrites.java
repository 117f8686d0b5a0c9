package doubleeleven.aws.dynamodb;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Conditional writes whose refusal is an answer. A conflict with another Region's write is none: it says nothing about the condition, and
 * the client repeats such a write by itself.
 */
public final class ConditionalWrites {
    private final DynamoDbClient client;

    public ConditionalWrites(DynamoDbClient client) {
        this.client = client;
    }

    /** True where the write took effect, false where its condition did not hold. */
    public boolean apply(UpdateItemRequest request) {
        try {
            update(request);
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /**
     * Writes and answers the attributes that the request asked for.
     *
     * @throws ConditionalCheckFailedException where the condition did not hold; it carries the item if the request asked for it
     */
    public Map<String, AttributeValue> update(UpdateItemRequest request) {
        return client.updateItem(request).attributes();
    }

    /** True where the item was written, false where its condition did not hold. */
    public boolean put(PutItemRequest request) {
        try {
            client.putItem(request);
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }
}
