package doubleeleven.risk.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.risk.Golden;
import doubleeleven.risk.Stalled;
import doubleeleven.risk.credit.AdverseReason;
import doubleeleven.risk.credit.Applicant;
import doubleeleven.risk.credit.Applicants;
import doubleeleven.risk.credit.CreditAssessor;
import doubleeleven.risk.model.Artefact;
import doubleeleven.risk.model.DefaultModel;
import doubleeleven.risk.model.Lane;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.crac.Core;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssessCreditHandlerTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration ENOUGH_FOR_OTHERS = Duration.ofSeconds(2);
    private static final DefaultModel CHAMPION = model("default-gbm");
    private static final DefaultModel SCORECARD = model("default-scorecard");
    private static final List<String> FEATURES = List.of("limit");

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    @Test
    void customersOfTheTrainingSetAreApprovedReviewedAndDeclinedEachDeclineWithReasons() throws IOException {
        AssessCreditHandler handler = handler(CreditPolicyFile.assessor(Lane::onThreads), LONG);
        Map<String, Integer> outcomes = new HashMap<>();
        for (Applicant applicant : Applicants.ofTrainingSet()) {
            Map<String, Object> answer = assess(handler, applicant, 300_000);
            outcomes.merge(Json.text(answer, "outcome"), 1, Integer::sum);
            assertThat(answer).containsEntry("degraded", false).containsEntry("policy", "credit-1");
            if (answer.get("outcome").equals("DECLINE")) {
                assertThat(Json.texts(answer, "reasons"))
                        .hasSizeBetween(1, 4)
                        .allSatisfy(reason ->
                                assertThat(AdverseReason.valueOf(reason).text()).isNotBlank());
                assertThat(answer).containsEntry("limit", 0);
            }
            if (answer.get("outcome").equals("APPROVE")) {
                assertThat(Json.integer(answer, "limit")).isBetween(10_000L, 300_000L);
            }
        }
        assertThat(outcomes.keySet()).containsExactlyInAnyOrder("APPROVE", "REVIEW", "DECLINE");
    }

    @Test
    void theSnapshotNamesColumnsFeaturesModelsAndPolicy() throws IOException {
        Applicant applicant = Applicants.ofTrainingSet().getFirst();
        Map<String, Object> snapshot = Json.child(
                assess(handler(CreditPolicyFile.assessor(Lane::onThreads), LONG), applicant, 300_000), "snapshot");

        assertThat(Json.child(snapshot, "applicant"))
                .hasSize(19)
                .containsKeys("limitBal", "pay0", "pay2", "pay6", "billAmt1", "payAmt6")
                .doesNotContainKey("pay1");
        assertThat(Json.number(Json.child(snapshot, "features"), "limit")).isEqualTo((double) applicant.limitBal());
        assertThat(Json.objects(snapshot, "models"))
                .extracting(model -> model.get("name"))
                .containsExactly("default-gbm", "default-scorecard", "default-gbm-challenger");
        assertThat(Json.objects(snapshot, "models"))
                .allSatisfy(model -> assertThat(model).containsKeys("version", "score", "micros"));
        assertThat(snapshot).containsEntry("policy", "credit-1").containsEntry("requestedLimit", 300_000);
    }

    @Test
    void aChallengersDivergenceIsAMetricAndItsAbsenceDegradesNothing() throws IOException {
        Applicant applicant = Applicants.ofTrainingSet().getFirst();
        assess(handler(CreditPolicyFile.assessor(Lane::onThreads), LONG), applicant, 300_000);
        double divergence = Math.abs(probability(model("default-gbm-challenger")) - probability(CHAMPION));
        assertThat(divergence).isPositive();
        assertThat(logged.toString(UTF_8)).contains("\"RiskDivergence\":" + divergence);

        try (Stalled challenger = Stalled.deaf("challenger", FEATURES)) {
            CreditAssessor assessor = new CreditAssessor(
                    CreditPolicyFile.policy(), CHAMPION, SCORECARD, List.of(challenger), Lane::onThreads);
            assertThat(assess(handler(assessor, ENOUGH_FOR_OTHERS), applicant, 300_000))
                    .containsEntry("degraded", false);
            assertThat(challenger.isReleased()).isFalse();
        }
    }

    @Test
    void withAStalledChampionTheScorecardDecidesUpToTheDegradedLimit() throws IOException {
        try (Stalled champion = Stalled.deaf("default-gbm", FEATURES)) {
            AssessCreditHandler handler = handler(
                    new CreditAssessor(CreditPolicyFile.policy(), champion, SCORECARD, List.of(), Lane::onThreads),
                    ENOUGH_FOR_OTHERS);
            AssessCreditHandler complete = handler(CreditPolicyFile.assessor(Lane::onThreads), LONG);
            int approved = 0;
            for (Applicant applicant : Applicants.ofTrainingSet()) {
                Map<String, Object> answer = assess(handler, applicant, 300_000);
                assertThat(answer).containsEntry("degraded", true);
                assertThat(Json.texts(Json.child(answer, "snapshot"), "degradedBy"))
                        .singleElement()
                        .asString()
                        .matches("default-gbm: (LATE|BUSY)");
                if (answer.get("outcome").equals("APPROVE")) {
                    approved++;
                    long limit = Json.integer(answer, "limit");
                    assertThat(limit).isLessThanOrEqualTo(50_000);
                    Map<String, Object> full = assess(complete, applicant, 300_000);
                    assertThat(!full.get("outcome").equals("APPROVE") || limit <= Json.integer(full, "limit"))
                            .isTrue();
                }
            }
            assertThat(approved).isPositive();
            assertThat(champion.isReleased()).isFalse();
            assertThat(champion.threads()).hasSize(1);
            assertThat(logged.toString(UTF_8)).contains("CreditDegraded").contains("RiskModelMissed");
        }
    }

    @Test
    void withAStalledScorecardNothingIsApproved() throws IOException {
        try (Stalled scorecard = Stalled.deaf("default-scorecard", FEATURES)) {
            AssessCreditHandler handler = handler(
                    new CreditAssessor(CreditPolicyFile.policy(), CHAMPION, scorecard, List.of(), Lane::onThreads),
                    ENOUGH_FOR_OTHERS);

            assertThat(Applicants.ofTrainingSet())
                    .allSatisfy(applicant -> assertThat(assess(handler, applicant, 300_000))
                            .containsEntry("degraded", true)
                            .hasEntrySatisfying(
                                    "outcome", outcome -> assertThat(outcome).isNotEqualTo("APPROVE")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default-gbm", "default-gbm-challenger", "default-scorecard"})
    void whatApplicantsAreToldIsWhatTheModelMeans(String model) {
        assertThat(model(model).possibleReasons())
                .isNotEmpty()
                .allSatisfy(reason ->
                        assertThat(AdverseReason.valueOf(reason.code()).text()).isEqualTo(reason.text()));
    }

    @Test
    void anApplicationOutOfRangeIsRefusedByField() {
        AssessCreditHandler handler = handler(CreditPolicyFile.assessor(Lane::onThreads), LONG);
        Applicant applicant = Applicants.ofTrainingSet().getFirst();

        assertThatThrownBy(() -> assess(handler, applicant, 0)).hasMessage("requestedLimit must be above 0, not 0");
    }

    @Test
    void primingRunsEachModelOnceAndLogsNothing() {
        try (Stalled champion = Stalled.waiting("default-gbm", FEATURES);
                Stalled scorecard = Stalled.waiting("default-scorecard", FEATURES)) {
            champion.release();
            scorecard.release();
            handler(
                            new CreditAssessor(
                                    CreditPolicyFile.policy(), champion, scorecard, List.of(), Lane::onThreads),
                            LONG)
                    .beforeCheckpoint(Core.getGlobalContext());

            assertThat(List.of(champion.calls(), scorecard.calls())).containsExactly(1, 1);
            assertThat(logged.toString(UTF_8)).isEmpty();
        }
    }

    private static double probability(DefaultModel model) {
        Golden golden = Golden.read("golden-default");
        return model.probability(
                model.score(golden.valuesFor(model, golden.rows().getFirst())));
    }

    private static DefaultModel model(String name) {
        return Artefact.defaultModel(name, Golden.artefact(name));
    }

    private AssessCreditHandler handler(CreditAssessor assessor, Duration deadline) {
        PrintStream out = new PrintStream(logged, true, UTF_8);
        Clock clock = Clock.systemUTC();
        return new AssessCreditHandler(
                assessor, deadline, new Log("risk", out, clock), new Metrics(Map.of("service", "risk"), out, clock));
    }

    static Map<String, Object> assess(AssessCreditHandler handler, Applicant applicant, long requested)
            throws IOException {
        Map<String, Object> application = Map.of(
                "id", "1",
                "customer", "14911",
                "currency", "GBP",
                "requestedLimit", requested,
                "applicant", Applicants.json(applicant));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        handler.handleRequest(
                new ByteArrayInputStream(
                        Json.write(Map.of("application", application)).getBytes(UTF_8)),
                out,
                (Context) Proxy.newProxyInstance(
                        Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, _, _) -> 3_000));
        return Json.object(out.toString(UTF_8));
    }
}
