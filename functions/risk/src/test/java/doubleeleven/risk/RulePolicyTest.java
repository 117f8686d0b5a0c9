package doubleeleven.risk;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.PaymentKind;
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
            List.of(new RulePolicy.Velocity(Duration.ofMinutes(1), 3, 2000)));

    @Test
    void anOrdinaryPaymentIsApproved() {
        assertThat(decide(1000, known())).isEqualTo(new Verdict(List.of(), "test-1", false));
    }

    @Test
    void anAmountAboveTheLimitIsDeclinedWithItsReason() {
        assertThat(decide(1001, known()).reasons()).containsExactly(DeclineReason.RISK_AMOUNT_LIMIT);
    }

    @Test
    void aCurrencyWithoutALimitIsNotServed() {
        Subject dollars = new Subject(PaymentKind.PAYMENT, "14911", 1, "USD", NOW);

        assertThat(POLICY.decide(dollars, known()).reasons()).containsExactly(DeclineReason.RISK_AMOUNT_LIMIT);
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
        Subject refund = new Subject(PaymentKind.REFUND, "14911", 1_000_000, "GBP", NOW);

        assertThat(POLICY.decide(refund, known()).isApproved()).isTrue();
    }

    @Property
    void withoutFeaturesNothingIsAllowedThatIsRefusedWithThem(@ForAll @LongRange(min = 1, max = 5000) long amount) {
        Verdict degraded = decide(amount, new FeatureSnapshot.Missing("TIMEOUT"));

        assertThat(degraded.degraded()).isTrue();
        assertThat(degraded.isApproved() && !decide(amount, known()).isApproved())
                .isFalse();
    }

    private static FeatureSnapshot known() {
        return known(List.of());
    }

    private static FeatureSnapshot known(List<Recent> recent) {
        return new FeatureSnapshot.Known(recent);
    }

    private static Verdict decide(long amount, FeatureSnapshot features) {
        return POLICY.decide(new Subject(PaymentKind.PAYMENT, "14911", amount, "GBP", NOW), features);
    }
}
