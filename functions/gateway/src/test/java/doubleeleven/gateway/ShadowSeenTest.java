package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** For how long a call of a stress test has live payments counted. */
class ShadowSeenTest {
    private final ManualClock clock = new ManualClock();
    private final ShadowSeen seen = new ShadowSeen(clock);

    @Test
    void nothingIsCountedBeforeACallCameBy() {
        assertThat(seen.lately()).isFalse();
    }

    @Test
    void aCallCountsForLongerThanLiveTrafficIsWatchedBeforehandAndNotForGood() {
        seen.now();
        clock.pass(Duration.ofSeconds(170));
        assertThat(seen.lately()).isTrue();

        clock.pass(Duration.ofSeconds(10));
        assertThat(seen.lately()).isFalse();
    }
}
