package doubleeleven.payment.aws;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.DecidedMessage;
import doubleeleven.payment.PaymentStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/**
 * A stream record that shows a payment being decided: its status is decided now and was not before. What recovery does to an open
 * payment's due time shows in the stream as well, and is none.
 */
record DecidedRecord(String sequenceNumber, Map<String, Object> message) {
    static Optional<DecidedRecord> of(Map<String, Object> row) {
        Map<String, Object> change = child(row, "dynamodb");
        Map<String, AttributeValue> now = attributes(child(change, "NewImage"));
        AttributeValue status = now.get("status");
        if (status == null
                || !PaymentStatus.valueOf(status.s()).isDecided()
                || status.equals(attributes(child(change, "OldImage")).get("status"))) {
            return Optional.empty();
        }
        return Optional.of(new DecidedRecord(Json.text(change, "SequenceNumber"), DecidedMessage.of(now)));
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

    /** An image's texts, numbers and maps: no message holds anything else. */
    private static Map<String, AttributeValue> attributes(Map<String, Object> image) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        for (String name : image.keySet()) {
            Map<String, Object> typed = child(image, name);
            if (typed.get("S") instanceof String text) {
                attributes.put(name, AttributeValue.fromS(text));
            } else if (typed.get("N") instanceof String number) {
                attributes.put(name, AttributeValue.fromN(number));
            } else if (typed.containsKey("M")) {
                attributes.put(name, AttributeValue.fromM(attributes(child(typed, "M"))));
            }
        }
        return attributes;
    }

    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    private static Map<String, Object> child(Map<String, Object> object, String name) {
        return object.get(name) instanceof Map<?, ?> child ? (Map<String, Object>) child : Map.of();
    }
}
