package doubleeleven.aws.dynamodb;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Conditional writes whose refusal is an answer, and whose meeting with another Region's write is tried again. */
public final class ConditionalWrites {
    private static final int TRIES = 5;
    private static final int PAUSE_MILLIS = 20;

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
        return retried(() -> client.updateItem(request)).attributes();
    }

    /** True where the item was written, false where its condition did not hold. */
    public boolean put(PutItemRequest request) {
        try {
            retried(() -> client.putItem(request));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /** A conflict between Regions says nothing about the condition: the write did not happen, and may well now. */
    private static <R> R retried(Supplier<R> write) {
        for (int tried = 1; ; tried++) {
            try {
                return write.get();
            } catch (ReplicatedWriteConflictException e) {
                if (tried == TRIES) {
                    throw e;
                }
                pause(tried);
            }
        }
    }

    private static void pause(int tried) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong((long) PAUSE_MILLIS << tried));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between two tries of a write", e);
        }
    }
}
