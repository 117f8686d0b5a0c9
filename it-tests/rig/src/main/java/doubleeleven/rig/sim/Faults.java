package doubleeleven.rig.sim;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What goes wrong, by chance, and how often it did. */
final class Faults {
    /** What may go wrong, and how often in a million calls, deliveries or seconds. */
    enum Kind {
        /** The call never lands; its caller waits in vain. */
        LOST(1200),
        /** It lands long after its caller gave up. */
        LATE(1200),
        /** It lands, and the answer is lost. */
        ANSWER_LOST(1500),
        /** It lands and is answered, and lands once more up to a minute later. */
        AGAIN_LATE(1500),
        THROTTLED(1000),
        SERVICE_ERROR(1000),
        /** Another Region writes the item at the same moment. */
        CONFLICT(1500),
        /** The caller dies with the call on its way: it may land or not. */
        CRASH(1200),
        MESSAGE_DELAYED(15_000),
        MESSAGE_DOUBLED(15_000),
        STREAM_DELAYED(15_000),
        STREAM_DOUBLED(15_000),
        /** A function stands still for seconds before it makes the call; only where the rule changes, as the two that follow. */
        PAUSED(2_000),
        /** The gateway stands still with a unit in mind: the rule may change meanwhile. */
        PAUSED_WITH_A_RULE(30_000),
        /** Gateways of a Region cannot read the routing rule for a while. */
        RULE_UNREADABLE(20_000),
        /** A unit accepts calls for a while and answers none. */
        UNIT_HANGS(25_000),
        /** All functions of a Region are gone for a while. */
        REGION_AWAY(8_000),
        /** A Region and the others do not hear of each other for a while; each goes on by itself. */
        REGION_CUT_OFF(8_000);

        private final int perMillion;

        Kind(int perMillion) {
            this.perMillion = perMillion;
        }
    }

    private static final Kind[] OF_A_CALL = {
        Kind.LOST,
        Kind.LATE,
        Kind.ANSWER_LOST,
        Kind.AGAIN_LATE,
        Kind.THROTTLED,
        Kind.SERVICE_ERROR,
        Kind.CONFLICT,
        Kind.CRASH
    };

    private static final Set<Kind> OF_SWITCHES = EnumSet.of(Kind.PAUSED, Kind.PAUSED_WITH_A_RULE, Kind.RULE_UNREADABLE);

    private final SplittableRandom random;
    private final boolean switches;
    private final Map<Kind, Long> happened = new EnumMap<>(Kind.class);
    private boolean on;

    /** @param switches whether the routing rule changes */
    Faults(SplittableRandom random, boolean switches) {
        this.random = random;
        this.switches = switches;
    }

    void set(boolean on) {
        this.on = on;
    }

    Map<Kind, Long> happened() {
        return happened;
    }

    void count(Kind kind) {
        happened.merge(kind, 1L, Long::sum);
    }

    /** Whether it is to happen now. */
    boolean strikes(Kind kind) {
        return on && (switches || !OF_SWITCHES.contains(kind)) && random.nextInt(1_000_000) < kind.perMillion;
    }

    /** What is to happen to a call; null for nothing. */
    @Nullable
    Kind ofACall() {
        if (on) {
            int drawn = random.nextInt(1_000_000);
            for (Kind kind : OF_A_CALL) {
                drawn -= kind.perMillion;
                if (drawn < 0) {
                    return kind;
                }
            }
        }
        return null;
    }

    boolean even() {
        return random.nextBoolean();
    }

    long between(long least, long below) {
        return random.nextLong(least, below);
    }
}
