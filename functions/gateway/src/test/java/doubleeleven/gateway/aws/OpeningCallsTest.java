package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.Accounts.Opening;
import doubleeleven.gateway.ApiKey;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.testkit.LocalTables;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Opening accounts and looking at them. */
class OpeningCallsTest {
    private final long signedAt = Instant.now().getEpochSecond();
    private static Deployment gateway;

    @BeforeAll
    static void deploy() {
        gateway = new Deployment();
        gateway.key("m1", Role.MERCHANT, "m1");
    }

    @AfterAll
    static void remove() {
        gateway.close();
    }

    private static Reply customer(String id, long balance) {
        return gateway.operator("POST", "/customers", """
                {"customer":"%s","currency":"GBP","publicKey":"%s","openingBalance":%d}""".formatted(id, gateway.payer.publicKey(), balance));
    }

    private static Reply merchant(String id, int buckets) {
        return gateway.operator("POST", "/merchants", """
                {"merchant":"%s","currency":"GBP","buckets":%d}""".formatted(id, buckets));
    }

    private static Reply get(String path, String key) {
        return gateway.call("GET", path, null, Map.of("Authorization", "Bearer " + key));
    }

    @Test
    void customerIsOpenedOnceWithItsFirstDeposit() {
        assertThat(customer("c1", 500).status()).isEqualTo(201);
        assertThat(customer("c1", 500).status()).isEqualTo(200);
        assertThat(customer("c1", 501).slug()).isEqualTo("already-opened");

        Fund balance = gateway.accounts.findFund(AccountKey.balanceOf("c1")).orElseThrow();
        assertThat(balance.availableMinor()).isEqualTo(500);
        assertThat(balance.openedMinor()).isEqualTo(500);
        assertThat(balance.holds()).isEmpty();
    }

    @Test
    void openingThatDiedHalfwayIsFinishedByTheNextCall() {
        gateway.accounts.open(new Opening(Fund.open(AccountKey.balanceOf("c2"), CurrencyUnit.GBP, 500), null));

        assertThat(customer("c2", 500).status()).isEqualTo(201);
        assertThat(gateway.accounts.findCustomer("c2")).isPresent();
    }

    @Test
    void anotherKeyForAKnownCustomerIsRefused() {
        customer("c3", 0);
        assertThat(gateway.operator("POST", "/customers", """
                {"customer":"c3","currency":"GBP","publicKey":"%s","openingBalance":0}""".formatted(new Payer().publicKey()))
                        .slug())
                .isEqualTo("already-opened");
    }

    @Test
    void merchantGetsItsKeyOnceAndTheKeyWorks() {
        Reply opened = merchant("shop", 3);
        Reply again = merchant("shop", 3);

        assertThat(opened.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).doesNotContainKey("apiKey");
        assertThat(merchant("shop", 4).slug()).isEqualTo("already-opened");
        assertThat(get("/merchants/shop/balance", opened.text("apiKey")).status())
                .isEqualTo(200);
        assertThat(get("/merchants/other/balance", opened.text("apiKey")).status())
                .isEqualTo(404);
        String id = opened.text("apiKey").substring(0, opened.text("apiKey").indexOf('.'));
        String secret = opened.text("apiKey").substring(id.length() + 1);
        assertThat(gateway.keys.find(id).orElseThrow().hash()).isNotEqualTo(secret);
    }

    @Test
    void storingTheSameKeyAgainIsSuccess() {
        ApiKey key = new ApiKey("twice", "hash", Role.MERCHANT, "m1", Instant.EPOCH, null);

        // As the SDK does where the answer to the first try is lost.
        assertThat(gateway.keys.create(key)).isTrue();
        assertThat(gateway.keys.create(key)).isTrue();

        assertThat(gateway.keys.create(new ApiKey("twice", "other", Role.MERCHANT, "m1", Instant.EPOCH, null)))
                .isFalse();
        assertThat(gateway.keys.find("twice").orElseThrow().hash()).isEqualTo("hash");
    }

    @Test
    void newKeyTakesThePlaceOfTheOldOne() {
        String old = merchant("lost", 1).text("apiKey");
        assertThat(get("/merchants/lost/balance", old).status()).isEqualTo(200);

        Reply reply = gateway.operator("POST", "/merchants/lost/keys", "");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text("merchant")).isEqualTo("lost");
        assertThat(reply.text("apiKey")).isNotEqualTo(old);
        // At once, though the gateway remembers keys for a while.
        assertThat(get("/merchants/lost/balance", reply.text("apiKey")).status())
                .isEqualTo(200);
        assertThat(get("/merchants/lost/balance", old).status()).isEqualTo(401);
        assertThat(merchant("lost", 1).body()).doesNotContainKey("apiKey");
        assertThat(gateway.operator("POST", "/merchants/nobody/keys", "").status())
                .isEqualTo(404);
        assertThat(gateway.call(
                                "POST",
                                "/merchants/lost/keys",
                                null,
                                Map.of("Authorization", "Bearer " + reply.text("apiKey")))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void revokedKeyIsRefused() {
        gateway.key("gone", Role.OPERATOR, null);
        gateway.tables
                .client()
                .updateItem(request -> request.tableName(LocalTables.PLATFORM)
                        .key(Map.of("pk", Values.s("KEY#gone"), "sk", Values.s("KEY")))
                        .updateExpression("SET revokedAt = :now")
                        .expressionAttributeValues(Map.of(":now", Values.n(Instant.now()))));

        Reply reply =
                gateway.call("GET", "/customers/c1/accounts", null, Map.of("Authorization", Deployment.bearer("gone")));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.headers()).containsEntry("WWW-Authenticate", "Bearer");
    }

    @Test
    void couponsAndMandatesAreShownWithTheBalance() {
        customer("c4", 1000);
        String coupon = """
                {"coupon":"WELCOME","amount":200,"currency":"GBP","expiresAt":"2099-01-01T00:00:00Z"}""";
        assertThat(gateway.operator("POST", "/customers/c4/coupons", coupon).status())
                .isEqualTo(201);
        assertThat(gateway.operator("POST", "/customers/c4/coupons", coupon).status())
                .isEqualTo(200);
        assertThat(gateway.operator("POST", "/customers/c4/coupons", coupon.replace("200", "201"))
                        .slug())
                .isEqualTo("already-opened");
        assertThat(gateway.operator("POST", "/customers/c4/coupons", coupon.replace("2099", "2019"))
                        .wrongFields())
                .containsExactly("expiresAt");
        assertThat(mandate("c4", 100).status()).isEqualTo(201);
        assertThat(mandate("c4", 100).status()).isEqualTo(200);
        assertThat(mandate("c4", 101).slug()).isEqualTo("already-opened");

        Reply shown = gateway.operator("GET", "/customers/c4/accounts", "");

        assertThat(Json.objects(shown.body(), "accounts"))
                .extracting(account -> account.get("type") + " " + account.get("available"))
                .containsExactly("BALANCE 1000", "COUPON 200", "MANDATE 1000");
        assertThat(gateway.operator("GET", "/customers/nobody/accounts", "").status())
                .isEqualTo(404);
    }

    private Reply mandate(String customer, long perPayment) {
        String token = gateway.payer.sign(
                Payer.mandateClaims(customer, "sub", "m1", perPayment, 1000, signedAt, signedAt + 90_000_000));
        return gateway.call(
                "POST",
                "/customers/" + customer + "/mandates",
                Json.write(Map.of("token", token)),
                Map.of("Authorization", Deployment.bearer("m1")));
    }

    @Test
    void balanceCountsAnEntryOnceWhetherPostedOrNot() {
        merchant("sum", 2);
        OrderHash order = OrderHash.ofOrder("sum", "1");
        AttemptId attempt = AttemptId.of(order, "k", "f");
        Instant now = Instant.now();
        List<Entry> entries = List.of(
                Entry.of("sum", 0, attempt, now.minusSeconds(600), 10, CurrencyUnit.GBP, order),
                Entry.of("sum", 0, attempt, now.minusSeconds(2), 20, CurrencyUnit.GBP, order),
                Entry.of("sum", 1, attempt, now, 40, CurrencyUnit.GBP, order),
                // Of the years before nothing is read.
                Entry.of("sum", 1, attempt, now.minusSeconds(86_400), 80, CurrencyUnit.GBP, order));
        entries.forEach(entry -> gateway.tables
                .client()
                .putItem(request -> request.tableName(LocalTables.ACCOUNT).item(Schemas.ENTRY.itemToMap(entry, true))));
        gateway.tables
                .client()
                .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(Map.of("pk", Values.s("M#sum#0"), "sk", Values.s("BALANCE")))
                        .updateExpression("SET available = :taken, posting = :keys")
                        .expressionAttributeValues(Map.of(
                                ":taken",
                                Values.n(20),
                                ":keys",
                                AttributeValue.fromL(
                                        List.of(Values.s(entries.get(1).sortKey()))))));

        Reply balance = gateway.operator("GET", "/merchants/sum/balance", "");

        assertThat(balance.number("posted")).isEqualTo(20);
        assertThat(balance.number("unposted")).isEqualTo(50);
    }

    @Test
    void primingReadsAndRunsNothing() {
        gateway.handler().beforeCheckpoint(null);

        assertThat(gateway.aws.executions()).isEmpty();
        assertThat(gateway.aws.messages()).isEmpty();
    }
}
