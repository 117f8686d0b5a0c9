package doubleeleven.notification.delivery;

import doubleeleven.ids.AttemptId;
import doubleeleven.ids.PaymentId;
import doubleeleven.payment.Payee;
import doubleeleven.payment.PaymentKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.joda.money.Money;

/**
 * What became of an attempt, as whoever decided it tells.
 *
 * @param paid whether it was committed
 * @param order the merchant's order number, or its refund number
 * @param merchant whose number that is
 * @param trace W3C {@code traceparent} of the payment
 */
public record Decision(
        AttemptId attempt,
        PaymentId id,
        PaymentKind kind,
        boolean paid,
        String order,
        String merchant,
        Money amount,
        List<Payee> payees,
        Instant at,
        String trace) {
    public Decision {
        payees = List.copyOf(payees);
    }

    /**
     * Who is told, and what: the merchant that asked, and of what is paid each of its payees, its own share. Of what moves between customers,
     * and of money from outside, no merchant is.
     */
    public List<Notification> notifications() {
        if (kind != PaymentKind.PAYMENT && kind != PaymentKind.REFUND) {
            return List.of();
        }
        List<Notification> all = new ArrayList<>();
        all.add(Notification.of(this, merchant, payees));
        if (paid) {
            payees.stream()
                    .filter(payee -> !payee.merchant().equals(merchant))
                    .forEach(payee -> all.add(Notification.of(this, payee.merchant(), List.of(payee))));
        }
        return all;
    }
}
