package doubleeleven.risk;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What was known of a payer when a decision was taken. A decision can be repeated from it.
 *
 * <p>Sealed, so that a missing reading is told apart from a payer without history.
 */
public sealed interface FeatureSnapshot {
    /** Read in time. */
    record Known(List<Recent> recent) implements FeatureSnapshot {
        public Known {
            recent = List.copyOf(recent);
        }

        long countWithin(Duration window, Instant now) {
            return recent.stream().filter(each -> isWithin(each, window, now)).count();
        }

        long sumWithin(Duration window, Instant now, String currency) {
            return recent.stream()
                    .filter(each ->
                            isWithin(each, window, now) && each.currency().equals(currency))
                    .mapToLong(Recent::amountMinor)
                    .sum();
        }

        private static boolean isWithin(Recent each, Duration window, Instant now) {
            return !each.at().isBefore(now.minus(window));
        }
    }

    /** The reading was cut off at its deadline, or failed; the cause is recorded with the decision. */
    record Missing(String cause) implements FeatureSnapshot {}
}
