package doubleeleven.gateway;

import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The routing rule, at most ten seconds old while the control table can be read. Where it cannot, the last good rule goes on serving:
 * an attempt that reaches the wrong unit is still safe, no attempt at all is not a payment.
 */
public final class Rules {
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Supplier<Optional<RoutingRule>> control;
    private final Consumer<RuntimeException> unreadable;
    private final Clock clock;
    private RoutingRule rule;
    private Instant until = Instant.MIN;
    /** When the last read began that told what is in force. */
    private Instant known = Instant.MIN;

    /**
     * Starts with the topology's rule.
     *
     * @param control reads the current rule; empty before the first publication
     * @param unreadable told of each failed read
     */
    public Rules(
            RoutingRule topology,
            Supplier<Optional<RoutingRule>> control,
            Consumer<RuntimeException> unreadable,
            Clock clock) {
        this.rule = topology;
        this.control = control;
        this.unreadable = unreadable;
        this.clock = clock;
    }

    /** The current rule, read anew where a unit knows of a newer version. */
    synchronized RoutingRule atLeast(long version) {
        if (rule.version() < version) {
            until = Instant.MIN;
        }
        return current();
    }

    /** Whether the colours of that unit serve side by side, as the rule that was read last says. */
    synchronized boolean isShared(String unit) {
        Unit known = rule.units().get(unit);
        return known != null && known.isShared();
    }

    synchronized RoutingRule current() {
        Instant now = clock.instant();
        if (now.isBefore(until)) {
            return rule;
        }
        try {
            // A replica may lag behind: versions only grow here.
            control.get().filter(read -> read.version() >= rule.version()).ifPresent(read -> rule = read);
            until = now.plus(FRESH);
            known = now;
        } catch (RuntimeException e) {
            unreadable.accept(e);
            until = now.plus(RETRY);
        }
        return rule;
    }

    /** Whether what is obeyed was in force so long ago at the most; it is read again first where it may be. */
    synchronized boolean isKnownWithin(Duration age) {
        current();
        return !known.isBefore(clock.instant().minus(age));
    }
}
