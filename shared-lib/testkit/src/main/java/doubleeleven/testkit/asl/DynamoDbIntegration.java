package doubleeleven.testkit.asl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The optimised integration with DynamoDB: what it sends for a task's arguments, and how its errors are named. */
public final class DynamoDbIntegration {
    public static final String GET = "arn:aws:states:::dynamodb:getItem";
    public static final String UPDATE = "arn:aws:states:::dynamodb:updateItem";

    private DynamoDbIntegration() {}

    public static boolean serves(String resource) {
        return resource.equals(GET) || resource.equals(UPDATE);
    }

    /**
     * Sends one call.
     *
     * @throws StateFailed with the error's name as a definition sees it
     */
    public static Object call(DynamoDbClient client, String resource, Map<String, Object> arguments) {
        try {
            return switch (resource) {
                case GET -> answer(client.getItem(get(arguments)));
                case UPDATE -> {
                    client.updateItem(update(arguments));
                    yield Map.of();
                }
                default -> throw new IllegalArgumentException("no such call: " + resource);
            };
        } catch (DynamoDbException e) {
            throw new StateFailed("DynamoDB." + name(e), String.valueOf(e.getMessage()));
        }
    }

    private static String name(DynamoDbException e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? e.getClass().getSimpleName()
                : e.awsErrorDetails().errorCode();
    }

    public static GetItemRequest get(Map<String, Object> arguments) {
        known(arguments, "TableName", "Key", "ConsistentRead");
        return GetItemRequest.builder()
                .tableName(text(arguments, "TableName"))
                .key(attributes(object(arguments.get("Key"))))
                .consistentRead((Boolean) arguments.get("ConsistentRead"))
                .build();
    }

    public static UpdateItemRequest update(Map<String, Object> arguments) {
        known(
                arguments,
                "TableName",
                "Key",
                "UpdateExpression",
                "ConditionExpression",
                "ExpressionAttributeNames",
                "ExpressionAttributeValues");
        Map<String, String> names = new HashMap<>();
        object(arguments.get("ExpressionAttributeNames")).forEach((name, value) -> names.put(name, (String) value));
        return UpdateItemRequest.builder()
                .tableName(text(arguments, "TableName"))
                .key(attributes(object(arguments.get("Key"))))
                .updateExpression(text(arguments, "UpdateExpression"))
                .conditionExpression(text(arguments, "ConditionExpression"))
                .expressionAttributeNames(names)
                .expressionAttributeValues(attributes(object(arguments.get("ExpressionAttributeValues"))))
                .build();
    }

    private static Object answer(GetItemResponse response) {
        return response.hasItem() && !response.item().isEmpty() ? Map.of("Item", typed(response.item())) : Map.of();
    }

    private static void known(Map<String, Object> arguments, String... names) {
        for (String name : arguments.keySet()) {
            if (!List.of(names).contains(name)) {
                throw new IllegalArgumentException("an argument that is not sent here: " + name);
            }
        }
    }

    private static Map<String, AttributeValue> attributes(Map<String, Object> typed) {
        Map<String, AttributeValue> attributes = new HashMap<>();
        typed.forEach((name, value) -> attributes.put(name, attribute(object(value))));
        return attributes;
    }

    /** As strict as the service: a number is written as a text, a list is a list even with one element. */
    private static AttributeValue attribute(Map<String, Object> typed) {
        Map.Entry<String, Object> only = typed.entrySet().iterator().next();
        return switch (only.getKey()) {
            case "S" -> AttributeValue.fromS((String) only.getValue());
            case "N" -> AttributeValue.fromN((String) only.getValue());
            case "BOOL" -> AttributeValue.fromBool((Boolean) only.getValue());
            case "L" ->
                AttributeValue.fromL(((List<?>) only.getValue())
                        .stream().map(each -> attribute(object(each))).toList());
            case "M" -> AttributeValue.fromM(attributes(object(only.getValue())));
            default -> throw new IllegalArgumentException("no such type of attribute: " + only.getKey());
        };
    }

    private static Map<String, Object> typed(Map<String, AttributeValue> attributes) {
        Map<String, Object> typed = new HashMap<>();
        attributes.forEach((name, value) -> typed.put(name, typed(value)));
        return typed;
    }

    private static Object typed(AttributeValue value) {
        return switch (value.type()) {
            case S -> Map.of("S", value.s());
            case N -> Map.of("N", value.n());
            case BOOL -> Map.of("BOOL", value.bool());
            case L ->
                Map.of("L", value.l().stream().map(DynamoDbIntegration::typed).toList());
            case M -> Map.of("M", typed(value.m()));
            default -> throw new IllegalArgumentException("no such type of attribute: " + value.type());
        };
    }

    private static String text(Map<String, Object> part, String field) {
        if (part.get(field) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no text in argument " + field);
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as names
    private static Map<String, Object> object(@Nullable Object object) {
        if (object instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("not an object: " + object);
    }
}
