package doubleeleven.risk.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.risk.credit.Decision.Approved;
import doubleeleven.risk.credit.Decision.Declined;
import doubleeleven.risk.credit.Decision.Review;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CreditPolicyTest {
    private static final OptionalDouble NONE = OptionalDouble.empty();
    private static final CreditPolicy.Terms GBP =
            new CreditPolicy.Terms(2, List.of(5000L, 3000L, 1000L), 200, 500, 100);
    private static final CreditPolicy POLICY = policy(0.4, 450, 500, 550, GBP);
    /** Pays 600 units a month: 1,200 minor units, and with that 7,200 of limit. */
    private static final long PAYS = 600;

    @Test
    void theBandGivesTheLimitOfWhatIsAskedFor() {
        assertThat(decide(9_000, PAYS, 0.04, 500)).isEqualTo(new Approved(5000));
        assertThat(decide(9_000, PAYS, 0.05, 500)).isEqualTo(new Approved(3000));
        assertThat(decide(9_000, PAYS, 0.199, 500)).isEqualTo(new Approved(1000));
        assertThat(decide(4_321, PAYS, 0.04, 500)).isEqualTo(new Approved(4300));
    }

    @Test
    void noLimitIsAboveWhatThePaymentsCarry() {
        assertThat(decide(9_000, 100, 0.04, 500)).isEqualTo(new Approved(1200));
        assertThat(decide(9_000, 16, 0.04, 500)).isEqualTo(new Declined(List.of(AdverseReason.LOW_PAYMENTS)));
    }

    @Test
    void betweenTheBandsAndTheDeclineAPersonDecidesUpToTheWorstBandsLimit() {
        assertThat(decide(9_000, PAYS, 0.2, 500)).isEqualTo(new Review(1000, List.of(AdverseReason.UTILISATION)));
        assertThat(decide(9_000, PAYS, 0.04, 499)).isEqualTo(new Review(5000, List.of(AdverseReason.UTILISATION)));
    }

    @Test
    void tooProbableADefaultOrTooFewPointsAreDeclinedWithTheModelsReasons() {
        Declined declined = new Declined(List.of(AdverseReason.UTILISATION));

        assertThat(decide(9_000, PAYS, 0.4, 600)).isEqualTo(declined);
        assertThat(decide(9_000, PAYS, 0.01, 449)).isEqualTo(declined);
        assertThat(POLICY.decide(application("GBP", 9_000, 0, PAYS), opinion(0.9, 300)))
                .isEqualTo(new Declined(List.of(AdverseReason.OVERALL_RISK)));
    }

    @Test
    void whatIsNotServedOrTooLittleIsDeclinedByName() {
        assertThat(POLICY.decide(application("CHF", 9_000, 0, PAYS), opinion(0.04, 500)))
                .isEqualTo(new Declined(List.of(AdverseReason.CURRENCY_NOT_SERVED)));
        assertThat(decide(199, PAYS, 0.04, 500)).isEqualTo(new Declined(List.of(AdverseReason.REQUEST_BELOW_LEAST)));
    }

    @Test
    void theScorecardAloneCarriesAnApprovalUpToTheDegradedLimit() {
        assertThat(decide(9_000, 0, PAYS, NONE, OptionalDouble.of(550))).isEqualTo(new Approved(500));
        assertThat(decide(9_000, 0, PAYS, NONE, OptionalDouble.of(549))).isInstanceOf(Review.class);
        assertThat(decide(9_000, 0, PAYS, NONE, OptionalDouble.of(449))).isInstanceOf(Declined.class);
    }

    @Test
    void withoutTheScorecardNothingIsApproved() {
        assertThat(decide(9_000, 0, PAYS, OptionalDouble.of(0.01), NONE)).isInstanceOf(Review.class);
        assertThat(decide(9_000, 0, PAYS, OptionalDouble.of(0.4), NONE)).isInstanceOf(Declined.class);
        assertThat(decide(9_000, 0, PAYS, NONE, NONE)).isInstanceOf(Review.class);
    }

    @Property
    void aDegradedDecisionNeverRaisesALimit(
            @ForAll @LongRange(min = 1, max = 20_000) long requested,
            @ForAll @LongRange(min = 0, max = 6_000) long current,
            @ForAll @LongRange(min = 0, max = 1_000) long paid,
            @ForAll @DoubleRange(min = 0, max = 1) double probability,
            @ForAll @DoubleRange(min = 300, max = 700) double points) {
        Decision complete = decide(requested, current, paid, OptionalDouble.of(probability), OptionalDouble.of(points));
        for (Decision degraded : List.of(
                decide(requested, current, paid, NONE, OptionalDouble.of(points)),
                decide(requested, current, paid, OptionalDouble.of(probability), NONE),
                decide(requested, current, paid, NONE, NONE))) {
            if (degraded instanceof Approved approved) {
                assertThat(approved.limit()).isLessThanOrEqualTo(GBP.limitDegraded());
                assertThat(current == 0 || approved.limit() <= current).isTrue();
                assertThat(!(complete instanceof Approved full) || approved.limit() <= full.limit())
                        .isTrue();
            }
            if (degraded instanceof Review review && current > 0) {
                assertThat(review.limitMost()).isLessThanOrEqualTo(Math.min(current, GBP.limitDegraded()));
            }
        }
    }

    @Property
    void noLimitIsAboveTheRequestOrNoMultipleOfTheStep(
            @ForAll @LongRange(min = 1, max = 20_000) long requested,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long paid,
            @ForAll @DoubleRange(min = 0, max = 1) double probability,
            @ForAll @DoubleRange(min = 300, max = 700) double points) {
        if (decide(requested, 0, paid, OptionalDouble.of(probability), OptionalDouble.of(points))
                instanceof Approved approved) {
            assertThat(approved.limit()).isBetween(GBP.limitLeast(), requested);
            assertThat(approved.limit() % GBP.step()).isZero();
        }
    }

    @Test
    void aPolicyThatContradictsItselfIsRefusedByField() {
        assertThatThrownBy(() -> policy(0.1, 450, 500, 550, GBP)).hasMessageContaining("declinedFrom must be from");
        assertThatThrownBy(() -> policy(0.4, 501, 500, 550, GBP)).hasMessageContaining("pointsLeast, pointsApproved");
        assertThatThrownBy(() -> policy(0.4, 450, 500, 499, GBP)).hasMessageContaining("and pointsDegraded must rise");
        assertThatThrownBy(() -> new CreditPolicy.Terms(2, List.of(1000L, 2000L), 200, 500, 100))
                .hasMessageContaining("limits must fall");
        assertThatThrownBy(() -> new CreditPolicy.Terms(2, List.of(1000L), 200, 1001, 100))
                .hasMessageContaining("limitDegraded must be from limitLeast to the worst band's limit");
        assertThatThrownBy(() -> policy(0.4, 450, 500, 550, new CreditPolicy.Terms(2, List.of(1000L), 200, 500, 100)))
                .hasMessageContaining("currencies.GBP.limits must be one for each band");
    }

    private static CreditPolicy policy(
            double declinedFrom, double least, double approved, double degraded, CreditPolicy.Terms terms) {
        return new CreditPolicy(
                "test-1", declinedFrom, least, approved, List.of(0.05, 0.1, 0.2), 6, degraded, Map.of("GBP", terms));
    }

    private static Decision decide(long requested, long paid, double probability, double points) {
        return decide(requested, 0, paid, OptionalDouble.of(probability), OptionalDouble.of(points));
    }

    private static Decision decide(
            long requested, long current, long paid, OptionalDouble probability, OptionalDouble points) {
        return POLICY.decide(
                application("GBP", requested, current, paid),
                new Opinion(probability, points, List.of(AdverseReason.UTILISATION)));
    }

    private static Opinion opinion(double probability, double points) {
        return new Opinion(OptionalDouble.of(probability), OptionalDouble.of(points), List.of());
    }

    private static Application application(String currency, long requested, long current, long paid) {
        List<Long> none = Collections.nCopies(6, 0L);
        return new Application(
                currency, requested, current, new Applicant(1, none, none, Collections.nCopies(6, paid)));
    }
}
