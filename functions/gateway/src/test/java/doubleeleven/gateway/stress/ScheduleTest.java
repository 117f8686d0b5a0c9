package doubleeleven.gateway.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** When payments are due: each once, whatever slices and workers there are, and never because of another one. */
class ScheduleTest {
    private static Schedule schedule(
            int rate, int percent, int stepSeconds, int sliceSeconds, int slice, int workers, int worker) {
        return new Schedule(rate, percent, stepSeconds, sliceSeconds, slice, workers, worker);
    }

    @Property(tries = 500)
    void everyPaymentOfAStepIsDueOnceAndInItsOwnSlice(
            @ForAll @IntRange(min = 1, max = 400) int rate,
            @ForAll @IntRange(min = 1, max = 100) int percent,
            @ForAll @IntRange(min = 1, max = 40) int stepSeconds,
            @ForAll @IntRange(min = 1, max = 30) int sliceSeconds,
            @ForAll @IntRange(min = 1, max = 7) int workers) {
        List<Long> sent = new ArrayList<>();
        for (int slice = 0; slice < Math.ceilDiv(stepSeconds, sliceSeconds); slice++) {
            for (int worker = 0; worker < workers; worker++) {
                Schedule each = schedule(rate, percent, stepSeconds, sliceSeconds, slice, workers, worker);
                List<Long> numbers = each.numbers().boxed().toList();
                assertThat(numbers)
                        .isSorted()
                        .allSatisfy(number -> assertThat(each.due(number))
                                .isBetween(Duration.ZERO, each.length().minusNanos(1)));
                sent.addAll(numbers);
            }
        }

        long all = Math.ceilDiv((long) rate * percent * stepSeconds, 100L);
        assertThat(sent)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, all).boxed().toList());
    }

    @Test
    void paymentsAreDueAtEvenDistancesThatTheWorkersShare() {
        assertThat(schedule(10, 40, 10, 5, 1, 2, 0).numbers())
                .containsExactly(20L, 22L, 24L, 26L, 28L, 30L, 32L, 34L, 36L, 38L);
        assertThat(schedule(10, 40, 10, 5, 1, 2, 0).due(22)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void theLastSliceEndsWithItsStep() {
        assertThat(schedule(1, 100, 12, 5, 2, 1, 0).length()).isEqualTo(Duration.ofSeconds(2));
        assertThat(schedule(1, 100, 12, 5, 2, 1, 0).numbers()).containsExactly(10L, 11L);
    }

    @Test
    void theHighestRateOfTheLongestStepIsCountedExactly() {
        Schedule last = schedule(Plan.MOST_RATE, 100, 600, 30, 19, 40, 39);

        assertThat(last.numbers().max()).hasValue(8000L * 600 - 1);
        assertThat(last.due(8000L * 600 - 1)).isEqualTo(Duration.ofSeconds(30).minusNanos(125_000));
    }
}
