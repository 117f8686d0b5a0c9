package doubleeleven.health;

import doubleeleven.health.View.Real;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a Region's gateways last told of one colour of a unit. They tell of it only once they gave it up, so silence says nothing.
 *
 * @param missedAt when some gateway last found it out of reach; null where none ever did
 * @param reachedAt when one that had given it up last reached it again; null where none ever did
 */
public record Heard(@Nullable Instant missedAt, @Nullable Instant reachedAt) {
    public static final Heard NONE = new Heard(null, null);

    /** Longer than a gateway that gave a unit up waits before it tries again. */
    private static final Duration LATELY = Duration.ofSeconds(15);

    public Real at(Instant now) {
        if (!isLately(missedAt, now)) {
            return isLately(reachedAt, now) ? Real.REACHED : Real.SILENT;
        }
        return reachedAt != null && !reachedAt.isBefore(missedAt) ? Real.REACHED : Real.MISSED;
    }

    private static boolean isLately(@Nullable Instant at, Instant now) {
        return at != null && !at.plus(LATELY).isBefore(now);
    }
}
