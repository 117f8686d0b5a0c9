package doubleeleven.rig.sim;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How calls were routed.
 *
 * @param switches of the rule
 * @param failovers units that a version forbade, and the one before did not
 * @param failbacks units that were allowed again
 * @param attempts that anybody served
 * @param byTwoUnits those of them that more than one unit served
 * @param shards of which anybody was served
 * @param byOwner executions that served by a route, as owner
 * @param byStandby the same as standby
 * @param byStandbyOfForbidden those of them that did so since the owner was forbidden
 * @param open that served since no route could be read
 * @param forbidden owners that refused since they were forbidden
 * @param sentBack standbys that refused since the caller's rule was older than the route
 * @param misrouted answers that told gateways who serves instead
 * @param rerouted that gateways began after such an answer
 * @param beside that gateways began while another one of the same attempt was under way
 * @param askedAgain that asked once more since their callers knew a newer version
 * @param stale routes that were read and were not the newest
 * @param oldest the longest time after which a route that had been replaced was read
 */
record RoutingCount(
        long switches,
        long failovers,
        long failbacks,
        long attempts,
        long byTwoUnits,
        Set<String> shards,
        long byOwner,
        long byStandby,
        long byStandbyOfForbidden,
        long open,
        long forbidden,
        long sentBack,
        long misrouted,
        long rerouted,
        long beside,
        long askedAgain,
        long stale,
        Duration oldest) {
    static final RoutingCount NONE =
            new RoutingCount(0, 0, 0, 0, 0, Set.of(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO);

    RoutingCount {
        shards = Set.copyOf(shards);
    }

    /** Of two worlds. */
    RoutingCount plus(RoutingCount more) {
        Set<String> all = new LinkedHashSet<>(shards);
        all.addAll(more.shards);
        return new RoutingCount(
                switches + more.switches,
                failovers + more.failovers,
                failbacks + more.failbacks,
                attempts + more.attempts,
                byTwoUnits + more.byTwoUnits,
                all,
                byOwner + more.byOwner,
                byStandby + more.byStandby,
                byStandbyOfForbidden + more.byStandbyOfForbidden,
                open + more.open,
                forbidden + more.forbidden,
                sentBack + more.sentBack,
                misrouted + more.misrouted,
                rerouted + more.rerouted,
                beside + more.beside,
                askedAgain + more.askedAgain,
                stale + more.stale,
                oldest.compareTo(more.oldest) < 0 ? more.oldest : oldest);
    }

    /** In one line. */
    String summary() {
        return ("%,d switches, %,d of them failovers and %,d failbacks, %,d payments of %d shards: served %,d times by the owner, %,d by the"
                        + " standby (%,d of a forbidden owner), %,d where no route could be read; refused by %,d forbidden owners, %,d"
                        + " standbys of callers with an older rule; %,d misrouted, %,d rerouted, %,d begun beside another, %,d asked again; %,d read an old route,"
                        + " at most %.1f s old; %,d served by two units and decided once")
                .formatted(
                        switches,
                        failovers,
                        failbacks,
                        attempts,
                        shards.size(),
                        byOwner,
                        byStandby,
                        byStandbyOfForbidden,
                        open,
                        forbidden,
                        sentBack,
                        misrouted,
                        rerouted,
                        beside,
                        askedAgain,
                        stale,
                        oldest.toMillis() / 1000.0,
                        byTwoUnits);
    }
}
