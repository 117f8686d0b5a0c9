package doubleeleven.gateway.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What fits into one run. */
class PlanTest {
    private static Plan plan(int rate, List<Integer> steps, int stepSeconds, int sliceSeconds, int customers) {
        return new Plan(
                List.of("https://one.example"),
                rate,
                steps,
                stepSeconds,
                sliceSeconds,
                30,
                customers,
                4,
                "GBP",
                1,
                10_000,
                42,
                new Plan.Conditions(10, 1000, 5));
    }

    @Test
    void theHighestRateFitsForMinutesAndNotForHours() {
        assertThat(plan(Plan.MOST_RATE, List.of(10, 25, 50, 100), 120, 10, 200).fits())
                .isTrue();
        assertThat(plan(Plan.MOST_RATE, List.of(10, 25, 50, 100), 600, 1, 200).fits())
                .isFalse();
        assertThat(plan(10, List.of(10, 25, 50, 100), 600, 10, 200).fits()).isTrue();
    }

    @Test
    void thereAreAsManyWorkersAsTheRateOfAStepNeeds() {
        Plan plan = plan(1000, List.of(10, 20, 21, 100), 60, 10, 200);

        assertThat(List.of(plan.workers(0), plan.workers(1), plan.workers(2), plan.workers(3)))
                .containsExactly(1, 1, 2, 5);
        assertThat(plan.openers()).isEqualTo(5);
        assertThat(plan(1, List.of(100), 60, 10, 10_000).openers()).isEqualTo(20);
    }

    @Test
    void aPlanIsReadAsItWasWritten() {
        Plan plan = plan(1000, List.of(10, 100), 60, 10, 200);

        assertThat(Plan.read(plan.toJson())).isEqualTo(plan);
    }
}
