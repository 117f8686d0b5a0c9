package doubleeleven.notification.aws;

import doubleeleven.aws.Json;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.PaymentId;
import doubleeleven.notification.delivery.Decision;
import doubleeleven.notification.delivery.Notification;
import doubleeleven.payment.Payee;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

/**
 * A {@link doubleeleven.aws.dynamodb.DecidedMessage} as it lies in the queue, with the merchants that are still to be told where some were
 * told before.
 */
final class DecisionMessage {
    private static final String TO = "to";

    private DecisionMessage() {}

    /**
     * Whom the message is still to tell, and what.
     *
     * @throws RuntimeException where it is no such message
     */
    static List<Notification> read(Map<String, Object> body) {
        if (!body.containsKey("kind")) {
            // Recovery aborted an attempt of which it knew only that it held something: nobody asked for it by name.
            return List.of();
        }
        List<Notification> all = decision(body).notifications();
        if (!body.containsKey(TO)) {
            return all;
        }
        List<String> to = Json.texts(body, TO);
        return all.stream().filter(each -> to.contains(each.merchant())).toList();
    }

    /** The same message for those alone. */
    static Map<String, Object> to(Map<String, Object> body, List<Notification> left) {
        Map<String, Object> narrowed = new LinkedHashMap<>(body);
        narrowed.put(TO, left.stream().map(Notification::merchant).toList());
        return narrowed;
    }

    private static Decision decision(Map<String, Object> body) {
        String id = Json.text(body, "id");
        return new Decision(
                new AttemptId(Json.text(body, "attempt")),
                PaymentId.parse(id).orElseThrow(() -> new IllegalArgumentException("not a payment id: " + id)),
                PaymentKind.valueOf(Json.text(body, "kind")),
                PaymentStatus.valueOf(Json.text(body, "status")).isPaid(),
                Json.text(body, "order"),
                Json.text(body, "merchant"),
                Money.ofMinor(CurrencyUnit.of(Json.text(body, "currency")), Json.integer(body, "amount")),
                Json.objects(body, "payees").stream()
                        .map(payee -> new Payee(
                                Json.text(payee, "merchant"),
                                Math.toIntExact(Json.integer(payee, "bucket")),
                                Json.integer(payee, "amount")))
                        .toList(),
                Instant.ofEpochMilli(Json.integer(body, "decidedAt")),
                Json.text(body, "trace"));
    }
}
