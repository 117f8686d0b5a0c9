package doubleeleven.gateway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether calls of stress tests that are judged by live payments came by here lately. Live payments are counted meanwhile: whoever judges what a test does to them sees
 * what those gateways see that the test loads, and no other one counts, writes or reads anything more.
 */
final class ShadowSeen {
    /** Longer than live traffic is watched before the load. */
    private static final Duration LATELY = Duration.ofMinutes(3);

    private final Clock clock;
    private Instant until = Instant.MIN;

    ShadowSeen(Clock clock) {
        this.clock = clock;
    }

    synchronized void now() {
        until = clock.instant().plus(LATELY);
    }

    synchronized boolean lately() {
        return clock.instant().isBefore(until);
    }
}
