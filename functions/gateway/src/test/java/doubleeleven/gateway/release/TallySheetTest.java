package doubleeleven.gateway.release;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TallySheetTest {
    private static final Duration LATENCY = Duration.ofMillis(64);

    private final ManualClock clock = new ManualClock();
    private final List<String> handedIn = new ArrayList<>();
    private final List<RuntimeException> failures = new ArrayList<>();
    private boolean failing;
    private final TallySheet sheet = new TallySheet(
            (unit, colour, tally) -> {
                if (failing) {
                    throw new IllegalStateException("slow");
                }
                handedIn.add(unit + "-" + colour + " " + tally.of(Ending.PAID) + " " + tally.of(Ending.FAILED));
            },
            failures::add,
            clock);

    @BeforeEach
    void set() {
        clock.set(Instant.EPOCH);
    }

    private void pass(Duration time) {
        clock.set(clock.instant().plus(time));
    }

    @Test
    void countsAreHandedInOnceASecondWhateverColourTheyAreOf() {
        sheet.count("RZ01", "a", Ending.PAID, LATENCY);
        for (int i = 0; i < 10; i++) {
            sheet.count("RZ01", "a", Ending.PAID, LATENCY);
            sheet.count("RZ01", "b", Ending.FAILED, LATENCY);
        }
        assertThat(handedIn).containsExactly("RZ01-a 1 0");

        pass(Duration.ofSeconds(1));
        sheet.count("RZ01", "b", Ending.FAILED, LATENCY);
        sheet.count("RZ01", "b", Ending.FAILED, LATENCY);
        assertThat(handedIn).containsExactly("RZ01-a 1 0", "RZ01-a 10 0");

        pass(Duration.ofSeconds(1));
        sheet.count("RZ01", "a", Ending.PAID, LATENCY);
        assertThat(handedIn).containsExactly("RZ01-a 1 0", "RZ01-a 10 0", "RZ01-b 0 12");
    }

    /** Nobody knows whether they arrived: counted twice would be worse than not at all. */
    @Test
    void whatCannotBeHandedInIsLeftOutAndNobodyWaitsForTheNextForAWhile() {
        failing = true;
        sheet.count("RZ01", "a", Ending.PAID, LATENCY);
        sheet.count("RZ01", "a", Ending.PAID, LATENCY);
        assertThat(failures).hasSize(1);
        failing = false;

        pass(Duration.ofSeconds(9));
        sheet.count("RZ01", "a", Ending.PAID, LATENCY);
        assertThat(handedIn).isEmpty();

        pass(Duration.ofSeconds(1));
        sheet.count("RZ01", "a", Ending.PAID, LATENCY);
        assertThat(handedIn).containsExactly("RZ01-a 3 0");
    }

    @Test
    void latenciesHaveBucketsOfTheSquareRootOfTwoAndEveryAnswerIsInOne() {
        assertThat(List.of(0, 1, 2, 3, 4, 64, 90, 91, 16_383, 99_999).stream()
                        .map(millis -> Latencies.bucket(Duration.ofMillis(millis))))
                .containsExactly(0, 0, 2, 3, 4, 12, 12, 13, 27, 29);
        Tally tally = Tally.of(Ending.PAID, LATENCY)
                .plus(Tally.of(Ending.DECLINED, LATENCY.multipliedBy(2)))
                .plus(Tally.of(Ending.FAILED, LATENCY));
        assertThat(tally.latencies().stream().mapToLong(Long::longValue).sum())
                .as("a failure has none")
                .isEqualTo(2);
        assertThat(tally.quantile(0.5)).isEqualTo(12);
        assertThat(tally.slowerThan(12)).isEqualTo(1);
        assertThat(tally.since(Tally.of(Ending.PAID, LATENCY)).endings())
                .isEqualTo(Map.of(
                        Ending.PAID,
                        0L,
                        Ending.DECLINED,
                        1L,
                        Ending.RISK_DECLINED,
                        0L,
                        Ending.OPEN,
                        0L,
                        Ending.FAILED,
                        1L));
    }
}
