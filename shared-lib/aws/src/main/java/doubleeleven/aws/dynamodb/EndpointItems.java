package doubleeleven.aws.dynamodb;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.notification.Endpoint;
import doubleeleven.notification.Secret;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Merchants' endpoints in the platform table. */
public final class EndpointItems {
    private static final String PREFIX = "M#";
    private static final String SORT_KEY = "NOTIFICATIONS";

    private EndpointItems() {}

    public static Map<String, AttributeValue> key(String merchant) {
        return Map.of("pk", s(PREFIX + merchant), "sk", s(SORT_KEY));
    }

    public static Map<String, AttributeValue> item(Endpoint endpoint) {
        Map<String, AttributeValue> item = new HashMap<>(key(endpoint.merchant()));
        item.put("url", s(endpoint.url().toString()));
        item.put("secret", s(endpoint.secret().text()));
        item.put("changedAt", n(endpoint.changedAt()));
        if (endpoint.former() != null) {
            item.put("former", s(endpoint.former().text()));
        }
        return item;
    }

    /** The merchant's, as that replica has it; none where it wants to be told nothing. */
    public static Optional<Endpoint> find(DynamoDbClient client, String table, String merchant) {
        return read(client.getItem(request -> request.tableName(table).key(key(merchant)))
                .item());
    }

    /** What an item says; none where there is no item. */
    public static Optional<Endpoint> read(Map<String, AttributeValue> item) {
        return item.isEmpty() ? Optional.empty() : Optional.of(endpoint(item));
    }

    private static Endpoint endpoint(Map<String, AttributeValue> item) {
        return new Endpoint(
                Values.text(item, "pk").substring(PREFIX.length()),
                URI.create(Values.text(item, "url")),
                new Secret(Values.text(item, "secret")),
                item.containsKey("former") ? new Secret(Values.text(item, "former")) : null,
                Values.time(item, "changedAt"));
    }
}
