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

    private static Map<String, AttributeValue> attributes(Map<String, Object> image) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        for (String name : image.keySet()) {
            attribute(child(image, name)).ifPresent(value -> attributes.put(name, value));
        }
        return attributes;
    }

    /** A text, a number, a list or a map: no message holds anything else. */
    private static Optional<AttributeValue> attribute(Map<String, Object> typed) {
        if (typed.get("S") instanceof String text) {
            return Optional.of(AttributeValue.fromS(text));
        }
        if (typed.get("N") instanceof String number) {
            return Optional.of(AttributeValue.fromN(number));
        }
        if (typed.containsKey("M")) {
            return Optional.of(AttributeValue.fromM(attributes(child(typed, "M"))));
        }
        if (typed.containsKey("L")) {
            return Optional.of(AttributeValue.fromL(Json.objects(typed, "L").stream()
                    .flatMap(each -> attribute(each).stream())
                    .toList()));
        }
        return Optional.empty();
    }

    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    private static Map<String, Object> child(Map<String, Object> object, String name) {
        return object.get(name) instanceof Map<?, ?> child ? (Map<String, Object>) child : Map.of();
    }
}
