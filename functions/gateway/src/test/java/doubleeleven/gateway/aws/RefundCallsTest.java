package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.Entry;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.testkit.LocalTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Refunds and top-ups, from API Gateway's event to its response. */
class RefundCallsTest {
    private static final List<Map<String, Object>> BOTH = List.of(
            Map.of("type", "COUPON", "coupon", "WELCOME", "amount", 234), Map.of("type", "BALANCE", "amount", 1000));
    private static Deployment gateway;
    private final List<Map<String, Object>> inputs = new ArrayList<>();

    @BeforeAll
    static void deploy() {
        gateway = new Deployment();
        gateway.operator("POST", "/customers", """
                {"customer":"14911","currency":"GBP","publicKey":"%s","openingBalance":100000}""".formatted(gateway.payer.publicKey()));
        gateway.operator("POST", "/merchants", """
                {"merchant":"m1","currency":"GBP","buckets":3}""");
        gateway.key("m1", Role.MERCHANT, "m1");
        gateway.key("m2", Role.MERCHANT, "m2");
    }

    @AfterAll
    static void remove() {
        gateway.close();
    }

    @BeforeEach
    void balances() {
        balance(0, 100);
        balance(1, 5000);
        balance(2, 700);
        gateway.aws.forget();
        paying();
    }

    private void paying() {
        gateway.aws.workflow((arn, input) -> {
            inputs.add(input);
            return Workflow.answer(input, "PAID");
        });
    }

    private static void balance(int bucket, long available) {
        gateway.tables
                .client()
                .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(Map.of("pk", Values.s("M#m1#" + bucket), "sk", Values.s("BALANCE")))
                        .updateExpression("SET available = :available")
                        .expressionAttributeValues(Map.of(":available", Values.n(available))));
    }

    /** Leaves the credit of a payment that no posting has taken into the balance yet. */
    private static Entry credit(int bucket, long amount, String order) {
        OrderHash hash = OrderHash.ofOrder("m1", order);
        Entry entry =
                Entry.of("m1", bucket, AttemptId.of(hash, "k", "f"), Instant.now(), amount, CurrencyUnit.GBP, hash);
        gateway.tables
                .client()
                .putItem(request -> request.tableName(LocalTables.ACCOUNT).item(Schemas.ENTRY.itemToMap(entry, true)));
        return entry;
    }

    private static void remove(Entry entry) {
        gateway.tables
                .client()
                .deleteItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(Map.of("pk", Values.s(entry.partition()), "sk", Values.s(entry.sortKey()))));
    }

    /** Lets another refund hold a part of what is left of the payment. */
    private static void hold(String payment, long amount, Instant due) {
        gateway.tables
                .client()
                .updateItem(request -> request.tableName(LocalTables.PAYMENT)
                        .key(Map.of("pk", Values.s(payment.substring(2))))
                        .updateExpression("SET available = available - :amount, holds.#attempt = :hold")
                        .expressionAttributeNames(Map.of("#attempt", "z".repeat(26)))
                        .expressionAttributeValues(Map.of(
                                ":amount",
                                Values.n(amount),
                                ":hold",
                                AttributeValue.fromM(Map.of(
                                        "amount", Values.n(amount),
                                        "order", Values.s("y".repeat(26)),
                                        "due", Values.n(due))))));
    }

    /** Pays an order and leaves its item in that status; answers the payment's id. */
    private String paid(String order, List<Map<String, Object>> sources, String status, long available) {
        long now = Instant.now().getEpochSecond();
        gateway.aws.workflow((arn, input) -> {
            Map<String, Object> more = new HashMap<>();
            if (status.equals("SUCCEEDED")) {
                more.put("available", available);
                more.put("currency", "GBP");
                more.put("holds", Map.of());
                more.put("finished", Map.of());
            }
            Workflow.store(gateway.tables, input, status, more);
            return Workflow.answer(input, "PAID");
        });
        Reply reply = gateway.call(
                "POST",
                "/payments",
                Json.write(Map.of(
                        "merchantOrder",
                        order,
                        "payer",
                        "14911",
                        "amount",
                        1234,
                        "currency",
                        "GBP",
                        "sources",
                        sources,
                        "consent",
                        Map.of(
                                "token",
                                gateway.payer.sign(
                                        Payer.orderClaims("14911", "m1", order, 1234, "GBP", now, now + 600))))),
                Map.of("Authorization", Deployment.bearer("m1"), "Idempotency-Key", "pay"));
        paying();
        return reply.text("id");
    }

    private static Reply refund(String payment, String number, long amount, String key, String caller) {
        return gateway.call(
                "POST",
                "/payments/" + payment + "/refunds",
                Json.write(Map.of("merchantRefund", number, "amount", amount)),
                Map.of("Authorization", Deployment.bearer(caller), "Idempotency-Key", key));
    }

    private static List<String> branches(Map<String, Object> input) {
        return Json.objects(input, "branches").stream()
                .map(branch -> branch.get("kind") + " "
                        + branch.getOrDefault("pk", "").toString().replaceFirst("^[0-9]{2}#C", "C") + "/"
                        + branch.getOrDefault("sk", "-") + " " + branch.get("amount"))
                .toList();
    }

    @Test
    void refundHoldsTheRestTakesFromTheFullestBucketAndGivesBackFromTheTop() {
        String payment = paid("r1", BOTH, "SUCCEEDED", 1234);
        String order = payment.substring(2);

        Reply reply = refund(payment, "R1", 1100, "k1", "m1");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text("kind")).isEqualTo("REFUND");
        assertThat(reply.text("merchantRefund")).isEqualTo("R1");
        assertThat(reply.headers()).containsEntry("Location", "/refunds/" + reply.text("id"));
        assertThat(reply.body().get("links").toString()).contains("/payments/" + payment);
        assertThat(branches(inputs.getFirst()))
                .containsExactly(
                        "REFUNDABLE " + order + "/- 1100",
                        "DEBIT M#m1#1/BALANCE 1100",
                        "CREDIT C#14911/COUPON#WELCOME 100",
                        "CREDIT C#14911/BALANCE 1000");
        assertThat(Json.objects(inputs.getFirst(), "branches").getFirst())
                .containsEntry("cap", 1)
                .containsEntry("floor", 1234)
                .containsEntry("ceiling", 1234)
                .doesNotContainKey("sk");
        assertThat(Workflow.command(inputs.getFirst())).containsEntry("original", order);
    }

    @Test
    void refundOfOneSourceNeedsNoCeiling() {
        String payment = paid("r2", List.of(Map.of("type", "BALANCE", "amount", 1234)), "SUCCEEDED", 1000);

        refund(payment, "R1", 10, "k1", "m1");

        assertThat(Json.objects(inputs.getFirst(), "branches").getFirst())
                .containsEntry("cap", 32)
                .containsEntry("floor", 10)
                .containsEntry("ceiling", 9_007_199_254_740_991L);
    }

    @Test
    void severalBucketsPayTogetherAndTooLittleIsLeftToTheHold() {
        String payment = paid("r3", BOTH, "SUCCEEDED", 1234);
        balance(1, 600);

        refund(payment, "R1", 1234, "k1", "m1");
        balance(1, 0);
        refund(payment, "R2", 1234, "k2", "m1");

        assertThat(branches(inputs.get(0)))
                .contains("DEBIT M#m1#2/BALANCE 700", "DEBIT M#m1#1/BALANCE 534")
                .noneMatch(branch -> branch.startsWith("DEBIT M#m1#0"));
        assertThat(branches(inputs.get(1))).contains("DEBIT M#m1#2/BALANCE 1234");
    }

    @Test
    void refundOfTakingsThatAreNotPostedYetIsNotDeclinedForGood() {
        String payment = paid("r9", BOTH, "SUCCEEDED", 1234);
        balance(0, 10);
        balance(1, 0);
        balance(2, 20);
        List<Entry> credits = List.of(credit(1, 700, "c1"), credit(2, 504, "c2"));

        Reply reply = refund(payment, "R1", 1234, "k1", "m1");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("payee-not-posted");
        assertThat(reply.headers()).containsEntry("Retry-After", "1");
        assertThat(inputs).isEmpty();
        credits.forEach(RefundCallsTest::remove);
        refund(payment, "R1", 1234, "k1", "m1");
        assertThat(inputs).hasSize(1);
    }

    @Test
    void refundsAreSpreadOverTheBucketsThatSufficeAlone() {
        String payment = paid("r10", BOTH, "SUCCEEDED", 1234);
        balance(0, 4000);

        for (int i = 0; i < 20; i++) {
            refund(payment, "R" + i, 800, "k1", "m1");
        }

        assertThat(inputs.stream()
                        .flatMap(input -> branches(input).stream())
                        .filter(branch -> branch.startsWith("DEBIT"))
                        .distinct())
                .containsExactlyInAnyOrder("DEBIT M#m1#0/BALANCE 800", "DEBIT M#m1#1/BALANCE 800");
    }

    @Test
    void refundWaitsWhileAnotherMakesItsShareUncertain() {
        String several = paid("r11", BOTH, "SUCCEEDED", 1234);
        hold(several, 100, Instant.now().plusSeconds(20));

        Reply reply = refund(several, "R2", 200, "k1", "m1");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("refund-in-flight");
        assertThat(reply.headers()).containsEntry("Retry-After", "1");
        assertThat(inputs).isEmpty();
        assertThat(gateway.aws.messages()).isEmpty();
        // It exceeds what is left, whatever becomes of the other.
        String partly = paid("r15", BOTH, "SUCCEEDED", 300);
        hold(partly, 100, Instant.now().plusSeconds(20));
        refund(partly, "R2", 301, "k1", "m1");
        assertThat(inputs).hasSize(1);
        inputs.clear();

        String one = paid("r12", List.of(Map.of("type", "BALANCE", "amount", 1234)), "SUCCEEDED", 1234);
        hold(one, 100, Instant.now().plusSeconds(20));
        assertThat(refund(one, "R2", 1134, "k1", "m1").status()).isEqualTo(201);
        assertThat(refund(one, "R3", 1135, "k1", "m1").slug()).isEqualTo("refund-in-flight");
        assertThat(inputs).hasSize(1);
    }

    @Test
    void refundThatAHoldFromLongAgoKeepsWaitingHasItSettled() {
        String payment = paid("r13", BOTH, "SUCCEEDED", 1234);
        hold(payment, 100, Instant.now().minusSeconds(120));

        assertThat(refund(payment, "R2", 200, "k1", "m1").slug()).isEqualTo("refund-in-flight");

        assertThat(gateway.aws.messages()).hasSize(1);
        assertThat(gateway.aws.messages().getFirst())
                .containsEntry("why", "RECLAIM")
                .containsEntry("pk", "y".repeat(26))
                .containsEntry("attempt", "z".repeat(26))
                .containsEntry(
                        "branches", List.of(Map.of("kind", "REFUNDABLE", "pk", payment.substring(2), "amount", 100)));
    }

    @Test
    void refundThatAnotherAttemptIsAtWorkOnMayBeAskedForAgainWithTheSameKey() {
        String payment = paid("r14", BOTH, "SUCCEEDED", 1234);
        gateway.aws.workflow((arn, input) -> {
            inputs.add(input);
            Workflow.store(gateway.tables, input, "ABORTED", Map.of());
            return Workflow.answer(input, "DECLINED", "INSUFFICIENT_FUNDS");
        });
        refund(payment, "R1", 500, "k1", "m1");

        Reply busy = refund(payment, "R1", 500, "k2", "m1");

        assertThat(busy.slug()).isEqualTo("order-in-flight");
        assertThat(busy.text("detail")).contains("same idempotency key");
        assertThat(busy.headers()).containsEntry("Retry-After", "1");
        assertThat(inputs).hasSize(1);
    }

    @Test
    void refundIsPlannedAgainButNeverRunTwice() {
        String payment = paid("r4", BOTH, "SUCCEEDED", 1234);
        gateway.aws.workflow((arn, input) -> {
            inputs.add(input);
            Workflow.store(gateway.tables, input, "SUCCEEDED", Map.of());
            return Workflow.answer(input, "PAID");
        });
        Reply first = refund(payment, "R1", 500, "k1", "m1");
        balance(1, 0);

        Reply second = refund(payment, "R1", 500, "k1", "m1");

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.text("id")).isEqualTo(first.text("id"));
        assertThat(inputs).hasSize(1);
        assertThat(refund(payment, "R1", 501, "k1", "m1").slug()).isEqualTo("idempotency-key-reused");
        assertThat(refund(payment, "R1", 500, "k2", "m1").slug()).isEqualTo("order-already-paid");
        Reply shown = gateway.call(
                "GET", "/refunds/" + first.text("id"), null, Map.of("Authorization", Deployment.bearer("m1")));
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.number("amount")).isEqualTo(500);
    }

    @Test
    void racingPlanOfTheSameRequestGetsTheOwnersOutcome() {
        String payment = paid("r5", BOTH, "SUCCEEDED", 1234);
        gateway.aws.workflow((arn, input) -> {
            // An equal request claimed the refund after this one had looked.
            Map<String, Object> racer = new HashMap<>(Workflow.payment(input));
            racer.put("attempt", "z".repeat(26));
            Workflow.store(gateway.tables, Map.of("payment", racer), "COMMITTED", Map.of());
            return Workflow.answer(input, "CONFLICT", "ORDER_PAID");
        });

        assertThat(refund(payment, "R1", 500, "k1", "m1").status()).isEqualTo(201);
    }

    @Test
    void onlySettledPaymentsOfTheCallerAreRefunded() {
        String committed = paid("r6", BOTH, "COMMITTED", 0);
        Reply tooSoon = refund(committed, "R1", 500, "k1", "m1");
        assertThat(tooSoon.status()).isEqualTo(409);
        assertThat(tooSoon.slug()).isEqualTo("payment-not-settled");
        assertThat(tooSoon.headers()).containsEntry("Retry-After", "1");

        String closed = paid("r7", BOTH, "CLOSED", 0);
        assertThat(refund(closed, "R1", 500, "k1", "m1").slug()).isEqualTo("payment-not-refundable");

        String payment = paid("r8", BOTH, "SUCCEEDED", 1234);
        assertThat(refund(payment, "R1", 500, "k1", "m2").status()).isEqualTo(404);
        assertThat(refund("17" + "a".repeat(26), "R1", 500, "k1", "m1").status())
                .isEqualTo(404);
        assertThat(refund("nonsense", "R1", 500, "k1", "m1").status()).isEqualTo(404);
        assertThat(refund(payment, "R1", 1235, "k1", "m1").wrongFields()).containsExactly("amount");
        assertThat(inputs).isEmpty();
    }

    @Test
    void topUpsAreDepositsThroughTheSameWorkflow() {
        Reply customer = gateway.operator("POST", "/customers/14911/top-ups", """
                {"reference":"B1","amount":500,"currency":"GBP"}""");
        Reply merchant = gateway.operator("POST", "/merchants/m1/top-ups", """
                {"reference":"B1","amount":700,"currency":"GBP"}""");

        assertThat(customer.status()).isEqualTo(201);
        assertThat(customer.text("kind")).isEqualTo("DEPOSIT");
        assertThat(customer.text("reference")).isEqualTo("B1");
        assertThat(merchant.status()).isEqualTo(201);
        assertThat(branches(inputs.get(0))).containsExactly("CREDIT C#14911/BALANCE 500");
        assertThat(branches(inputs.get(1))).containsExactly("CREDIT M#m1#0/BALANCE 700");
        assertThat(merchant.text("id")).isNotEqualTo(customer.text("id"));
        assertThat(gateway.operator("POST", "/customers/14911/top-ups", """
                {"reference":"B2","amount":500,"currency":"EUR"}""").wrongFields())
                .containsExactly("currency");
        assertThat(gateway.operator("POST", "/customers/nobody/top-ups", """
                {"reference":"B2","amount":500,"currency":"EUR"}""").status())
                .isEqualTo(404);
    }
}
