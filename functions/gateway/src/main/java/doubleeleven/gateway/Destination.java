package doubleeleven.gateway;

import doubleeleven.ids.Shard;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an attempt is run.
 *
 * @param insteadOf the unit that owns the shard but could not be reached
 * @param rule version of the rule that says so
 */
public record Destination(
        String unit, String region, String colour, @Nullable String insteadOf, long rule) {

    /** The owner of the payer's shard, then its standby; of an owner that is forbidden the standby alone. */
    static List<Destination> of(RoutingRule rule, Shard shard, String payer) {
        Unit owner = rule.owner(shard);
        return of(rule.version(), owner, rule.standbyOf(owner), owner.forbidden(), payer);
    }

    /** As that version says, which a unit may know of while the rule cannot be read. */
    static List<Destination> of(long version, Unit owner, Unit standby, boolean forbidden, String payer) {
        Destination instead = new Destination(
                standby.name(), standby.region(), RoutingRule.colourFor(payer, standby), owner.name(), version);
        return forbidden
                ? List.of(instead)
                : List.of(
                        new Destination(
                                owner.name(), owner.region(), RoutingRule.colourFor(payer, owner), null, version),
                        instead);
    }
}
