package doubleeleven.rig;

import doubleeleven.aws.Json;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Consents;
import doubleeleven.it.client.Credit;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/** Customers and merchants of a world: they open accounts, sign consents and make calls. */
public final class Clientele {
    private final World world;
    private final Consents consents;

    public Clientele(World world) {
        this.world = world;
        this.consents = new Consents(world.course().clock(), UnaryOperator.identity());
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

    /** Has the shop told what becomes of its payments. */
    public void wantNotifications(Shop shop) {
        expect(post(
                shop.key(),
                "/merchants/" + shop.id() + "/notification-endpoint",
                null,
                Map.of("url", "https://" + shop.id() + ".example")));
    }

    public Customer openCustomer(String id, String currency, long balance) {
        Customer customer = Customer.of(id);
        expect(post(world.operatorKey(), "/customers", null, customer.opening(currency, balance)));
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
        return Map.of(
                "token", customer.sign(consents.mandate(customer, shop.id(), shop.currency(), perPayment, total, id)));
    }

    /** A payment from the balance that the customer signs for now. */
    public Map<String, Object> signed(Customer payer, Shop shop, String order, long amount) {
        return payment(payer, shop, order, amount, consents.payment(payer, shop.id(), order, amount, shop.currency()));
    }

    /** The same of an order that several merchants share. */
    public Map<String, Object> shared(
            Customer payer, Shop market, String order, long amount, List<Map<String, Object>> payees) {
        JwtClaims claims = consents.shared(payer, market.id(), order, amount, market.currency(), payees);
        return Payments.with(payment(payer, market, order, amount, claims), "payees", payees);
    }

    /** A transfer that the customer signs for now. */
    public Map<String, Object> transfer(Customer payer, String payee, String transfer, long amount, String currency) {
        String token = payer.sign(consents.transfer(payer, payee, transfer, amount, currency));
        return Payments.transfer(payer.id(), payee, transfer, amount, currency, token);
    }

    /** A payment of which the customer borrows a part, signed for now. */
    public Map<String, Object> onCredit(Customer payer, Shop shop, String order, long amount, Consents.Credit credit) {
        return Credit.payment(consents, payer, shop.id(), order, amount, shop.currency(), credit);
    }

    /** An application for a line of credit that the customer signs for now. */
    public Map<String, Object> application(
            Customer customer, String application, long limit, String currency, Map<String, Object> applicant) {
        return Credit.application(consents, customer, application, limit, currency, applicant);
    }

    /** A repayment that the customer signs for now. */
    public Map<String, Object> repayment(Customer customer, String repayment, long amount, String currency) {
        return Credit.repayment(consents, customer, repayment, amount, currency);
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

    public Answer delete(String region, String key, String path) {
        return world.call(region, "DELETE", path, headers(key, null), null);
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

    private static Answer expect(Answer answer) {
        if (answer.status() != 201) {
            throw new IllegalStateException("not opened: " + answer);
        }
        return answer;
    }
}
