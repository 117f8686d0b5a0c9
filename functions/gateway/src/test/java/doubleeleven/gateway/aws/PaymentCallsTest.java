package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** POST /payments and GET /payments/{id}, from API Gateway's event to its response. */
class PaymentCallsTest {
    private static Deployment gateway;

    @BeforeAll
    static void deploy() {
        gateway = new Deployment();
        assertThat(gateway.operator("POST", "/customers", """
                {"customer":"14911","currency":"GBP","publicKey":"%s","openingBalance":100000}""".formatted(gateway.payer.publicKey()))
                        .status())
                .isEqualTo(201);
        for (String merchant : List.of("m1", "m2")) {
            assertThat(gateway.operator("POST", "/merchants", """
                    {"merchant":"%s","currency":"GBP","buckets":4}""".formatted(merchant))
                            .status())
                    .isEqualTo(201);
            gateway.key(merchant, Role.MERCHANT, merchant);
        }
    }

    @AfterAll
    static void remove() {
        gateway.close();
    }

    @BeforeEach
    void paying() {
        gateway.aws.forget();
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "PAID"));
    }

    private static Map<String, Object> body(String order, long amount) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> body = new HashMap<>();
        body.put("merchantOrder", order);
        body.put("payer", "14911");
        body.put("amount", amount);
        body.put("currency", "GBP");
        body.put(
                "consent",
                Map.of(
                        "token",
                        gateway.payer.sign(Payer.orderClaims("14911", "m1", order, amount, "GBP", now, now + 600))));
        return body;
    }

    private static Reply pay(Map<String, Object> body, String key) {
        return gateway.call(
                "POST",
                "/payments",
                Json.write(body),
                Map.of("authorization", Deployment.bearer("m1"), "idempotency-key", key));
    }

    private static Reply get(String path, String keyId) {
        return gateway.call("GET", path, null, Map.of("Authorization", Deployment.bearer(keyId)));
    }

    @Test
    void paidOrderIsCreated() {
        Reply reply = pay(body("order-paid", 1234), "k1");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Location", "/payments/" + reply.text("id"))
                .containsKey("traceparent");
        assertThat(reply.text("outcome")).isEqualTo("PAID");
        assertThat(reply.number("amount")).isEqualTo(1234);
        assertThat(reply.body().get("sources")).isEqualTo(List.of(Map.of("type", "BALANCE", "amount", 1234)));
    }

    @Test
    void workflowOfTheOwningUnitGetsTheContractsInput() {
        List<Map<String, Object>> inputs = new ArrayList<>();
        gateway.aws.workflow((arn, input) -> {
            inputs.add(input);
            return Workflow.answer(input, "PAID");
        });

        Reply reply = pay(body("order-input", 500), "k1");

        assertThat(gateway.aws.executions()).hasSize(1).first().asString().startsWith("arn:aws:states:us-");
        Map<String, Object> payment = Workflow.payment(inputs.getFirst());
        Map<String, Object> command = Workflow.command(inputs.getFirst());
        assertThat(payment.get("due")).asString().matches("RZ0[123]#[0-3]");
        assertThat(Json.integer(payment, "dueAt") - Json.integer(payment, "claimedAt"))
                .isEqualTo(20_000);
        assertThat(reply.text("id")).isEqualTo(command.get("shard") + Json.text(payment, "pk"));
        assertThat(command)
                .containsEntry("kind", "PAYMENT")
                .containsEntry("payer", "14911")
                .containsEntry("rule", 1);
        assertThat(inputs.getFirst().get("branches"))
                .isEqualTo(List.of(Map.of(
                        "kind",
                        "DEBIT",
                        "pk",
                        command.get("shard") + "#C#14911",
                        "sk",
                        "BALANCE",
                        "amount",
                        500,
                        "cap",
                        32,
                        "floor",
                        500,
                        "ceiling",
                        9_007_199_254_740_991L)));
    }

    @Test
    void retryIsTheSameAttemptAndAnotherAmountIsAnother() {
        List<Object> attempts = new ArrayList<>();
        gateway.aws.workflow((arn, input) -> {
            attempts.add(Workflow.payment(input).get("attempt"));
            return Workflow.answer(input, "PAID");
        });

        pay(body("order-retry", 700), "k1");
        pay(body("order-retry", 700), "k1");
        pay(body("order-retry", 701), "k1");
        pay(body("order-retry", 700), "k2");

        assertThat(attempts.get(1)).isEqualTo(attempts.get(0));
        assertThat(attempts.subList(1, 4)).doesNotHaveDuplicates();
    }

    @Test
    void declineIsAValueWithReasons() {
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "DECLINED", "INSUFFICIENT_FUNDS"));

        Reply reply = pay(body("order-declined", 999), "k1");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("outcome")).isEqualTo("DECLINED");
        assertThat(reply.body().get("reasons")).isEqualTo(List.of("INSUFFICIENT_FUNDS"));
    }

    @Test
    void faultOfThePlatformIsAnError() {
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "DECLINED", "UNAVAILABLE"));

        Reply reply = pay(body("order-fault", 999), "k1");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.slug()).isEqualTo("attempt-failed");
        assertThat(reply.headers()).containsEntry("Content-Type", "application/problem+json");
    }

    @Test
    void openPaymentIsAcceptedAndCheckedLater() {
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "OPEN"));

        Reply reply = pay(body("order-open", 999), "k1");

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.headers()).containsEntry("Location", "/payments/" + reply.text("id"));
        assertThat(gateway.aws.messages()).hasSize(1);
        Map<String, Object> message = gateway.aws.messages().getFirst();
        assertThat(message).containsEntry("why", "CHECK").containsEntry("delay", 25);
        assertThat(message.get("queue")).asString().matches("double11-rz0[123]-a-phase-two");
        assertThat(Json.objects(message, "branches")).hasSize(1);
        assertThat(message.get("command"))
                .as("where no claim ever landed, nothing else says what the link stands for")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("order", "order-open")
                .containsEntry("id", reply.text("id"))
                .containsEntry("amount", 999);
    }

    @Test
    void overdueHoldsThatTheWorkflowMetAreReclaimed() {
        Map<String, Object> overdue = Map.of(
                "kind",
                "DEBIT",
                "pk",
                "17#C#14911",
                "sk",
                "BALANCE",
                "amount",
                5,
                "attempt",
                "a".repeat(26),
                "order",
                "b".repeat(26));
        Map<String, Object> other = new HashMap<>(overdue);
        other.put("attempt", "c".repeat(26));
        gateway.aws.workflow((arn, input) -> {
            Map<String, Object> output = Workflow.output(input, "DECLINED", "TOO_MANY_HOLDS");
            output.put("overdue", List.of(overdue, other));
            return AwsStandIn.Reply.output(output);
        });

        pay(body("order-overdue", 999), "k1");

        // However many there are, the caller waits for one more call.
        assertThat(gateway.aws.calls()).containsExactly("StartSyncExecution", "SendMessageBatch");
        assertThat(gateway.aws.messages()).hasSize(2);
        assertThat(gateway.aws.messages().getFirst())
                .containsEntry("why", "RECLAIM")
                .containsEntry("pk", "b".repeat(26))
                .containsEntry("attempt", "a".repeat(26))
                .containsEntry("delay", 0)
                .containsEntry(
                        "branches", List.of(Map.of("kind", "DEBIT", "pk", "17#C#14911", "sk", "BALANCE", "amount", 5)));
    }

    @Test
    void ordersThatOthersOwnAreConflicts() {
        pay(stored("order-owned", "SUCCEEDED"), "other-key");
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "CONFLICT", "ORDER_PAID"));
        assertThat(pay(body("order-owned", 999), "k1").slug()).isEqualTo("order-already-paid");

        pay(stored("order-busy", "TRYING"), "other-key");
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "CONFLICT", "ORDER_IN_FLIGHT"));
        Reply busy = pay(body("order-busy", 999), "k1");
        assertThat(busy.status()).isEqualTo(409);
        assertThat(busy.slug()).isEqualTo("attempt-superseded");
        assertThat(busy.text("detail")).contains("new idempotency key");
        assertThat(busy.headers()).doesNotContainKey("Retry-After");
        assertThat(busy.body().get("links")).asString().contains("/payments/");
    }

    @Test
    void attemptThatLostItsOrderToOneThatFailedAsksForANewKey() {
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "DECLINED", "SUPERSEDED"));

        Reply reply = pay(body("order-lost", 999), "k1");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("attempt-superseded");
        assertThat(reply.text("detail")).contains("new idempotency key");
    }

    @Test
    void attemptThatOthersGotInTheWayOfIsNoFinalDecline() {
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "DECLINED", "CONTENDED"));
        Reply contended = pay(body("order-contended", 999), "k1");
        assertThat(contended.status()).isEqualTo(409);
        assertThat(contended.slug()).isEqualTo("attempt-contended");
        assertThat(contended.text("detail")).contains("new idempotency key");
        assertThat(contended.headers()).doesNotContainKey("Retry-After");

        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "DECLINED", "CONTENDED", "UNAVAILABLE"));
        assertThat(pay(body("order-contended", 999), "k2").slug()).isEqualTo("attempt-failed");

        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "DECLINED", "CONTENDED", "INSUFFICIENT_FUNDS"));
        assertThat(pay(body("order-contended", 999), "k3").text("outcome")).isEqualTo("DECLINED");
    }

    /** A body whose payment the workflow stores in that status. */
    private static Map<String, Object> stored(String order, String status) {
        gateway.aws.workflow((arn, input) -> {
            Workflow.store(gateway.tables, input, status, Map.of());
            return Workflow.answer(input, "PAID");
        });
        return body(order, 999);
    }

    @Test
    void keyWithAnotherContentIsRefused() {
        pay(stored("order-key", "SUCCEEDED"), "k1");
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "CONFLICT", "ORDER_PAID"));

        Reply reply = pay(body("order-key", 998), "k1");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.slug()).isEqualTo("idempotency-key-reused");
    }

    @Test
    void repetitionAfterTheTokenRanOutGetsTheStoredOutcome() {
        Map<String, Object> body = stored("order-late", "SUCCEEDED");
        pay(body, "k1");
        gateway.aws.forget();
        long then = Instant.now().getEpochSecond() - 3600;
        body.put(
                "consent",
                Map.of(
                        "token",
                        gateway.payer.sign(
                                Payer.orderClaims("14911", "m1", "order-late", 999, "GBP", then, then + 600))));

        assertThat(pay(body, "k1").status()).isEqualTo(201);
        assertThat(pay(body, "k2").slug()).isEqualTo("consent-refused");
        assertThat(gateway.aws.executions()).isEmpty();
    }

    @Test
    void severalSourcesAreHeldInTheOrderOfTheProtocol() {
        List<Map<String, Object>> inputs = new ArrayList<>();
        gateway.aws.workflow((arn, input) -> {
            inputs.add(input);
            return Workflow.answer(input, "PAID");
        });
        Map<String, Object> body = body("order-sources", 1000);
        body.put(
                "sources",
                List.of(
                        Map.of("type", "BALANCE", "amount", 700),
                        Map.of("type", "COUPON", "coupon", "Z", "amount", 200),
                        Map.of("type", "COUPON", "coupon", "A", "amount", 100)));

        assertThat(pay(body, "k1").status()).isEqualTo(201);

        assertThat(Json.objects(inputs.getFirst(), "branches"))
                .extracting(branch -> branch.get("sk"))
                .containsExactly("COUPON#A", "COUPON#Z", "BALANCE");
    }

    @Test
    void everythingWrongIsToldAtOnce() {
        Map<String, Object> body = body("order-wrong", 1000);
        body.put("amount", 0);
        body.put("payer", "no spaces allowed");
        body.put("extra", true);
        body.put("sources", List.of(Map.of("type", "CASH", "amount", 0)));

        Reply reply = pay(body, "k1");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.wrongFields())
                .containsExactlyInAnyOrder("amount", "payer", "extra", "sources[0].type", "sources[0].amount");
        assertThat(gateway.aws.executions()).isEmpty();
    }

    @Test
    void sourcesThatDoNotSumToTheAmountOrRepeatAreRefused() {
        Map<String, Object> body = body("order-sum", 1000);
        body.put("sources", List.of(Map.of("type", "BALANCE", "amount", 999)));
        assertThat(pay(body, "k1").wrongFields()).containsExactly("sources");

        body.put(
                "sources", List.of(Map.of("type", "BALANCE", "amount", 500), Map.of("type", "BALANCE", "amount", 500)));
        assertThat(pay(body, "k1").wrongFields()).containsExactly("sources");
    }

    @Test
    void callsWithoutProofKeyOrRoleAreRefused() {
        String body = Json.write(body("order-proof", 1000));
        assertThat(gateway.call("POST", "/payments", body, Map.of()).status()).isEqualTo(401);
        assertThat(gateway.call("POST", "/payments", body, Map.of("Authorization", "Bearer m1." + "x".repeat(35)))
                        .status())
                .isEqualTo(401);
        assertThat(gateway.call("POST", "/payments", body, Map.of("Authorization", Deployment.bearer("operator")))
                        .status())
                .isEqualTo(403);
        Reply noKey = gateway.call("POST", "/payments", body, Map.of("Authorization", Deployment.bearer("m1")));
        assertThat(noKey.status()).isEqualTo(400);
        assertThat(noKey.wrongFields()).containsExactly("Idempotency-Key");
        assertThat(gateway.call("GET", "/nowhere", null, Map.of()).status()).isEqualTo(404);
        Reply wrongMethod = gateway.call("DELETE", "/payments", null, Map.of());
        assertThat(wrongMethod.status()).isEqualTo(405);
        assertThat(wrongMethod.headers()).containsEntry("Allow", "POST");
        assertThat(gateway.aws.executions()).isEmpty();
    }

    @Test
    void malformedBodiesAreRefused() {
        Map<String, String> headers = Map.of("Authorization", Deployment.bearer("m1"), "Idempotency-Key", "k");
        for (String body : List.of(
                "", "[]", "{", "{\"amount\":1,\"amount\":2}", "{} {}", "{\"a\":".repeat(10) + "1" + "}".repeat(10))) {
            assertThat(gateway.call("POST", "/payments", body, headers).slug()).isEqualTo("malformed-request");
        }
        String large = "{\"x\":\"" + "x".repeat(20_000) + "\"}";
        assertThat(gateway.call("POST", "/payments", large, headers).status()).isEqualTo(413);
    }

    @Test
    void paymentIsShownToItsMerchantAndToOperatorsOnly() {
        Reply paid = pay(stored("order-shown", "SUCCEEDED"), "k1");
        String path = "/payments/" + paid.text("id");

        Reply shown = get(path, "m1");

        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.text("merchantOrder")).isEqualTo("order-shown");
        assertThat(Json.objects(shown.body(), "timeline"))
                .extracting(step -> step.get("step"))
                .containsExactly("CLAIM", "DECISION");
        assertThat(get(path, "operator").status()).isEqualTo(200);
        assertThat(get(path, "m2").status()).isEqualTo(404);
        assertThat(get("/refunds/" + paid.text("id"), "m1").status()).isEqualTo(404);
        String otherShard = (paid.text("id").startsWith("00") ? "01" : "00")
                + paid.text("id").substring(2);
        assertThat(get("/payments/" + otherShard, "m1").status()).isEqualTo(404);
    }

    @Test
    void traceOfTheCallerGoesOn() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        Reply reply =
                gateway.call("GET", "/payments", null, Map.of("TraceParent", "00-" + trace + "-00f067aa0ba902b7-01"));

        assertThat(reply.headers().get("traceparent"))
                .startsWith("00-" + trace + "-")
                .endsWith("-01");
        assertThat(reply.text("traceId")).isEqualTo(trace);
    }

    @Test
    void paymentUnderAMandateHoldsItsAllowance() {
        long now = Instant.now().getEpochSecond();
        String token = gateway.payer.sign(Payer.mandateClaims("14911", "sub-1", "m1", 2000, 24_000, now, now + 86_400));
        Reply opened = gateway.call(
                "POST",
                "/customers/14911/mandates",
                Json.write(Map.of("token", token)),
                Map.of("Authorization", Deployment.bearer("m1")));
        assertThat(opened.status()).isEqualTo(201);
        List<Map<String, Object>> inputs = new ArrayList<>();
        gateway.aws.workflow((arn, input) -> {
            inputs.add(input);
            return Workflow.answer(input, "PAID");
        });
        Map<String, Object> body = body("order-mandate", 1500);
        body.put("consent", Map.of("mandate", "sub-1"));

        assertThat(pay(body, "k1").status()).isEqualTo(201);
        assertThat(Json.objects(inputs.getFirst(), "branches"))
                .extracting(branch -> branch.get("kind") + " " + branch.get("sk"))
                .containsExactly("ALLOWANCE MANDATE#sub-1", "DEBIT BALANCE");

        body.put("amount", 2001);
        assertThat(pay(body, "k2").slug()).isEqualTo("consent-refused");
        body.put("consent", Map.of("mandate", "unknown"));
        assertThat(pay(body, "k3").slug()).isEqualTo("consent-refused");
    }
}
