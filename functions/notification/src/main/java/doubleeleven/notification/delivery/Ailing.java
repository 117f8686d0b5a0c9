package doubleeleven.notification.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Endpoints that failed several times in a row. They are left alone for a while, so that one that is down, and takes seconds to say so, keeps
 * nobody else's notifications waiting.
 */
final class Ailing {
    private static final int FAILURES = 3;
    private static final Duration REST = Duration.ofSeconds(30);
    private static final int MOST = 10_000;

    private record Failing(int times, Instant last) {}

    private final Clock clock;
    private final Map<String, Failing> failing = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failing> eldest) {
            return size() > MOST;
        }
    };

    Ailing(Clock clock) {
        this.clock = clock;
    }

    synchronized boolean isLeftAlone(String merchant) {
        Failing known = failing.get(merchant);
        return known != null
                && known.times() >= FAILURES
                && clock.instant().isBefore(known.last().plus(REST));
    }

    synchronized void failed(String merchant) {
        failing.merge(
                merchant,
                new Failing(1, clock.instant()),
                (known, once) -> new Failing(known.times() + 1, once.last()));
    }

    synchronized void took(String merchant) {
        failing.remove(merchant);
    }
}
