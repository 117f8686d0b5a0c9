package doubleeleven.risk.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.aws.Json;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.PaymentKind;
import doubleeleven.risk.FeatureSnapshot;
import doubleeleven.risk.Judgement;
import doubleeleven.risk.PaymentRisk;
import doubleeleven.risk.Recent;
import doubleeleven.risk.Subject;
import doubleeleven.risk.Verdict;
import doubleeleven.risk.credit.Applicants;
import doubleeleven.risk.credit.Application;
import doubleeleven.risk.credit.Assessment;
import doubleeleven.risk.credit.CreditAssessor;
import doubleeleven.risk.credit.Decision;
import doubleeleven.risk.model.Lane;
import doubleeleven.risk.model.Panel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A decision can be taken again from what was stored of it, by models and policies that are loaded anew. */
class ReplayTest {
    private static final int SNAPSHOTS = 1000;
    private static final Instant NOW = Instant.parse("2025-11-11T00:00:00.123456Z");
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final List<PaymentKind> KINDS = List.of(PaymentKind.values());

    @Test
    void aThousandPaymentsAreJudgedAgainAsTheyWere() {
        Random random = new Random(1111);
        PaymentRisk risk = RuleFile.paymentRisk(Lane::onThreads);
        List<String> stored = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < SNAPSHOTS; i++) {
            Judgement judgement = risk.judge(subject(random), features(random), left(random));
            stored.add(Json.write(PaymentSnapshot.write(judgement)));
            verdicts.add(judgement.verdict());
        }

        Replay replay = new Replay();
        assertThat(stored.stream().map(each -> replay.payment(each).verdict()).toList())
                .isEqualTo(verdicts);
        Set<Object> reasons = new HashSet<>();
        verdicts.forEach(verdict -> reasons.addAll(verdict.reasons()));
        assertThat(reasons)
                .containsExactlyInAnyOrder(
                        DeclineReason.RISK_AMOUNT_LIMIT,
                        DeclineReason.RISK_VELOCITY_COUNT,
                        DeclineReason.RISK_VELOCITY_AMOUNT,
                        DeclineReason.RISK_ANOMALY);
        assertThat(verdicts).anyMatch(Verdict::isApproved).anyMatch(Verdict::isDegraded);
    }

    @Test
    void aThousandApplicationsAreDecidedAgainAsTheyWere() {
        Random random = new Random(1111);
        CreditAssessor assessor = CreditPolicyFile.assessor(Lane::onThreads);
        List<String> stored = new ArrayList<>();
        List<Decision> decisions = new ArrayList<>();
        for (int i = 0; i < SNAPSHOTS; i++) {
            Application application = new Application(
                    random.nextInt(20) == 0 ? "CHF" : "GBP",
                    random.nextLong(5_000, 600_000),
                    random.nextBoolean() ? 0 : 50_000,
                    Applicants.madeUp(random));
            Assessment assessment = assessor.assess(application, left(random));
            stored.add(Json.write(CreditSnapshot.write(assessment, assessor.features(application.applicant()))));
            decisions.add(assessment.decision());
        }

        Replay replay = new Replay();
        assertThat(stored.stream().map(each -> replay.credit(each).decision()).toList())
                .isEqualTo(decisions);
        assertThat(decisions)
                .hasAtLeastOneElementOfType(Decision.Approved.class)
                .hasAtLeastOneElementOfType(Decision.Review.class)
                .hasAtLeastOneElementOfType(Decision.Declined.class);
    }

    @Test
    void whatWasChangedSinceIsNotTakenForTheSame() {
        Random random = new Random(1111);
        Judgement judgement = RuleFile.paymentRisk(Lane::onThreads).judge(subject(random), features(random), LONG);
        Map<String, Object> stored = PaymentSnapshot.write(judgement);

        assertRefused(stored, "policy", "rules-1", "decided by rules-1");
        assertRefused(stored, "reasons", List.of("RISK_VELOCITY_COUNT", "RISK_ANOMALY"), "was ");
        assertRefused(stored, "models", List.of(), "0 models answered");
        List<Map<String, Object>> models = Json.objects(stored, "models");
        for (int i = 0; i < models.size(); i++) {
            String name = Json.text(models.get(i), "name");
            assertRefused(stored, "models", changed(models, i, "score", 0.5), name + " said 0.5");
            assertRefused(stored, "models", changed(models, i, "version", "2025-1"), "scored by " + name + " 2025-1");
        }
        assertThat(models).hasSize(2);
    }

    private static List<Map<String, Object>> changed(
            List<Map<String, Object>> models, int place, String field, Object value) {
        List<Map<String, Object>> changed = new ArrayList<>(models);
        Map<String, Object> model = new HashMap<>(models.get(place));
        model.put(field, value);
        changed.set(place, model);
        return changed;
    }

    private static void assertRefused(Map<String, Object> stored, String field, Object value, String message) {
        Map<String, Object> changed = new HashMap<>(stored);
        changed.put(field, value);
        assertThatThrownBy(() -> new Replay().payment(Json.write(changed)))
                .isInstanceOf(Panel.NotReproducible.class)
                .hasMessageStartingWith(message);
    }

    /** Now and then there is none, and all models are late. */
    private static Duration left(Random random) {
        return random.nextInt(10) == 0 ? Duration.ZERO : LONG;
    }

    private static Subject subject(Random random) {
        return new Subject(
                KINDS.get(random.nextInt(KINDS.size())),
                "14911",
                (long) Math.pow(10, 1 + 6.5 * random.nextDouble()),
                random.nextInt(5) == 0 ? "EUR" : "GBP",
                NOW.plusSeconds(random.nextInt(30)),
                random.nextBoolean());
    }

    private static FeatureSnapshot features(Random random) {
        if (random.nextInt(10) == 0) {
            return new FeatureSnapshot.Missing("TIMEOUT");
        }
        List<Recent> recent = new ArrayList<>();
        int size = (int) Math.pow(1100, random.nextDouble()) - 1;
        long seconds = (long) Math.pow(10, 6 * random.nextDouble()) + 1;
        for (int i = 0; i < size; i++) {
            recent.add(new Recent(
                    Instant.ofEpochMilli(
                            NOW.minusSeconds(random.nextLong(seconds)).toEpochMilli()),
                    random.nextLong(1, 1_000_000),
                    random.nextInt(5) == 0 ? "EUR" : "GBP"));
        }
        return new FeatureSnapshot.Known(recent);
    }
}
