package doubleeleven.credit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LifeTest {
    private static final int DAYS = 3 * 365;
    private static final LocalDate BEGIN = LocalDate.of(2026, 10, 31);

    @Property(tries = 30)
    void overThreeYearsEveryUnitLentIsOwedRepaidOrRefundedAndAtTheEndNothingIsOwed(@ForAll long seed) {
        live(seed);
    }

    @Test
    void suchALifeHoldsEverythingThatCanHappen() {
        Map<String, Integer> seen = new TreeMap<>();
        for (long seed = 0; seed < 6; seed++) {
            live(seed).seen.forEach((what, times) -> seen.merge(what, times, Integer::sum));
        }

        assertThat(seen)
                .containsOnlyKeys(
                        "billed",
                        "bought with a plan",
                        "bought without a plan",
                        "days of interest",
                        "refunded to the balance too",
                        "refunded to the line",
                        "refused, a bill is overdue",
                        "refused, more than is owed",
                        "refused, over the limit",
                        "repaid")
                .allSatisfy((what, times) -> assertThat(times).as(what).isGreaterThan(20));
    }

    private static Life live(long seed) {
        Random random = new Random(seed);
        long[] limits = {2_000, 500_000, 1_000_000_000_000L};
        Life life = new Life(random, limits[random.nextInt(limits.length)], BEGIN);
        for (int day = 0; day < DAYS; day++) {
            life.day();
        }
        life.end();
        return life;
    }
}
