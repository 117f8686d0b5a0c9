package doubleeleven.aws.dynamodb;

import doubleeleven.payment.Payment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What listeners are told of a decided payment: a part of its item, so that it can be told again from the item at any time. */
public final class DecidedMessage {
    private static final List<String> OF_PAYMENT = List.of("pk", "attempt", "status", "unit", "colour", "decidedAt");
    private static final List<String> OF_COMMAND =
            List.of("kind", "id", "payer", "merchant", "order", "amount", "currency", "payees", "trace");

    private DecidedMessage() {}

    /** The message of a payment that was read. */
    public static Map<String, Object> of(Payment payment) {
        return of(Schemas.PAYMENT.itemToMap(payment, true));
    }

    public static Map<String, Object> of(Map<String, AttributeValue> item) {
        Map<String, Object> message = new LinkedHashMap<>();
        copy(item, OF_PAYMENT, message);
        AttributeValue command = item.get("command");
        if (command != null) {
            copy(command.m(), OF_COMMAND, message);
        }
        return message;
    }

    private static void copy(Map<String, AttributeValue> from, List<String> names, Map<String, Object> to) {
        for (String name : names) {
            AttributeValue value = from.get(name);
            if (value != null) {
                to.put(name, Document.plain(value));
            }
        }
    }
}
