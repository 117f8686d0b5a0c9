package doubleeleven.payment.aws;

import doubleeleven.aws.Json;
import doubleeleven.payment.PaymentStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/**
 * A stream record that shows a payment being decided: its status is decided now and was not before. What recovery does to an open
 * payment's due time shows in the stream as well, and is none.
 */
record DecidedRecord(String sequenceNumber, Map<String, Object> message) {
    static Optional<DecidedRecord> of(Map<String, Object> row) {
        Map<String, Object> change = child(row, "dynamodb");
        Map<String, Object> now = child(change, "NewImage");
        String status = value(now, "status");
        if (!isDecided(status) || Objects.equals(status, value(child(change, "OldImage"), "status"))) {
            return Optional.empty();
        }
        Map<String, Object> message = new LinkedHashMap<>();
        for (String name : new String[] {"pk", "attempt", "status", "unit", "colour", "decidedAt"}) {
            putIfThere(message, name, value(now, name));
        }
        Map<String, Object> facts = child(child(now, "command"), "M");
        for (String name : new String[] {"kind", "payer", "merchant", "amount", "currency", "trace"}) {
            putIfThere(message, name, value(facts, name));
        }
        return Optional.of(new DecidedRecord(Json.text(change, "SequenceNumber"), message));
    }

    /** What queues filter on. */
    Map<String, MessageAttributeValue> attributes() {
        Map<String, MessageAttributeValue> attributes = new LinkedHashMap<>();
        for (String name : new String[] {"unit", "colour", "status"}) {
            attributes.put(
                    name,
                    MessageAttributeValue.builder()
                            .dataType("String")
                            .stringValue(Json.text(message, name))
                            .build());
        }
        return attributes;
    }

    private static boolean isDecided(@Nullable String status) {
        return status != null && PaymentStatus.valueOf(status).isDecided();
    }

    private static void putIfThere(Map<String, Object> message, String name, @Nullable String value) {
        if (value != null) {
            boolean number = name.equals("amount") || name.equals("decidedAt");
            message.put(name, number ? Long.valueOf(value) : value);
        }
    }

    private static @Nullable String value(Map<String, Object> attributes, String name) {
        Map<String, Object> typed = child(attributes, name);
        return typed.isEmpty() ? null : (String) typed.values().iterator().next();
    }

    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    private static Map<String, Object> child(Map<String, Object> object, String name) {
        return object.get(name) instanceof Map<?, ?> child ? (Map<String, Object>) child : Map.of();
    }
}
