package doubleeleven.notification.delivery;

import doubleeleven.ids.Fingerprint;
import doubleeleven.payment.Payee;
import doubleeleven.payment.PaymentKind;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one merchant is told of one decision. A decision is never reversed, so it says the same however often and whenever it is told.
 *
 * @param id the same each time, so that a receiver can tell what it has had before
 * @param content what is sent, in the form of Standard Webhooks: {@code type}, {@code timestamp}, {@code data}
 * @param since when it was decided
 */
public record Notification(String id, String merchant, Map<String, Object> content, Instant since, String trace) {
    public Notification {
        // In its order: what is sent is to be the same text each time.
        content = Collections.unmodifiableMap(new LinkedHashMap<>(content));
    }

    /**
     * Tells a merchant.
     *
     * @param shares of those payees that the merchant may know of
     */
    static Notification of(Decision decision, String merchant, List<Payee> shares) {
        boolean refund = decision.kind() == PaymentKind.REFUND;
        String outcome = decision.paid() ? "PAID" : "DECLINED";
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", decision.id().toString());
        data.put("kind", decision.kind().name());
        data.put(refund ? "merchantRefund" : "merchantOrder", decision.order());
        data.put("outcome", outcome);
        data.put("amount", decision.amount().getAmountMinorLong());
        data.put("currency", decision.amount().getCurrencyUnit().getCode());
        data.put("merchant", decision.merchant());
        if (decision.payees().size() > 1) {
            data.put("payees", shares.stream().map(Notification::share).toList());
        }
        data.put("links", Map.of("self", (refund ? "/refunds/" : "/payments/") + decision.id()));
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("type", decision.kind().name().toLowerCase(Locale.ROOT) + "." + outcome.toLowerCase(Locale.ROOT));
        content.put("timestamp", decision.at().toString());
        content.put("data", data);
        return new Notification(
                Fingerprint.of("NOTIFICATION", decision.attempt().value(), merchant),
                merchant,
                content,
                decision.at(),
                decision.trace());
    }

    private static Map<String, Object> share(Payee payee) {
        Map<String, Object> share = new LinkedHashMap<>();
        share.put("merchant", payee.merchant());
        share.put("amount", payee.amountMinor());
        return share;
    }
}
