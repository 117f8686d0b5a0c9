package doubleeleven.notification.aws;

import doubleeleven.aws.dynamodb.EndpointItems;
import doubleeleven.notification.Endpoint;
import doubleeleven.notification.delivery.Endpoints;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Merchants' endpoints as this Region's replica of the platform table has them. */
record DynamoDbEndpoints(DynamoDbClient client, String table) implements Endpoints {
    @Override
    public Optional<Endpoint> find(String merchant) {
        Map<String, AttributeValue> item = client.getItem(
                        request -> request.tableName(table).key(EndpointItems.key(merchant)))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(EndpointItems.read(item));
    }
}
