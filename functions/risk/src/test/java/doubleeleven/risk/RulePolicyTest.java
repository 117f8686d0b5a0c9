package doubleeleven.risk;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.PaymentKind;
import doubleeleven.risk.model.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RulePolicyTest {
    private static final Instant NOW = Instant.parse("2025-11-11T00:00:00Z");
    private static final RulePolicy POLICY = new RulePolicy(
            "test-1",
            Set.of(PaymentKind.PAYMENT),
            Map.of("GBP", 1000L),
            Map.of("GBP", 100L),
            List.of(new RulePolicy.Velocity(Duration.ofMinutes(1), 3, 2000)),
            new RulePolicy.Anomaly(
                    Map.of("GBP", List.of(new RulePolicy.Tier(500, 0.8), new RulePolicy.Tier(900, 0.7)))),
            new RulePolicy.Anomaly(Map.of("GBP", List.of(new RulePolicy.Tier(100, 0.7)))));
    private static final Answer ORDINARY = scored(0.4);

    @Test
    void anOrdinaryPaymentIsApproved() {
        assertThat(decide(1000, known())).isEqualTo(new Verdict(List.of(), "test-1", List.of()));
    }

    @Test
    void anAmountAboveTheLimitIsDeclinedWithItsReason() {
        assertThat(decide(1001, known()).reasons()).containsExactly(DeclineReason.RISK_AMOUNT_LIMIT);
    }

    @Test
    void aCurrencyWithoutALimitIsNotServed() {
        Subject dollars = new Subject(PaymentKind.PAYMENT, "14911", 1, "USD", NOW, false);

        assertThat(POLICY.decide(dollars, known(), ORDINARY).reasons())
                .containsExactly(DeclineReason.RISK_AMOUNT_LIMIT);
    }

    @Test
    void tooManyPaymentsWithinTheWindowAreDeclined() {
        Recent recent = new Recent(NOW.minusSeconds(30), 1, "GBP");

        assertThat(decide(1, known(Collections.nCopies(2, recent))).isApproved())
                .isTrue();
        assertThat(decide(1, known(Collections.nCopies(3, recent))).reasons())
                .containsExactly(DeclineReason.RISK_VELOCITY_COUNT);
    }

    @Test
    void tooMuchWithinTheWindowIsDeclined() {
        Recent recent = new Recent(NOW.minusSeconds(30), 1500, "GBP");

        assertThat(decide(500, known(List.of(recent))).isApproved()).isTrue();
        assertThat(decide(501, known(List.of(recent))).reasons()).containsExactly(DeclineReason.RISK_VELOCITY_AMOUNT);
    }

    @Test
    void whatLiesBeforeTheWindowDoesNotCount() {
        Recent old = new Recent(NOW.minusSeconds(61), 2000, "GBP");

        assertThat(decide(1000, known(Collections.nCopies(9, old))).isApproved())
                .isTrue();
    }

    @Test
    void aRefundIsNotJudged() {
        Subject refund = new Subject(PaymentKind.REFUND, "14911", 1_000_000, "GBP", NOW, false);

        assertThat(POLICY.decide(refund, known(), ORDINARY).isApproved()).isTrue();
    }

    @Property
    void withoutFeaturesNothingIsAllowedThatIsRefusedWithThem(@ForAll @LongRange(min = 1, max = 5000) long amount) {
        Verdict degraded = decide(amount, new FeatureSnapshot.Missing("TIMEOUT"));

        assertThat(degraded.degradedBy()).containsExactly("features: TIMEOUT");
        assertThat(degraded.isApproved() && !decide(amount, known()).isApproved())
                .isFalse();
    }

    @Property
    void withoutTheModelNothingIsAllowedThatAnOrdinaryScoreWouldNotAllow(
            @ForAll @LongRange(min = 1, max = 5000) long amount, @ForAll Answer.Cause cause) {
        Answer missed = new Answer.Missed("m", "1", cause, "", 0);

        Verdict degraded = POLICY.decide(payment(amount, false), known(), missed);

        assertThat(degraded.degradedBy()).containsExactly("m: " + cause);
        assertThat(degraded.isApproved() && !decide(amount, known()).isApproved())
                .isFalse();
        assertThat(degraded.isApproved()).isEqualTo(amount <= 100);
    }

    @Test
    void anUnusualPaymentIsDeclinedFromAnAmountOnAndALargerOneSooner() {
        assertThat(unusual(499, 0.99, false)).isEmpty();
        assertThat(unusual(500, 0.79, false)).isEmpty();
        assertThat(unusual(500, 0.8, false)).containsExactly(DeclineReason.RISK_ANOMALY);
        assertThat(unusual(900, 0.69, false)).isEmpty();
        assertThat(unusual(900, 0.7, false)).containsExactly(DeclineReason.RISK_ANOMALY);
    }

    @Test
    void onCreditASmallerAmountIsDeclinedForLess() {
        assertThat(unusual(99, 0.99, true)).isEmpty();
        assertThat(unusual(100, 0.7, true)).containsExactly(DeclineReason.RISK_ANOMALY);
    }

    private static List<DeclineReason> unusual(long amount, double score, boolean onCredit) {
        return POLICY.decide(payment(amount, onCredit), known(), scored(score)).reasons();
    }

    private static Subject payment(long amount, boolean onCredit) {
        return new Subject(PaymentKind.PAYMENT, "14911", amount, "GBP", NOW, onCredit);
    }

    private static Answer scored(double score) {
        return new Answer.Scored("m", "1", score, 0);
    }

    private static FeatureSnapshot known() {
        return known(List.of());
    }

    private static FeatureSnapshot known(List<Recent> recent) {
        return new FeatureSnapshot.Known(recent);
    }

    private static Verdict decide(long amount, FeatureSnapshot features) {
        return POLICY.decide(payment(amount, false), features, ORDINARY);
    }
}
