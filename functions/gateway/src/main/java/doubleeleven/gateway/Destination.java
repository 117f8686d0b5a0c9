package doubleeleven.gateway;

import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an attempt is run.
 *
 * @param insteadOf the unit that owns the shard but could not be reached
 */
public record Destination(
        String unit, String region, String colour, @Nullable String insteadOf) {

    /** The owner of the payer's shard, then its standby. */
    static List<Destination> of(RoutingRule rule, doubleeleven.ids.Shard shard, String payer) {
        Unit owner = rule.owner(shard);
        Unit standby = rule.standbyOf(owner);
        return List.of(
                new Destination(owner.name(), owner.region(), RoutingRule.colourFor(payer, owner), null),
                new Destination(standby.name(), standby.region(), RoutingRule.colourFor(payer, standby), owner.name()));
    }
}
