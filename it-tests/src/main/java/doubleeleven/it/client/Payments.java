package doubleeleven.it.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bodies of the calls that move money. */
public final class Payments {
    private Payments() {}

    /** A payment that the customer signs for, from their balance. */
    public static Map<String, Object> signed(
            Customer payer, String merchant, String order, long amount, String currency) {
        return payment(
                payer.id(), order, amount, currency, Map.of("token", payer.consent(merchant, order, amount, currency)));
    }

    public static Map<String, Object> byMandate(
            String payer, String mandate, String order, long amount, String currency) {
        return payment(payer, order, amount, currency, Map.of("mandate", mandate));
    }

    public static Map<String, Object> payment(
            String payer, String order, long amount, String currency, Map<String, Object> consent) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("merchantOrder", order);
        body.put("payer", payer);
        body.put("amount", amount);
        body.put("currency", currency);
        body.put("consent", consent);
        return body;
    }

    /** The same payment with a part taken from a coupon. */
    public static Map<String, Object> withCoupon(Map<String, Object> payment, String coupon, long couponAmount) {
        long amount = ((Number) payment.getOrDefault("amount", 0L)).longValue();
        List<Map<String, Object>> sources = new ArrayList<>();
        sources.add(Map.of("type", "COUPON", "coupon", coupon, "amount", couponAmount));
        if (amount > couponAmount) {
            sources.add(Map.of("type", "BALANCE", "amount", amount - couponAmount));
        }
        Map<String, Object> body = new LinkedHashMap<>(payment);
        body.put("sources", sources);
        return body;
    }

    /** What one of several merchants gets. */
    public static Map<String, Object> share(String merchant, long amount) {
        Map<String, Object> share = new LinkedHashMap<>();
        share.put("merchant", merchant);
        share.put("amount", amount);
        return share;
    }

    /** A payment to several merchants that the customer signs for, of the sum of their shares. */
    public static Map<String, Object> shared(
            Customer payer, String merchant, String order, String currency, List<Map<String, Object>> payees) {
        long amount = payees.stream()
                .mapToLong(share -> ((Number) share.getOrDefault("amount", 0L)).longValue())
                .sum();
        String token = payer.consent(merchant, order, amount, currency, payees);
        return with(payment(payer.id(), order, amount, currency, Map.of("token", token)), "payees", payees);
    }

    /** A body with one field more, or another one. */
    public static Map<String, Object> with(Map<String, Object> body, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(body);
        changed.put(name, value);
        return changed;
    }

    /** A body with the consent of another one. */
    public static Map<String, Object> consentOf(Map<String, Object> body, Map<String, Object> other) {
        return with(body, "consent", other.getOrDefault("consent", Map.of()));
    }

    /** A transfer that the customer signs for. */
    public static Map<String, Object> transfer(
            Customer payer, String payee, String transfer, long amount, String currency) {
        return transfer(
                payer.id(), payee, transfer, amount, currency, payer.transfer(payee, transfer, amount, currency));
    }

    public static Map<String, Object> transfer(
            String payer, String payee, String transfer, long amount, String currency, String token) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("transfer", transfer);
        body.put("payer", payer);
        body.put("payee", payee);
        body.put("amount", amount);
        body.put("currency", currency);
        body.put("consent", Map.of("token", token));
        return body;
    }

    /** A refund by one of several payees. */
    public static Map<String, Object> refund(String merchantRefund, String payee, long amount) {
        return with(refund(merchantRefund, amount), "merchant", payee);
    }

    public static Map<String, Object> refund(String merchantRefund, long amount) {
        return Map.of("merchantRefund", merchantRefund, "amount", amount);
    }
}
