package doubleeleven.routing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a version was given to some gateways first.
 *
 * @param rest the version that says what all others went on obeying
 * @param spread null where it did not get any further, or not yet
 */
public record Trial(First first, long rest, @Nullable Spread spread) {
    /** When it was given to all, by whom and why. */
    public record Spread(Instant at, String by, String reason) {}
}
