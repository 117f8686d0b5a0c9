package doubleeleven.gateway.release;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was done at one weight.
 *
 * @param version of the rule that made it so
 * @param verdict the last one: GO_ON, NOT_ENOUGH or ROLL_BACK
 * @param figures of the two colours at the last look
 */
public record Stage(
        int weight,
        Instant shiftedAt,
        long version,
        int looks,
        @Nullable String verdict,
        @Nullable String why,
        @Nullable Instant lookedAt,
        Map<String, Map<String, Long>> figures) {
    static Stage shifted(int weight, Instant at, long version) {
        return new Stage(weight, at, version, 0, null, null, null, Map.of());
    }

    Stage looked(Instant at, String nextVerdict, String because, Map<String, Map<String, Long>> next) {
        return new Stage(weight, shiftedAt, version, looks + 1, nextVerdict, because, at, next);
    }
}
