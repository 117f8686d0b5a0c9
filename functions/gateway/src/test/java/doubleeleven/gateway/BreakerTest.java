package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final Destination UNIT = new Destination("RZ01", "us-east-1", "a", null, 1);

    private final ManualClock clock = new ManualClock();
    private final Breaker breaker = new Breaker(clock);

    @BeforeEach
    void miss() {
        for (int i = 1; i <= 3; i++) {
            assertThat(breaker.allows(UNIT)).isTrue();
            assertThat(breaker.missed(UNIT)).as("given up").isEqualTo(i == 3);
        }
    }

    @Test
    void afterAPauseOneCallerFindsOut() {
        assertThat(breaker.allows(UNIT)).isFalse();
        clock.pass(Duration.ofSeconds(5));

        assertThat(breaker.allows(UNIT)).isTrue();
        assertThat(breaker.allows(UNIT)).isFalse();
        breaker.reached(UNIT);
        assertThat(breaker.allows(UNIT)).isTrue();
    }

    /** Else a unit that serves again stays closed for as long as callers over a limit come first. */
    @Test
    void whereThatCallerIsOverALimitTheNextOneFindsOut() {
        clock.pass(Duration.ofSeconds(5));
        assertThat(breaker.allows(UNIT)).isTrue();
        breaker.spared(UNIT);

        assertThat(breaker.allows(UNIT)).isTrue();
        assertThat(breaker.allows(UNIT)).isFalse();
    }
}
