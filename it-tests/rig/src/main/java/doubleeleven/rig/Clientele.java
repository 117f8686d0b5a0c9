package doubleeleven.rig;

import doubleeleven.aws.Json;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jspecify.annotations.Nullable;

/** Customers and merchants of a world: they open accounts, sign consents and make calls. */
public final class Clientele {
    private static final Duration CONSENT_LASTS = Duration.ofMinutes(10);
    private static final Duration MANDATE_LASTS = Duration.ofDays(365);

    private final World world;

    public Clientele(World world) {
        this.world = world;
    }

    /** A merchant with its API key. */
    public record Shop(String id, String currency, String key) {}

    public Shop openShop(String id, String currency, int buckets) {
        Answer answer = expect(post(
                world.operatorKey(),
                "/merchants",
                null,
                Map.of("merchant", id, "currency", currency, "buckets", buckets)));
        return new Shop(id, currency, answer.text("apiKey"));
    }

    public Customer openCustomer(String id, String currency, long balance) {
        Customer customer = Customer.of(id);
        expect(post(
                world.operatorKey(),
                "/customers",
                null,
                Map.of(
                        "customer", id,
                        "currency", currency,
                        "publicKey", customer.publicKey(),
                        "openingBalance", balance)));
        return customer;
    }

    public void openCoupon(Customer customer, String coupon, String currency, long amount, Instant expiresAt) {
        expect(post(
                world.operatorKey(),
                "/customers/" + customer.id() + "/coupons",
                null,
                Map.of("coupon", coupon, "amount", amount, "currency", currency, "expiresAt", expiresAt.toString())));
    }

    /** The customer lets the shop take so much, in all and at once. */
    public void openMandate(Customer customer, Shop shop, String id, long perPayment, long total) {
        expect(post(
                shop.key(),
                "/customers/" + customer.id() + "/mandates",
                null,
                mandate(customer, shop, id, perPayment, total)));
    }

    /** A mandate that the customer signs. */
    public Map<String, Object> mandate(Customer customer, Shop shop, String id, long perPayment, long total) {
        JwtClaims claims = claims(customer, id, MANDATE_LASTS);
        claims.setStringClaim("use", "mandate");
        claims.setStringClaim("merchant", shop.id());
        claims.setStringClaim("currency", shop.currency());
        claims.setClaim("perPayment", perPayment);
        claims.setClaim("total", total);
        return Map.of("token", customer.sign(claims));
    }

    /** A payment from the balance that the customer signs for now. */
    public Map<String, Object> signed(Customer payer, Shop shop, String order, long amount) {
        return payment(payer, shop, order, amount, consent(payer, shop, order, amount));
    }

    /** The same of an order that several merchants share. */
    public Map<String, Object> shared(
            Customer payer, Shop market, String order, long amount, List<Map<String, Object>> payees) {
        JwtClaims claims = consent(payer, market, order, amount);
        claims.setClaim("payees", payees);
        return Payments.with(payment(payer, market, order, amount, claims), "payees", payees);
    }

    /** A transfer that the customer signs for now. */
    public Map<String, Object> transfer(Customer payer, String payee, String transfer, long amount, String currency) {
        JwtClaims claims = claims(payer, "t-" + transfer, CONSENT_LASTS);
        claims.setStringClaim("use", "transfer");
        claims.setStringClaim("payee", payee);
        claims.setStringClaim("transfer", transfer);
        claims.setClaim("amount", amount);
        claims.setStringClaim("currency", currency);
        return Payments.transfer(payer.id(), payee, transfer, amount, currency, payer.sign(claims));
    }

    private JwtClaims consent(Customer payer, Shop shop, String order, long amount) {
        JwtClaims claims = claims(payer, "c-" + order, CONSENT_LASTS);
        claims.setStringClaim("merchant", shop.id());
        claims.setStringClaim("order", order);
        claims.setClaim("amount", amount);
        claims.setStringClaim("currency", shop.currency());
        return claims;
    }

    private static Map<String, Object> payment(
            Customer payer, Shop shop, String order, long amount, JwtClaims consent) {
        return Payments.payment(payer.id(), order, amount, shop.currency(), Map.of("token", payer.sign(consent)));
    }

    public Answer pay(String region, Shop shop, Map<String, Object> payment, String idempotencyKey) {
        return post(region, shop.key(), "/payments", idempotencyKey, payment);
    }

    public Answer refund(String region, Shop shop, String payment, String refund, long amount, String idempotencyKey) {
        return post(
                region,
                shop.key(),
                "/payments/" + payment + "/refunds",
                idempotencyKey,
                Payments.refund(refund, amount));
    }

    public Answer topUp(String region, Customer customer, String reference, String currency, long amount) {
        return post(
                region,
                world.operatorKey(),
                "/customers/" + customer.id() + "/top-ups",
                reference,
                Map.of("reference", reference, "amount", amount, "currency", currency));
    }

    public Answer get(String region, String key, String path) {
        return world.call(region, "GET", path, headers(key, null), null);
    }

    public Answer post(String region, String key, String path, @Nullable String idempotencyKey, Map<String, ?> body) {
        return world.call(region, "POST", path, headers(key, idempotencyKey), Json.write(body));
    }

    private Answer post(String key, String path, @Nullable String idempotencyKey, Map<String, ?> body) {
        return post(world.topology().regions().getFirst(), key, path, idempotencyKey, body);
    }

    private static Map<String, String> headers(String key, @Nullable String idempotencyKey) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Authorization", "Bearer " + key);
        if (idempotencyKey != null) {
            headers.put("Idempotency-Key", idempotencyKey);
        }
        return headers;
    }

    private JwtClaims claims(Customer customer, String id, Duration lasts) {
        long now = world.course().clock().instant().getEpochSecond();
        JwtClaims claims = customer.claims(lasts);
        claims.setIssuedAt(NumericDate.fromSeconds(now));
        claims.setExpirationTime(NumericDate.fromSeconds(now + lasts.toSeconds()));
        claims.setJwtId(id);
        return claims;
    }

    private static Answer expect(Answer answer) {
        if (answer.status() != 201) {
            throw new IllegalStateException("not opened: " + answer);
        }
        return answer;
    }
}
