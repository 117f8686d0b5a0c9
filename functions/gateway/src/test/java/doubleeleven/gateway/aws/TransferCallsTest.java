package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.ids.Shard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transfers between customers, from API Gateway's event to its response. */
class TransferCallsTest {
    private static Deployment gateway;
    private final List<Map<String, Object>> inputs = new ArrayList<>();

    @BeforeAll
    static void deploy() {
        gateway = new Deployment();
        open("14911", "GBP");
        open("12748", "GBP");
        open("euro", "EUR");
        gateway.operator("POST", "/merchants", """
                {"merchant":"m1","currency":"GBP","buckets":1}""");
        gateway.key("m1", Role.MERCHANT, "m1");
    }

    private static void open(String customer, String currency) {
        gateway.operator("POST", "/customers", """
                {"customer":"%s","currency":"%s","publicKey":"%s","openingBalance":1000}""".formatted(customer, currency, gateway.payer.publicKey()));
    }

    @AfterAll
    static void remove() {
        gateway.close();
    }

    @BeforeEach
    void paying() {
        gateway.aws.forget();
        gateway.aws.workflow((arn, input) -> {
            inputs.add(input);
            Workflow.store(gateway.tables, input, "COMMITTED", Map.of());
            return Workflow.answer(input, "PAID");
        });
    }

    private static String token(String payee, String transfer, long amount, String currency) {
        long now = Instant.now().getEpochSecond();
        return gateway.payer.sign(Payer.transferClaims("14911", payee, transfer, amount, currency, now, now + 600));
    }

    private static Map<String, Object> body(String transfer, String payee, long amount) {
        return body(transfer, payee, amount, "GBP", token(payee, transfer, amount, "GBP"));
    }

    private static Map<String, Object> body(String transfer, String payee, long amount, String currency, String token) {
        return new HashMap<>(Map.of(
                "transfer",
                transfer,
                "payer",
                "14911",
                "payee",
                payee,
                "amount",
                amount,
                "currency",
                currency,
                "consent",
                Map.of("token", token)));
    }

    private static Reply transfer(Map<String, Object> body, String key) {
        return gateway.call(
                "POST",
                "/transfers",
                Json.write(body),
                Map.of("Authorization", Deployment.bearer("operator"), "Idempotency-Key", key));
    }

    private static Reply get(String path, String caller) {
        return gateway.call("GET", path, null, Map.of("Authorization", Deployment.bearer(caller)));
    }

    @Test
    void aTransferHoldsThePayersBalanceAndAnnouncesTheCreditToThePayees() {
        Reply reply = transfer(body("t1", "12748", 300), "k1");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.headers()).containsEntry("Location", "/transfers/" + reply.text("id"));
        assertThat(reply.body())
                .containsEntry("kind", "TRANSFER")
                .containsEntry("transfer", "t1")
                .containsEntry("payer", "14911")
                .containsEntry("payee", "12748")
                .doesNotContainKey("merchant");
        String payer = Shard.of("14911").toString();
        assertThat(reply.text("id")).startsWith(payer);
        assertThat(Json.objects(inputs.getFirst(), "branches"))
                .extracting(branch -> branch.get("kind") + " " + branch.get("pk") + " " + branch.get("sk") + " "
                        + branch.get("amount"))
                .containsExactly(
                        "DEBIT " + payer + "#C#14911 BALANCE 300",
                        "CREDIT " + Shard.of("12748") + "#C#12748 BALANCE 300");
        assertThat(Workflow.command(inputs.getFirst()))
                .containsEntry("kind", "TRANSFER")
                .containsEntry("consent", Map.of("kind", "TOKEN", "id", "consent-t1"))
                .doesNotContainKey("payees");
    }

    @Test
    void anOperatorSeesATransferUnderItsOwnAddressOnlyAndAMerchantNowhere() {
        String id = transfer(body("t2", "12748", 300), "k1").text("id");

        Reply shown = get("/transfers/" + id, "operator");
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.text("payee")).isEqualTo("12748");
        assertThat(get("/payments/" + id, "operator").status()).isEqualTo(404);
        assertThat(get("/refunds/" + id, "operator").status()).isEqualTo(404);
        assertThat(get("/payments/" + id, "m1").status()).isEqualTo(404);
        assertThat(get("/transfers/" + id, "m1").status()).isEqualTo(403);
    }

    @Test
    void theTimelineTellsThePayeesBalanceFromThePayers() {
        String payer = Shard.of("14911") + "#C#14911/BALANCE";
        String payee = Shard.of("12748") + "#C#12748/BALANCE";
        gateway.aws.workflow((arn, input) -> {
            long at = Json.integer(Workflow.payment(input), "claimedAt");
            Workflow.store(
                    gateway.tables,
                    input,
                    "COMMITTED",
                    Map.of(
                            "tried",
                            List.of(
                                    Map.of("account", payer, "outcome", "HELD", "at", at),
                                    Map.of("account", payee, "outcome", "HELD", "at", at))));
            return Workflow.answer(input, "PAID");
        });
        String id = transfer(body("t3", "12748", 300), "k1").text("id");

        assertThat(Json.objects(get("/transfers/" + id, "operator").body(), "timeline"))
                .filteredOn(step -> "HOLD".equals(step.get("step")))
                .extracting(step -> step.get("account"))
                .containsExactly("BALANCE", "PAYEE");
    }

    @Test
    void aTransferIsNotRefundable() {
        String id = transfer(body("t4", "12748", 300), "k1").text("id");

        Reply reply = gateway.call(
                "POST",
                "/payments/" + id + "/refunds",
                """
                {"merchantRefund":"R1","amount":1}""",
                Map.of("Authorization", Deployment.bearer("m1"), "Idempotency-Key", "k1"));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(inputs).hasSize(1);
    }

    @Test
    void onlyAnOperatorTransfers() {
        Reply reply = gateway.call(
                "POST",
                "/transfers",
                Json.write(body("t5", "12748", 300)),
                Map.of("Authorization", Deployment.bearer("m1"), "Idempotency-Key", "k1"));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(inputs).isEmpty();
    }

    @Test
    void eachFieldThatIsWrongIsNamed() {
        assertThat(transfer(body("t6", "14911", 300), "k1").wrongFields()).containsExactly("payee");
        assertThat(transfer(body("t6", "nobody", 300), "k1").wrongFields()).containsExactly("payee");
        assertThat(transfer(body("t6", "euro", 300), "k1").wrongFields()).containsExactly("currency");
        Map<String, Object> body = body("t6", "12748", 300);
        body.put("payer", "nobody");
        assertThat(transfer(body, "k1").wrongFields()).containsExactly("payer");
        assertThat(inputs).isEmpty();
    }

    @Test
    void thePayersTokenCoversThisVeryTransferAndNothingElse() {
        String order = gateway.payer.sign(orderClaims("t7", 300));
        for (String token : List.of(
                token("euro", "t7", 300, "GBP"),
                token("12748", "t8", 300, "GBP"),
                token("12748", "t7", 301, "GBP"),
                token("12748", "t7", 300, "EUR"),
                new Payer().sign(Payer.transferClaims("14911", "12748", "t7", 300, "GBP", now(), now() + 600)),
                order)) {
            assertThat(transfer(body("t7", "12748", 300, "GBP", token), "k1").slug())
                    .isEqualTo("consent-refused");
        }
        assertThat(inputs).isEmpty();
    }

    @Test
    void aTokenForATransferPaysNoOrder() {
        Map<String, Object> payment = Map.of(
                "merchantOrder", "t8",
                "payer", "14911",
                "amount", 300,
                "currency", "GBP",
                "consent", Map.of("token", token("m1", "t8", 300, "GBP")));

        Reply reply = gateway.call(
                "POST",
                "/payments",
                Json.write(payment),
                Map.of("Authorization", Deployment.bearer("m1"), "Idempotency-Key", "k1"));

        assertThat(reply.slug()).isEqualTo("consent-refused");
    }

    @Test
    void aRetryIsTheSameAttemptAndASecondTransferOfTheNumberIsRefused() {
        Reply first = transfer(body("t9", "12748", 300), "k1");
        gateway.aws.workflow((arn, input) -> {
            inputs.add(input);
            return Workflow.answer(input, "CONFLICT", "ORDER_PAID");
        });

        Reply again = transfer(body("t9", "12748", 300), "k1");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text("id")).isEqualTo(first.text("id"));
        assertThat(Workflow.payment(inputs.get(1)).get("attempt"))
                .isEqualTo(Workflow.payment(inputs.get(0)).get("attempt"));
        assertThat(transfer(body("t9", "12748", 301), "k1").slug()).isEqualTo("idempotency-key-reused");
        assertThat(transfer(body("t9", "12748", 300), "k2").slug()).isEqualTo("order-already-paid");
    }

    @Test
    void aRepetitionAfterTheTokenRanOutGetsTheStoredOutcome() {
        Reply first = transfer(body("t10", "12748", 300), "k1");
        String expired = gateway.payer.sign(
                Payer.transferClaims("14911", "12748", "t10", 300, "GBP", now() - 3600, now() - 3000));

        Reply again = transfer(body("t10", "12748", 300, "GBP", expired), "k1");

        assertThat(again.text("id")).isEqualTo(first.text("id"));
        assertThat(inputs).hasSize(1);
        assertThat(transfer(body("t11", "12748", 300, "GBP", expired), "k1").slug())
                .isEqualTo("consent-refused");
    }

    private static String orderClaims(String order, long amount) {
        return Payer.orderClaims("14911", "12748", order, amount, "GBP", now(), now() + 600);
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }
}
