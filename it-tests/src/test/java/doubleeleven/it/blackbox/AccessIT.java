package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.CURRENCY;
import static doubleeleven.it.blackbox.World.OPERATOR;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Consents;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may do what: API keys, and the payer's consent. */
@Beside
final class AccessIT {
    private static Shop shop;
    private static Payer payer;

    @BeforeAll
    static void open() {
        shop = Shop.open();
        payer = Payer.with(100_000);
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        String id = "00" + "a".repeat(26);

        assertThat(List.of(
                        shop.payment(id),
                        shop.payment("nonsense"),
                        shop.api().get("/refunds/" + id),
                        shop.refund(id, unique("refund"), 1),
                        OPERATOR.get("/customers/" + unique("nobody") + "/accounts"),
                        OPERATOR.get("/merchants/" + unique("nobody") + "/balance")))
                .allSatisfy(answer -> {
                    assertThat(answer.status()).as(answer.text()).isEqualTo(404);
                    assertThat(answer.problem()).isEqualTo("not-found");
                });
    }

    @Test
    void aWrongKeyOrNoneIsRefused() {
        String key = String.valueOf(shop.api().key());
        String tampered = key.substring(0, key.length() - 1) + (key.endsWith("A") ? "B" : "A");
        Map<String, Object> body = shop.payment(payer, unique("order"), 10);

        for (String wrong : new String[] {null, "nonsense", "m0.nonsense", tampered}) {
            Answer answer = shop.api().as(wrong).post("/payments", body, unique("key"));
            assertThat(answer.status()).as(wrong + ": " + answer.text()).isEqualTo(401);
            assertThat(answer.text()).doesNotContain(tampered);
        }
    }

    @Test
    void aMerchantDoesNotActAsOperatorNorAnOperatorAsMerchant() {
        Customer customer = Customer.of(unique("customer"));
        Answer opened = shop.api().post("/customers", customer.opening(CURRENCY, 1_000_000));
        Answer paid = OPERATOR.post("/payments", shop.payment(payer, unique("order"), 10), unique("key"));

        assertThat(opened.status()).as(opened.text()).isEqualTo(403);
        assertThat(paid.status()).as(paid.text()).isEqualTo(403);
        assertThat(OPERATOR.get("/customers/" + customer.id() + "/accounts").status())
                .isEqualTo(404);
    }

    @Test
    void anotherMerchantsPaymentIsNotFound() {
        Answer answer = shop.pay(payer, unique("order"), 10);
        Shop other = Shop.open();

        assertThat(shop.payment(answer.text("id")).status()).isEqualTo(200);
        assertThat(OPERATOR.get("/payments/" + answer.text("id")).status()).isEqualTo(200);
        assertThat(other.payment(answer.text("id")).status()).isEqualTo(404);
        assertThat(other.refund(answer.text("id"), unique("refund"), 1).status())
                .isEqualTo(404);
        assertThat(other.api().get("/merchants/" + shop.id() + "/balance").status())
                .isEqualTo(404);
    }

    @Test
    void onlyThePayersOwnFreshSignatureOfThisVeryOrderIsConsent() {
        Customer me = payer.customer();
        String order = unique("order");
        long before = payer.available();
        Map<String, String> wrong = Map.of(
                "of another customer",
                Payer.with(10).customer().consent(shop.id(), order, 10, CURRENCY),
                "signed by an impostor",
                Customer.impostorOf(me.id()).consent(shop.id(), order, 10, CURRENCY),
                "for another amount",
                me.consent(shop.id(), order, 11, CURRENCY),
                "for another order",
                me.consent(shop.id(), order + "x", 10, CURRENCY),
                "for another merchant",
                me.consent("somebody", order, 10, CURRENCY),
                "for another currency",
                me.consent(shop.id(), order, 10, "EUR"),
                "run out",
                me.sign(claims(me, order, -3600, 600)),
                "of the future",
                me.sign(claims(me, order, 3600, 600)),
                "valid for too long",
                me.sign(claims(me, order, 0, 3600)),
                "not signed at all",
                unsigned(claims(me, order, 0, 600)));

        wrong.forEach((what, token) -> {
            Answer answer =
                    shop.pay(Payments.payment(me.id(), order, 10, CURRENCY, Map.of("token", token)), unique("key"));
            assertThat(answer.status()).as(what + ": " + answer.text()).isEqualTo(403);
            assertThat(answer.problem()).as(what).isEqualTo("consent-refused");
        });

        assertThat(payer.available()).isEqualTo(before);
    }

    @Test
    void aMandatePaysWithinItsLimitsAndNotBeyond() {
        Payer subscriber = Payer.with(10_000);
        Customer customer = subscriber.customer();
        String token = customer.mandate(shop.id(), CURRENCY, 300, 500, "gas");
        String path = "/customers/" + subscriber.id() + "/mandates";
        assertThat(Shop.open().api().post(path, Map.of("token", token)).status())
                .as("a mandate for another merchant")
                .isEqualTo(403);
        Answer given = shop.api().post(path, Map.of("token", token));
        assertThat(given.status()).as(given.text()).isEqualTo(201);

        Answer first = byMandate(shop, subscriber, "gas", 300);
        Answer tooMuchAtOnce = byMandate(shop, subscriber, "gas", 301);
        shop.settled(first.text("id"), "SUCCEEDED");
        Answer tooMuchInAll = byMandate(shop, subscriber, "gas", 201);
        Answer rest = byMandate(shop, subscriber, "gas", 200);
        Answer otherMandate = byMandate(shop, subscriber, "water", 10);
        Answer otherShop = byMandate(Shop.open(), subscriber, "gas", 10);

        assertThat(first.status()).as(first.text()).isEqualTo(201);
        assertThat(tooMuchAtOnce.status()).as(tooMuchAtOnce.text()).isEqualTo(403);
        assertThat(tooMuchInAll.text("outcome")).as(tooMuchInAll.text()).isEqualTo("DECLINED");
        assertThat(rest.status()).as(rest.text()).isEqualTo(201);
        assertThat(otherMandate.status()).as(otherMandate.text()).isEqualTo(403);
        assertThat(otherShop.status()).as(otherShop.text()).isEqualTo(403);
        shop.settled(rest.text("id"), "SUCCEEDED");
        shop.settled(tooMuchInAll.text("id"), "CLOSED");
        assertThat(subscriber.available()).isEqualTo(10_000 - 500);
        assertThat(subscriber.available("MANDATE", "gas")).isZero();
    }

    private static Answer byMandate(Shop merchant, Payer subscriber, String mandate, long amount) {
        String order = unique("order");
        return merchant.pay(Payments.byMandate(subscriber.id(), mandate, order, amount, CURRENCY), "key-" + order);
    }

    private static JwtClaims claims(Customer customer, String order, long issuedInSeconds, long lastsSeconds) {
        JwtClaims claims = Consents.NOW.payment(customer, shop.id(), order, 10, CURRENCY);
        NumericDate issued = NumericDate.now();
        issued.addSeconds(issuedInSeconds);
        NumericDate expires = NumericDate.fromSeconds(issued.getValue() + lastsSeconds);
        claims.setIssuedAt(issued);
        claims.setExpirationTime(expires);
        return claims;
    }

    private static String unsigned(JwtClaims claims) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(claims.toJson().getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(new byte[64]);
    }
}
