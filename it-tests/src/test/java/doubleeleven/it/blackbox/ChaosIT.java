package doubleeleven.it.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.chaos.Chaos;
import doubleeleven.it.chaos.Chaos.Effort;
import doubleeleven.it.chaos.Row;
import doubleeleven.it.chaos.Scenario;
import doubleeleven.it.chaos.Timing;
import doubleeleven.it.chaos.WarmUp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The quick part of {@code eleven chaos}: how long anything takes is measured there and does not matter here. */
final class ChaosIT {
    private static final Timing SHORT =
            new Timing(WarmUp.NONE, Duration.ofSeconds(3), Duration.ofSeconds(8), Duration.ZERO);

    @Test
    void whateverBreaksUnderLoadNothingIsLostOrDoubledAndEverythingEnds() throws IOException {
        List<Row> rows = Chaos.rows(
                System.out,
                World.STACK,
                List.of(Scenario.ERRORS, Scenario.DUPLICATES),
                "",
                new Effort(9, 6, Duration.ofMillis(1200), 11, List.of()),
                SHORT);

        assertThat(rows).hasSize(2).allSatisfy(row -> {
            assertThat(row.hitsInAll()).as("hits of %s", row.scenario()).isPositive();
            assertThat(row.lost()).isEmpty();
            assertThat(row.doubled()).isEmpty();
            assertThat(row.open()).isEmpty();
        });
    }
}
