package doubleeleven.routing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of the rule with the record of its publication.
 *
 * @param publishedAt null in records from before times were kept
 * @param publishedBy id of the operator's API key, the watcher's name, or {@link #DEPLOYMENT}
 * @param restores the earlier version that this one says again; null where it is none
 * @param trial null where it was for all gateways from the beginning
 */
public record PublishedRule(
        RoutingRule rule,
        @Nullable Instant publishedAt,
        String publishedBy,
        String reason,
        @Nullable Long restores,
        @Nullable Trial trial) {
    public static final String DEPLOYMENT = "deployment";

    /** One that is for all gateways. */
    public PublishedRule(
            RoutingRule rule,
            @Nullable Instant publishedAt,
            String publishedBy,
            String reason,
            @Nullable Long restores) {
        this(rule, publishedAt, publishedBy, reason, restores, null);
    }

    /** The first rule of all. */
    public static PublishedRule deployed(RoutingRule topology, @Nullable Instant at) {
        return new PublishedRule(topology, at, DEPLOYMENT, "the topology as it was deployed first", null);
    }

    public long version() {
        return rule.version();
    }

    /** Whether no more than some gateways ever obeyed it. */
    public boolean isOnlyTried() {
        return trial != null && trial.spread() == null;
    }

    /** Who obeys it first, or did. */
    public @Nullable First first() {
        return trial == null ? null : trial.first();
    }

    PublishedRule tried(Trial by) {
        return new PublishedRule(rule, publishedAt, publishedBy, reason, restores, by);
    }

    /**
     * The same version, given to all.
     *
     * @throws IllegalStateException where it was for all from the beginning
     */
    public PublishedRule spread(Trial.Spread spread) {
        if (trial == null) {
            throw new IllegalStateException("version " + version() + " is not tried");
        }
        return tried(new Trial(trial.first(), trial.rest(), spread));
    }
}
