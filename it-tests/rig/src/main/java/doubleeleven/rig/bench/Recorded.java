package doubleeleven.rig.bench;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What the database held before some payments, and what each of them called.
 *
 * @param items by table
 */
record Recorded(Map<String, List<Map<String, AttributeValue>>> items, List<List<Consumer<DynamoDbClient>>> payments) {
    double callsOfEach() {
        return payments.stream().mapToInt(List::size).average().orElseThrow();
    }
}
