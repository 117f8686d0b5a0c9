package doubleeleven.routing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of the rule with the record of its publication.
 *
 * @param publishedAt null in records from before times were kept
 * @param publishedBy id of the operator's API key, the watcher's name, or {@link #DEPLOYMENT}
 * @param restores the earlier version that this one says again; null where it is none
 */
public record PublishedRule(
        RoutingRule rule,
        @Nullable Instant publishedAt,
        String publishedBy,
        String reason,
        @Nullable Long restores) {
    public static final String DEPLOYMENT = "deployment";

    /** The first rule of all. */
    public static PublishedRule deployed(RoutingRule topology, @Nullable Instant at) {
        return new PublishedRule(topology, at, DEPLOYMENT, "the topology as it was deployed first", null);
    }

    public long version() {
        return rule.version();
    }
}
