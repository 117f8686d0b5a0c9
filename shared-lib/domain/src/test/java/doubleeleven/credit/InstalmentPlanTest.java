package doubleeleven.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class InstalmentPlanTest {
    @Property(tries = 500)
    void theInstalmentsSumToThePrincipalAndToTheFeeExactly(
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long principal,
            @ForAll("plans") InstalmentPlan plan) {
        List<Instalment> schedule = plan.schedule(principal);

        assertThat(schedule)
                .extracting(Instalment::number)
                .doesNotHaveDuplicates()
                .hasSize(plan.count());
        assertThat(schedule.stream().mapToLong(Instalment::principalMinor).sum())
                .isEqualTo(principal);
        assertThat(schedule.stream().mapToLong(Instalment::feeMinor).sum())
                .isEqualTo(BigDecimal.valueOf(principal)
                        .multiply(BigDecimal.valueOf(plan.feePpm()))
                        .divide(BigDecimal.valueOf(1_000_000), 0, RoundingMode.HALF_UP)
                        .longValueExact());
    }

    @Property(tries = 500)
    void afterEachInstalmentTheSumSoFarIsTheEvenShareRoundedHalfUp(
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long principal,
            @ForAll("plans") InstalmentPlan plan) {
        long sum = 0;
        for (Instalment each : plan.schedule(principal)) {
            sum += each.principalMinor();
            assertThat(sum)
                    .isEqualTo(BigDecimal.valueOf(principal)
                            .multiply(BigDecimal.valueOf(each.number()))
                            .divide(BigDecimal.valueOf(plan.count()), 0, RoundingMode.HALF_UP)
                            .longValueExact());
        }
    }

    @Test
    void oneHundredInThreeIs33And34And33() {
        assertThat(new InstalmentPlan(3, 25_000).schedule(100))
                .containsExactly(new Instalment(1, 33, 1), new Instalment(2, 34, 1), new Instalment(3, 33, 1));
    }

    @Test
    void withoutAPlanTheWholeIsOneInstalmentAndCostsNothing() {
        assertThat(InstalmentPlan.NONE.schedule(999)).containsExactly(new Instalment(1, 999, 0));
    }

    @Test
    void theLargestAmountOverflowsNothing() {
        assertThat(new InstalmentPlan(12, 1_000_000)
                        .schedule(Long.MAX_VALUE).stream()
                                .mapToLong(Instalment::feeMinor)
                                .sum())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Property(tries = 100)
    void anyOtherNumberOfInstalmentsIsRefused(@ForAll @IntRange(min = -20, max = 20) int count) {
        if (count == 1 || InstalmentPlan.COUNTS.contains(count)) {
            assertThat(new InstalmentPlan(count, 0).count()).isEqualTo(count);
        } else {
            assertThatThrownBy(() -> new InstalmentPlan(count, 0)).hasMessageContaining("3, 6, 9 or 12");
        }
    }

    @Test
    void aFeeOutOfRangeIsRefusedWithTheRange() {
        assertThatThrownBy(() -> new InstalmentPlan(3, 1_000_001)).hasMessageContaining("0 to 1000000 ppm");
        assertThatThrownBy(() -> new InstalmentPlan(3, -1)).hasMessageContaining("0 to 1000000 ppm");
        assertThatThrownBy(() -> new InstalmentPlan(1, 1)).hasMessageContaining("0 to 0 ppm");
    }

    @Provide
    static Arbitrary<InstalmentPlan> plans() {
        return Arbitraries.integers()
                .between(0, 1_000_000)
                .flatMap(fee -> Arbitraries.of(
                        InstalmentPlan.NONE,
                        new InstalmentPlan(3, fee),
                        new InstalmentPlan(6, fee),
                        new InstalmentPlan(9, fee),
                        new InstalmentPlan(12, fee)));
    }
}
