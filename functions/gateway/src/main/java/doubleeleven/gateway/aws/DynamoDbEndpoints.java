package doubleeleven.gateway.aws;

import doubleeleven.aws.dynamodb.EndpointItems;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.Endpoints;
import doubleeleven.gateway.Endpoints.Replacement.Overtaken;
import doubleeleven.gateway.Endpoints.Replacement.Replaced;
import doubleeleven.notification.Endpoint;
import doubleeleven.notification.Secret;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Merchants' endpoints in the platform table. */
final class DynamoDbEndpoints implements Endpoints {
    private final DynamoDbClient client;
    private final String table;

    DynamoDbEndpoints(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Optional<Endpoint> find(String merchant) {
        return EndpointItems.find(client, table, merchant);
    }

    @Override
    public Replacement replace(Optional<Endpoint> seen, Endpoint endpoint) {
        PutItemRequest.Builder put = PutItemRequest.builder()
                .tableName(table)
                .item(EndpointItems.item(endpoint))
                .conditionExpression("attribute_not_exists(pk)")
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
        // Each secret is new, so what has the secret that was seen is what was seen.
        seen.ifPresent(known -> put.conditionExpression("secret = :seen")
                .expressionAttributeValues(
                        Map.of(":seen", Values.s(known.secret().text()))));
        try {
            client.putItem(put.build());
            return new Replaced();
        } catch (ConditionalCheckFailedException e) {
            Optional<Endpoint> there = e.hasItem() ? EndpointItems.read(e.item()) : Optional.empty();
            // The client tries again where an answer is lost: it may have met its own write, or what followed that.
            return there.filter(found -> knows(found, endpoint.secret())).isPresent()
                    ? new Replaced()
                    : new Overtaken(there);
        }
    }

    @Override
    public void remove(String merchant) {
        client.deleteItem(request -> request.tableName(table).key(EndpointItems.key(merchant)));
    }

    private static boolean knows(Endpoint endpoint, Secret secret) {
        return endpoint.secret().equals(secret) || secret.equals(endpoint.former());
    }
}
