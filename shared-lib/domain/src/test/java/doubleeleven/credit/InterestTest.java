package doubleeleven.credit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class InterestTest {
    private static final LocalDate DUE = LocalDate.of(2026, 12, 10);

    @Test
    void theDayAfterTheDueDayIsTheFirstThatCosts() {
        Interest due = new Interest(DUE, 0, 500);

        assertThat(due.accrue(DUE, 10_000).amountMinor()).isZero();
        assertThat(due.accrue(DUE.plusDays(1), 10_000))
                .isEqualTo(new Interest.Accrual(5, new Interest(DUE.plusDays(1), 0, 500)));
    }

    @Test
    void aDayChargedBeforeCostsNothingAgain() {
        Interest third = new Interest(DUE.plusDays(3), 123, 500);

        assertThat(third.accrue(DUE.plusDays(2), 10_000)).isEqualTo(new Interest.Accrual(0, third));
        assertThat(third.accrue(DUE.plusDays(3), 10_000)).isEqualTo(new Interest.Accrual(0, third));
    }

    @Property(tries = 300)
    void severalDaysAtOnceAreDayByDay(
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long principal,
            @ForAll @IntRange(min = 0, max = 10_000) int ppm,
            @ForAll @IntRange(min = 1, max = 60) int days) {
        Interest due = new Interest(DUE, 0, ppm);
        Interest carried = due;
        long sum = 0;
        for (int day = 1; day <= days; day++) {
            Interest.Accrual accrual = carried.accrue(DUE.plusDays(day), principal);
            sum += accrual.amountMinor();
            carried = accrual.carried();
        }

        assertThat(due.accrue(DUE.plusDays(days), principal)).isEqualTo(new Interest.Accrual(sum, carried));
    }

    @Property(tries = 300)
    void afterAnyPrincipalsOfAnyDaysItIsTheExactInterestRoundedDownOnce(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 10_000) int ppm) {
        java.util.Random random = new java.util.Random(seed);
        Interest carried = new Interest(DUE, 0, ppm);
        LocalDate day = DUE;
        long sum = 0;
        BigDecimal exact = BigDecimal.ZERO;
        for (int step = 0; step < 40; step++) {
            long principal = random.nextLong(1_000_000_000_000L);
            int days = 1 + random.nextInt(5);
            day = day.plusDays(days);
            exact = exact.add(BigDecimal.valueOf(principal)
                    .multiply(BigDecimal.valueOf(ppm))
                    .multiply(BigDecimal.valueOf(days))
                    .movePointLeft(6));
            Interest.Accrual accrual = carried.accrue(day, principal);
            sum += accrual.amountMinor();
            carried = accrual.carried();

            assertThat(sum).isEqualTo(exact.setScale(0, RoundingMode.DOWN).longValueExact());
        }
    }
}
