package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.DynamoDbPayments;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Payment;
import doubleeleven.testkit.LocalTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;

/** Orders that several merchants share, and their refunds, from API Gateway's event to its response. */
class SharedCallsTest {
    private static final List<Map<String, Object>> SPLIT = List.of(share("m2", 700), share("m1", 300));
    private static Deployment gateway;
    private final List<Map<String, Object>> inputs = new ArrayList<>();

    @BeforeAll
    static void deploy() {
        gateway = new Deployment();
        gateway.operator("POST", "/customers", """
                {"customer":"14911","currency":"GBP","publicKey":"%s","openingBalance":100000}""".formatted(gateway.payer.publicKey()));
        for (String merchant : List.of("market", "m1", "m2", "euro")) {
            gateway.operator("POST", "/merchants", """
                    {"merchant":"%s","currency":"%s","buckets":2}""".formatted(merchant, merchant.equals("euro") ? "EUR" : "GBP"));
            gateway.key(merchant, Role.MERCHANT, merchant);
        }
        for (String merchant : List.of("m1", "m2")) {
            gateway.tables
                    .client()
                    .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                            .key(Map.of("pk", Values.s("M#" + merchant + "#0"), "sk", Values.s("BALANCE")))
                            .updateExpression("SET available = :available")
                            .expressionAttributeValues(Map.of(":available", Values.n(100_000))));
        }
    }

    @AfterAll
    static void remove() {
        gateway.close();
    }

    @BeforeEach
    void paying() {
        gateway.aws.forget();
        inputs.clear();
        gateway.aws.workflow((arn, input) -> {
            inputs.add(input);
            Workflow.store(gateway.tables, input, "COMMITTED", Map.of());
            return Workflow.answer(input, "PAID");
        });
    }

    private static Map<String, Object> share(String merchant, long amount) {
        return Map.of("merchant", merchant, "amount", amount);
    }

    private static String claims(String order, long amount) {
        long now = Instant.now().getEpochSecond();
        return Payer.orderClaims("14911", "market", order, amount, "GBP", now, now + 600);
    }

    /** The claims of a consent with one more: who gets what. */
    private static String token(String order, long amount, Object payees) {
        Map<String, Object> claims = new HashMap<>(Json.object(claims(order, amount)));
        claims.put("payees", payees);
        return gateway.payer.sign(Json.write(claims));
    }

    private static Map<String, Object> body(String order, List<Map<String, Object>> payees) {
        return body(order, payees, token(order, 1000, payees));
    }

    private static Map<String, Object> body(String order, List<Map<String, Object>> payees, String token) {
        return new HashMap<>(Map.of(
                "merchantOrder",
                order,
                "payer",
                "14911",
                "amount",
                1000,
                "currency",
                "GBP",
                "payees",
                payees,
                "consent",
                Map.of("token", token)));
    }

    private static Reply pay(Map<String, Object> body, String key) {
        return gateway.call(
                "POST",
                "/payments",
                Json.write(body),
                Map.of("Authorization", Deployment.bearer("market"), "Idempotency-Key", key));
    }

    private static Reply get(String path, String caller) {
        return gateway.call("GET", path, null, Map.of("Authorization", Deployment.bearer(caller)));
    }

    private static Reply refund(String payment, String merchant, String number, long amount, String caller) {
        Map<String, Object> body = new HashMap<>(Map.of("merchantRefund", number, "amount", amount));
        if (merchant != null) {
            body.put("merchant", merchant);
        }
        return gateway.call(
                "POST",
                "/payments/" + payment + "/refunds",
                Json.write(body),
                Map.of("Authorization", Deployment.bearer(caller), "Idempotency-Key", "key-" + merchant + number));
    }

    /** Pays an order that m1 and m2 share and leaves it settled, its entries included; answers the payment's id. */
    private String settled(String order) {
        gateway.aws.workflow((arn, input) -> {
            Workflow.store(
                    gateway.tables,
                    input,
                    "SUCCEEDED",
                    Map.of("available", 1000, "currency", "GBP", "holds", Map.of(), "finished", Map.of()));
            return Workflow.answer(input, "PAID");
        });
        String id = pay(body(order, SPLIT), "pay").text("id");
        Payment payment = stored(id);
        Objects.requireNonNull(payment.command())
                .payees()
                .forEach(payee -> gateway.tables
                        .client()
                        .putItem(request -> request.tableName(LocalTables.ACCOUNT)
                                .item(Schemas.ENTRY.itemToMap(payment.entryOf(payee), true))));
        paying();
        return id;
    }

    private static Payment stored(String id) {
        DynamoDbEnhancedClient enhanced = DynamoDbEnhancedClient.builder()
                .dynamoDbClient(gateway.tables.client())
                .build();
        return new DynamoDbPayments(enhanced, LocalTables.PAYMENT)
                .find(new OrderHash(id.substring(2)))
                .orElseThrow();
    }

    /** Lets another refund hold a part of the share of m2. */
    private static void hold(String id, long amount, Instant due) {
        Payment payment = stored(id);
        var key = payment.entryOf(payment.command().payee("m2").orElseThrow()).key();
        gateway.tables
                .client()
                .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(Values.key(key))
                        .updateExpression("SET available = available - :amount, holds.#attempt = :hold")
                        .expressionAttributeNames(Map.of("#attempt", "z".repeat(26)))
                        .expressionAttributeValues(Map.of(
                                ":amount",
                                Values.n(amount),
                                ":hold",
                                Values.m(Map.of(
                                        "amount", Values.n(amount),
                                        "order", Values.s("y".repeat(26)),
                                        "due", Values.n(due))))));
    }

    @Test
    void anOrderIsPaidToTheMerchantsThatShareItAndTheMarketGetsNothingUnlessListed() {
        Reply reply = pay(body("s1", SPLIT), "k1");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text("merchant")).isEqualTo("market");
        assertThat(Json.objects(reply.body(), "payees"))
                .isEqualTo(List.of(Map.of("merchant", "m1", "amount", 300), Map.of("merchant", "m2", "amount", 700)));
        assertThat(Json.objects(Workflow.command(inputs.getFirst()), "payees"))
                .extracting(payee -> payee.get("merchant") + " " + payee.get("amount"))
                .containsExactly("m1 300", "m2 700");
        List<Map<String, Object>> withMarket = List.of(share("market", 1), share("m1", 999));
        assertThat(Json.objects(pay(body("s2", withMarket), "k1").body(), "payees"))
                .extracting(payee -> payee.get("merchant"))
                .containsExactly("m1", "market");
    }

    @Test
    void anOrderWithoutPayeesIsTheCallersAloneAndShowsNone() {
        Map<String, Object> body = body("s3", SPLIT, gateway.payer.sign(claims("s3", 1000)));
        body.remove("payees");

        Reply reply = pay(body, "k1");

        assertThat(reply.body()).doesNotContainKey("payees");
        assertThat(Json.objects(Workflow.command(inputs.getFirst()), "payees"))
                .extracting(payee -> payee.get("merchant") + " " + payee.get("amount"))
                .containsExactly("market 1000");
        assertThat(get("/payments/" + reply.text("id"), "market").body()).doesNotContainKey("payees");
    }

    @Test
    void theSplitIsPartOfTheAttemptAndItsOrderIsNot() {
        pay(body("s4", SPLIT), "k1");
        pay(body("s4", SPLIT.reversed()), "k1");
        pay(body("s4", List.of(share("m1", 301), share("m2", 699))), "k1");

        List<Object> attempts = inputs.stream()
                .map(input -> Workflow.payment(input).get("attempt"))
                .toList();
        assertThat(attempts.get(1)).isEqualTo(attempts.get(0));
        assertThat(attempts.get(2)).isNotEqualTo(attempts.get(0));
    }

    @Test
    void thePayersTokenNamesWhoGetsWhat() {
        String without = gateway.payer.sign(claims("s5", 1000));
        for (String token : List.of(
                without,
                token("s5", 1000, List.of(share("m1", 299), share("m2", 701))),
                token("s5", 1000, List.of(share("m1", 300))),
                token("s5", 1000, List.of(share("m1", 300), share("m1", 300))),
                token("s5", 1000, List.of(share("m1", 300), share("m2", 700), share("m2", 700))),
                token("s5", 1000, List.of(share("m1", 300), share("euro", 700))),
                token("s5", 1000, "m1, m2"))) {
            assertThat(pay(body("s5", SPLIT, token), "k1").slug()).isEqualTo("consent-refused");
        }
        Map<String, Object> alone = body("s5", SPLIT);
        alone.remove("payees");
        assertThat(pay(alone, "k1").slug()).isEqualTo("consent-refused");
        assertThat(inputs).isEmpty();

        assertThat(pay(body("s5", SPLIT, token("s5", 1000, SPLIT.reversed())), "k1")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aMandateCoversNoOrderWithSeveralPayees() {
        long now = Instant.now().getEpochSecond();
        Reply opened = gateway.call(
                "POST",
                "/customers/14911/mandates",
                Json.write(Map.of(
                        "token",
                        gateway.payer.sign(
                                Payer.mandateClaims("14911", "sub-1", "market", 5000, 5000, now, now + 86_400)))),
                Map.of("Authorization", Deployment.bearer("market")));
        assertThat(opened.status()).isEqualTo(201);
        Map<String, Object> body = body("s6", SPLIT);
        body.put("consent", Map.of("mandate", "sub-1"));

        assertThat(pay(body, "k1").slug()).isEqualTo("consent-refused");

        body.remove("payees");
        assertThat(pay(body, "k1").status()).isEqualTo(201);
    }

    @Test
    void payeesAreDistinctMerchantsOfTheCurrencyThatSumToTheAmount() {
        assertThat(pay(body("s7", List.of(share("m1", 300), share("m2", 699))), "k1")
                        .wrongFields())
                .containsExactly("payees");
        assertThat(pay(body("s7", List.of(share("m1", 300), share("m1", 700))), "k1")
                        .wrongFields())
                .containsExactly("payees");
        assertThat(pay(body("s7", List.of(share("m1", 1000))), "k1").wrongFields())
                .containsExactly("payees");
        assertThat(pay(body("s7", Collections.nCopies(11, share("m1", 1))), "k1")
                        .wrongFields())
                .containsExactly("payees");
        assertThat(pay(body("s7", List.of(share("m1", 1000), share("m2", 0))), "k1")
                        .wrongFields())
                .containsExactly("payees[1].amount");
        assertThat(pay(body("s7", List.of(share("nobody", 300), share("euro", 700))), "k1")
                        .wrongFields())
                .containsExactlyInAnyOrder("payees[0].merchant", "payees[1].merchant");
        assertThat(inputs).isEmpty();
    }

    @Test
    void aPayeeSeesItsOwnShareTheMarketAndOperatorsAllAndOthersNothing() {
        String id = settled("s8");
        hold(id, 200, Instant.now().plusSeconds(20));

        for (String caller : List.of("market", "operator")) {
            assertThat(Json.objects(get("/payments/" + id, caller).body(), "payees"))
                    .containsExactly(
                            Map.of("merchant", "m1", "amount", 300, "refundable", 300),
                            Map.of("merchant", "m2", "amount", 700, "refundable", 500));
        }
        assertThat(Json.objects(get("/payments/" + id, "m2").body(), "payees"))
                .containsExactly(Map.of("merchant", "m2", "amount", 700, "refundable", 500));
        assertThat(get("/payments/" + id, "euro").status()).isEqualTo(404);
    }

    @Test
    void aShareCannotBeRefundedBeforeThePaymentIsSettled() {
        String id = pay(body("s9", SPLIT), "k1").text("id");

        assertThat(refund(id, "m1", "R1", 1, "m1").slug()).isEqualTo("payment-not-settled");
        assertThat(Json.objects(get("/payments/" + id, "m1").body(), "payees"))
                .containsExactly(Map.of("merchant", "m1", "amount", 300, "refundable", 0));
    }

    @Test
    void aRefundIsHeldOnThePaymentAndOnTheShareAndPaidByThatPayee() {
        String id = settled("s10");

        Reply reply = refund(id, "m2", "R1", 250, "m2");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text("merchant")).isEqualTo("m2");
        Payment payment = stored(id);
        String share = payment.entryOf(payment.command().payee("m2").orElseThrow())
                .key()
                .toString();
        assertThat(Json.objects(inputs.getFirst(), "branches"))
                .extracting(branch -> branch.get("kind") + " " + branch.get("pk")
                        + (branch.containsKey("sk") ? "/" + branch.get("sk") : "") + " " + branch.get("amount"))
                .containsExactly(
                        "REFUNDABLE " + id.substring(2) + " 250",
                        "SHARE " + share + " 250",
                        "DEBIT M#m2#0/BALANCE 250",
                        "CREDIT " + id.substring(0, 2) + "#C#14911/BALANCE 250");
    }

    @Test
    void eachPayeeRefundsForItselfAndTheMarketForAnyOfThem() {
        String id = settled("s11");

        assertThat(refund(id, null, "R1", 10, "market").wrongFields()).containsExactly("merchant");
        assertThat(refund(id, null, "R1", 10, "m1").wrongFields()).containsExactly("merchant");
        assertThat(refund(id, "m2", "R1", 10, "m1").wrongFields()).containsExactly("merchant");
        assertThat(refund(id, "market", "R1", 10, "market").wrongFields()).containsExactly("merchant");
        assertThat(refund(id, "m1", "R1", 301, "market").wrongFields()).containsExactly("amount");
        assertThat(refund(id, "m1", "R1", 10, "euro").status()).isEqualTo(404);
        assertThat(inputs).isEmpty();

        Reply byMarket = refund(id, "m1", "R1", 10, "market");
        Reply byPayee = refund(id, "m2", "R1", 10, "m2");
        assertThat(byMarket.status()).isEqualTo(201);
        assertThat(byPayee.status()).isEqualTo(201);
        assertThat(byPayee.text("id")).as("numbers of its own").isNotEqualTo(byMarket.text("id"));
        for (String caller : List.of("market", "m2", "operator")) {
            assertThat(get("/refunds/" + byPayee.text("id"), caller).status())
                    .as(caller)
                    .isEqualTo(200);
        }
        assertThat(get("/refunds/" + byPayee.text("id"), "m1").status()).isEqualTo(404);
        assertThat(get("/refunds/" + byMarket.text("id"), "m1").status()).isEqualTo(200);
    }

    @Test
    void theTimelineOfARefundTellsTheShareFromTheMerchantsMoney() {
        String id = settled("s15");
        gateway.aws.workflow((arn, input) -> {
            long at = Json.integer(Workflow.payment(input), "claimedAt");
            List<Map<String, Object>> tried = Json.objects(input, "branches").stream()
                    .map(branch -> Map.<String, Object>of(
                            "account",
                            branch.get("pk") + (branch.containsKey("sk") ? "/" + branch.get("sk") : ""),
                            "outcome",
                            "HELD",
                            "at",
                            at))
                    .toList();
            Workflow.store(gateway.tables, input, "COMMITTED", Map.of("tried", tried));
            return Workflow.answer(input, "PAID");
        });
        String refund = refund(id, "m2", "R1", 10, "m2").text("id");

        assertThat(Json.objects(get("/refunds/" + refund, "m2").body(), "timeline"))
                .filteredOn(step -> "HOLD".equals(step.get("step")))
                .extracting(step -> step.get("account"))
                .containsExactly("PAYMENT", "SHARE", "MERCHANT", "BALANCE");
    }

    @Test
    void thePayeesAndTheMarketsRefundOfOneNumberIsOneRefund() {
        String id = settled("s12");
        refund(id, "m1", "R1", 10, "market");

        assertThat(refund(id, "m1", "R1", 10, "m1").status()).isEqualTo(201);
        assertThat(inputs).hasSize(1);
    }

    @Test
    void aRefundThatNeedsWhatAnotherMayGiveBackWaitsAndHasItSettledWhenOverdue() {
        String id = settled("s13");
        hold(id, 600, Instant.now().minusSeconds(120));

        Reply reply = refund(id, "m2", "R1", 101, "m2");

        assertThat(reply.slug()).isEqualTo("refund-in-flight");
        assertThat(reply.headers()).containsEntry("Retry-After", "1");
        assertThat(inputs).isEmpty();
        assertThat(gateway.aws.messages()).hasSize(1);
        assertThat(Json.objects(gateway.aws.messages().getFirst(), "branches"))
                .extracting(branch -> branch.get("kind") + " " + branch.get("amount"))
                .containsExactly("SHARE 600");
        assertThat(refund(id, "m2", "R2", 100, "m2").status()).isEqualTo(201);
        assertThat(refund(id, "m1", "R1", 300, "m1").status())
                .as("another payee's share")
                .isEqualTo(201);
    }

    @Test
    void aRefundThatExceedsTheShareWhateverBecomesOfOthersIsLeftToTheHolds() {
        String id = settled("s16");
        refundedFrom(id, 400);
        hold(id, 200, Instant.now().plusSeconds(20));

        refund(id, "m2", "R1", 301, "m2");

        assertThat(inputs).hasSize(1);
        assertThat(refund(id, "m2", "R2", 300, "m2").slug()).isEqualTo("refund-in-flight");
    }

    /** An earlier refund took so much of the share of m2. */
    private static void refundedFrom(String id, long amount) {
        Payment payment = stored(id);
        gateway.tables
                .client()
                .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(Values.key(
                                payment.entryOf(payment.command().payee("m2").orElseThrow())
                                        .key()))
                        .updateExpression("SET available = available - :amount")
                        .expressionAttributeValues(Map.of(":amount", Values.n(amount))));
    }

    @Test
    void ofAPaymentWithOnePayeeItMayBeNamedAndNobodyElse() {
        Map<String, Object> body = body("s14", SPLIT, gateway.payer.sign(claims("s14", 1000)));
        body.remove("payees");
        gateway.aws.workflow((arn, input) -> {
            Workflow.store(
                    gateway.tables,
                    input,
                    "SUCCEEDED",
                    Map.of("available", 1000, "currency", "GBP", "holds", Map.of(), "finished", Map.of()));
            return Workflow.answer(input, "PAID");
        });
        String id = pay(body, "pay").text("id");
        paying();

        assertThat(refund(id, "m1", "R1", 10, "market").wrongFields()).containsExactly("merchant");
        refund(id, "market", "R1", 10, "market");
        assertThat(Json.objects(inputs.getFirst(), "branches"))
                .extracting(branch -> branch.get("kind"))
                .containsExactly("REFUNDABLE", "DEBIT", "CREDIT");
    }
}
