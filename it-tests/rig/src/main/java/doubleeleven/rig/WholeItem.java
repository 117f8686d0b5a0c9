package doubleeleven.rig;

import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Updates after which somebody besides the caller sees the whole item. */
public final class WholeItem {
    private WholeItem() {}

    /**
     * Updates, and answers what the caller asked for.
     *
     * @param onlooker is shown the item as it is now
     */
    public static UpdateItemResponse update(
            DynamoDbClient database, UpdateItemRequest request, Consumer<Map<String, AttributeValue>> onlooker) {
        boolean asked = request.returnValues() == ReturnValue.ALL_NEW;
        if (!asked && request.returnValues() != null && request.returnValues() != ReturnValue.NONE) {
            throw new UnsupportedOperationException("an update that answers " + request.returnValues());
        }
        UpdateItemResponse all = database.updateItem(
                request.toBuilder().returnValues(ReturnValue.ALL_NEW).build());
        onlooker.accept(all.attributes());
        return asked ? all : UpdateItemResponse.builder().build();
    }
}
