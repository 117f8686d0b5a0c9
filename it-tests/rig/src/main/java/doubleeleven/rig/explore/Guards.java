package doubleeleven.rig.explore;

import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The conditions of our writes. */
final class Guards {
    private Guards() {}

    static String name(Object request) {
        return switch (request) {
            case GetItemRequest get -> "read " + get.key().values();
            case UpdateItemRequest update ->
                update.updateExpression() + " on " + update.key().values() + " if " + update.conditionExpression();
            case PutItemRequest put -> "put " + put.item() + " if " + put.conditionExpression();
            default -> request.toString();
        };
    }
}
