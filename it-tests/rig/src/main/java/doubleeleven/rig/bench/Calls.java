package doubleeleven.rig.bench;

import doubleeleven.rig.Bus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Writes down the calls of the database as they land, to make them again without anything around them. */
final class Calls implements Bus {
    private List<Consumer<DynamoDbClient>> calls = new ArrayList<>();

    /** What was called since the last time. */
    List<Consumer<DynamoDbClient>> take() {
        List<Consumer<DynamoDbClient>> taken = calls;
        calls = new ArrayList<>();
        return taken;
    }

    @Override
    public Object carry(ServiceCall call, Supplier<Object> effect) {
        if (call.service().equals("DynamoDb")) {
            calls.add(again(call.request()));
        }
        return effect.get();
    }

    private static Consumer<DynamoDbClient> again(Object request) {
        return switch (request) {
            case UpdateItemRequest update -> client -> client.updateItem(update);
            case PutItemRequest put -> client -> client.putItem(put);
            case GetItemRequest get -> client -> client.getItem(get);
            case BatchGetItemRequest batch -> client -> client.batchGetItem(batch);
            case QueryRequest query -> client -> client.query(query);
            default -> throw new UnsupportedOperationException("cannot be made again: " + request);
        };
    }
}
