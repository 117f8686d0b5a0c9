package doubleeleven.gateway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Remembers which units could not be reached, so that the next payments lose no time on them. After a pause one payment is let through
 * to find out.
 */
final class Breaker {
    /** Misses in a row after which a unit is given up on. */
    static final int FAILURES = 3;

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private record State(int failures, Instant closedUntil) {}

    private final Map<String, State> states = new HashMap<>();
    private final Clock clock;

    Breaker(Clock clock) {
        this.clock = clock;
    }

    /** Whether to try that unit; a yes after a pause is for one caller only until the pause is over again. */
    synchronized boolean allows(Destination destination) {
        State state = states.get(name(destination));
        Instant now = clock.instant();
        if (state == null || state.failures() < FAILURES) {
            return true;
        }
        if (now.isBefore(state.closedUntil())) {
            return false;
        }
        states.put(name(destination), new State(state.failures(), now.plus(PAUSE)));
        return true;
    }

    /** Whether that unit was missed so often that it is tried only to find out. */
    synchronized boolean hasGivenUpOn(Destination destination) {
        State state = states.get(name(destination));
        return state != null && state.failures() >= FAILURES;
    }

    /** Whoever was let through stayed away all the same: the next caller finds out. */
    synchronized void spared(Destination destination) {
        states.computeIfPresent(name(destination), (_, state) -> new State(state.failures(), clock.instant()));
    }

    synchronized void reached(Destination destination) {
        states.remove(name(destination));
    }

    /** Whether the unit is given up now. */
    synchronized boolean missed(Destination destination) {
        State state = states.merge(
                name(destination),
                new State(1, clock.instant().plus(PAUSE)),
                (old, fresh) -> new State(old.failures() + 1, fresh.closedUntil()));
        return state.failures() >= FAILURES;
    }

    private static String name(Destination destination) {
        return destination.unit() + destination.colour();
    }
}
