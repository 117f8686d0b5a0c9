package doubleeleven.risk.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.ids.AttemptId;
import doubleeleven.risk.FeatureSnapshot;
import doubleeleven.risk.Features;
import doubleeleven.risk.Golden;
import doubleeleven.risk.PaymentRisk;
import doubleeleven.risk.Recent;
import doubleeleven.risk.Stalled;
import doubleeleven.risk.model.Lane;
import doubleeleven.risk.model.Model;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.crac.Core;
import org.junit.jupiter.api.Test;

class ScoreRiskHandlerTest {
    private static final Model ANOMALY = Golden.model("payment-anomaly");
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Instant NOON = Instant.parse("2025-11-11T12:00:00Z");
    private static final long LARGE = 2_500_000;

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    @Test
    void anOrdinaryPaymentIsApprovedAndItsModelNamedWithScore() throws IOException {
        Map<String, Object> answer = judge(handler(ANOMALY, LONG, List.of()), 2_690, "BALANCE");

        assertThat(answer).containsEntry("decision", "APPROVE").containsEntry("degraded", false);
        assertThat(answer.keySet())
                .containsExactly("decision", "reasons", "policy", "degraded", "elapsedMicros", "features", "models");
        assertThat(Json.objects(answer, "models"))
                .singleElement()
                .satisfies(model -> assertThat(model)
                        .containsEntry("name", "payment-anomaly")
                        .containsEntry("version", ANOMALY.version())
                        .hasEntrySatisfying(
                                "score", score -> assertThat((Double) score).isBetween(0.3, 0.6)));
        assertThat(Json.write(answer)).hasSizeLessThan(400);
    }

    @Test
    void aPayerWithoutHistoryIsNotDeclinedForWhatIsMissing() throws IOException {
        assertThat(judge(handler(ANOMALY, LONG, List.of()), 10_000_000, "CREDIT"))
                .containsEntry("decision", "APPROVE");
    }

    @Test
    void aLargePaymentAmidABurstIsDeclinedAndOnCreditASmallerOne() throws IOException {
        List<Recent> burst = burst();

        assertThat(judge(handler(ANOMALY, LONG, burst), LARGE, "BALANCE").get("reasons"))
                .isEqualTo(List.of("RISK_ANOMALY"));
        assertThat(judge(handler(ANOMALY, LONG, burst), 499_999, "BALANCE").get("reasons"))
                .isEqualTo(List.of());
        assertThat(judge(handler(ANOMALY, LONG, burst), 499_999, "CREDIT").get("reasons"))
                .isEqualTo(List.of("RISK_ANOMALY"));
    }

    @Test
    void withAStalledModelDecisionsGoOnDegradedByItsName() throws IOException {
        try (Stalled stalled = Stalled.deaf("payment-anomaly", List.of("amount"))) {
            ScoreRiskHandler handler = handler(stalled, SHORT, List.of());

            Map<String, Object> first = judge(handler, 1_000, "BALANCE");
            assertThat(stalled.isReleased()).isFalse();
            assertThat(first).containsEntry("decision", "APPROVE").containsEntry("degraded", true);
            assertThat(Json.objects(first, "models").getFirst())
                    .containsEntry("name", "payment-anomaly")
                    .containsEntry("missed", "LATE");
            assertThat(judge(handler, 10_000_000, "BALANCE"))
                    .containsEntry("reasons", List.of("RISK_AMOUNT_LIMIT"))
                    .containsEntry("degraded", true);
            for (int i = 0; i < 100; i++) {
                assertThat(Json.objects(judge(handler, 1_000, "BALANCE"), "models")
                                .getFirst())
                        .containsEntry("missed", "BUSY");
            }

            assertThat(stalled.isReleased()).isFalse();
            assertThat(stalled.threads()).hasSize(1);
            assertThat(logged.toString(UTF_8))
                    .contains("\"degradedBy\":[\"payment-anomaly: LATE\"]")
                    .contains("\"degradedBy\":[\"payment-anomaly: BUSY\"]")
                    .contains("RiskDegraded")
                    .contains("RiskModelMissed");
        }
    }

    @Test
    void aChallengerIsLoggedWithItsDivergenceAndDecidesNothing() throws IOException {
        try (Stalled challenger = Stalled.waiting("challenger", List.of("amount"))) {
            challenger.release();
            PaymentRisk risk = new PaymentRisk(RuleFile.read(), ANOMALY, List.of(challenger), Lane::onThreads);
            Map<String, Object> answer = judge(handler(risk, LONG, burst()), LARGE, "BALANCE");

            assertThat(answer).containsEntry("reasons", List.of("RISK_ANOMALY")).containsEntry("degraded", false);
            assertThat(Json.objects(answer, "models")).hasSize(2);
            double score = Json.number(Json.objects(answer, "models").getFirst(), "score");
            assertThat(logged.toString(UTF_8)).contains("\"RiskDivergence\":" + score);
        }
    }

    /** As they ship: the trained challenger is asked the same, and how far it is from the champion is a metric under its name. */
    @Test
    void theChallengerThatShipsScoresInShadow() throws IOException {
        PaymentRisk shipped = RuleFile.paymentRisk(Lane::onThreads);
        PaymentRisk alone = new PaymentRisk(RuleFile.read(), ANOMALY, List.of(), Lane::onThreads);

        Map<String, Object> answer = judge(handler(shipped, LONG, burst()), LARGE, "BALANCE");

        List<Map<String, Object>> models = Json.objects(answer, "models");
        assertThat(models)
                .extracting(model -> model.get("name"))
                .containsExactly("payment-anomaly", "payment-anomaly-challenger");
        double divergence = Math.abs(Json.number(models.getLast(), "score") - Json.number(models.getFirst(), "score"));
        assertThat(divergence).isPositive();
        assertThat(logged.toString(UTF_8).lines().map(Json::object))
                .filteredOn(line -> line.containsKey("RiskDivergence"))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("model", "payment-anomaly-challenger")
                        .containsEntry("RiskDivergence", divergence));
        assertThat(answer.get("reasons"))
                .isEqualTo(
                        judge(handler(alone, LONG, burst()), LARGE, "BALANCE").get("reasons"))
                .isEqualTo(List.of("RISK_ANOMALY"));
    }

    @Test
    void aStalledChallengerDegradesNothing() throws IOException {
        try (Stalled challenger = Stalled.deaf("challenger", List.of("amount"))) {
            PaymentRisk risk = new PaymentRisk(RuleFile.read(), ANOMALY, List.of(challenger), Lane::onThreads);
            ScoreRiskHandler handler = handler(risk, Duration.ofSeconds(2), List.of());
            judge(handler, 1_000, "BALANCE");

            assertThat(judge(handler, 1_000, "BALANCE")).containsEntry("degraded", false);
        }
    }

    @Test
    void primingRunsEachModelOnceAndJudgesNobody() throws IOException {
        try (Stalled model = Stalled.waiting("payment-anomaly", List.of("amount"))) {
            model.release();
            handler(model, LONG, List.of()).beforeCheckpoint(Core.getGlobalContext());

            assertThat(model.calls()).isOne();
            assertThat(logged.toString(UTF_8)).isEmpty();
        }
    }

    private static List<Recent> burst() {
        // Small ones, of different amounts: what a thief tries out first.
        return IntStream.range(0, 20)
                .mapToObj(i -> new Recent(NOON.minusSeconds(30), 2_000 + 100 * i, "GBP"))
                .toList();
    }

    private ScoreRiskHandler handler(Model model, Duration deadline, List<Recent> recent) {
        return handler(new PaymentRisk(RuleFile.read(), model, List.of(), Lane::onThreads), deadline, recent);
    }

    private ScoreRiskHandler handler(PaymentRisk risk, Duration deadline, List<Recent> recent) {
        PrintStream out = new PrintStream(logged, true, UTF_8);
        Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
        return new ScoreRiskHandler(
                risk,
                new Remembered(recent),
                deadline,
                clock,
                new Log("risk", out, clock),
                new Metrics(Map.of("service", "risk"), out, clock));
    }

    private record Remembered(List<Recent> recent) implements Features {
        @Override
        public FeatureSnapshot of(String payer) {
            return new FeatureSnapshot.Known(recent);
        }

        @Override
        public void remember(String payer, AttemptId attempt, Recent paid) {
            throw new UnsupportedOperationException("a decision remembers nothing");
        }
    }

    private static Map<String, Object> judge(ScoreRiskHandler handler, long amount, String source) throws IOException {
        Map<String, Object> command = Map.of(
                "kind", "PAYMENT",
                "payer", "14911",
                "amount", amount,
                "currency", "GBP",
                "trace", "t",
                "branches", List.of(Map.of("kind", "DEBIT", "pk", "11#C#14911", "sk", source, "amount", amount)));
        String payment = Json.write(Map.of("payment", Map.of("pk", "order", "attempt", "a", "command", command)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(payment.getBytes(UTF_8)), out, context());
        return Json.object(out.toString(UTF_8));
    }

    private static Context context() {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, _, _) -> 3_000);
    }
}
