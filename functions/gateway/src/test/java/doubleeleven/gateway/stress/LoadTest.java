package doubleeleven.gateway.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What workers sent adds up to what one of them would have. */
class LoadTest {
    private static Load of(List<Integer> millis) {
        Load load = new Load();
        millis.forEach(each -> load.sent(each % 7 == 0 ? Outcome.TIMED_OUT : Outcome.PAID, Duration.ofMillis(each)));
        return load;
    }

    @Property(tries = 200)
    void loadsAddUpWhereverTheyWereMade(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 100_000) Integer> one,
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 100_000) Integer> other) {
        Load together =
                of(java.util.stream.Stream.concat(one.stream(), other.stream()).toList());

        Load added = Load.read(of(one).toJson()).plus(Load.read(of(other).toJson()));

        assertThat(added.outcomes()).isEqualTo(together.outcomes());
        for (double percentile : List.of(1.0, 50.0, 90.0, 99.0, 100.0)) {
            assertThat(added.millisAt(percentile)).isEqualTo(together.millisAt(percentile));
        }
        assertThat(added.slowerThan(1000)).isEqualTo(together.slowerThan(1000));
    }

    @Property(tries = 200)
    void aPercentileIsWithinAHundredthOfTheLatencyThatItStandsFor(
            @ForAll @Size(min = 1, max = 100) List<@IntRange(min = 1, max = 100_000) Integer> millis) {
        List<Integer> sorted = millis.stream().sorted().toList();

        long p99 = of(millis).p99Millis();

        int exact = sorted.get((int) Math.ceil(0.99 * sorted.size()) - 1);
        assertThat(p99).isBetween((long) exact, (long) (exact * 1.01) + 1);
    }

    @Property(tries = 200)
    void whatIsSlowerThanALimitIsCounted(
            @ForAll @Size(max = 100) List<@IntRange(min = 1, max = 100_000) Integer> millis,
            @ForAll @IntRange(min = 1, max = 10_000) int limit) {
        long surely = millis.stream().filter(each -> each > limit * 1.02).count();
        long atMost = millis.stream().filter(each -> each > limit).count();

        assertThat(of(millis).slowerThan(limit)).isBetween(surely, atMost);
    }

    @Test
    void whatWasNotSentIsDueAndFailsAndHasNoLatency() {
        Load load = new Load();
        load.sent(Outcome.PAID, Duration.ofMillis(20));
        load.sent(Outcome.DECLINED, Duration.ofMillis(20));
        load.notSent();

        assertThat(load.due()).isEqualTo(3);
        assertThat(load.sent()).isEqualTo(2);
        assertThat(load.good()).isEqualTo(2);
        assertThat(load.failed()).isEqualTo(1);
        assertThat(load.mostMillis()).isBetween(20L, 21L);
    }
}
