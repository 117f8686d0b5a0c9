package doubleeleven.cdk.topology;

import doubleeleven.routing.ShardRange;
import java.util.List;
import java.util.Locale;

/**
 * A unit: the shards that one Region serves.
 *
 * @param name such as RZ01
 * @param standby name of the unit, in another Region, that takes over
 * @param capacity payments a second that it is provisioned for
 * @param colours in the order of their names, weights sum to 100
 * @param shards ranges such as 00-33
 */
public record Unit(
        String name, String region, String standby, int capacity, List<Colour> colours, List<ShardRange> shards) {
    public Unit {
        colours = List.copyOf(colours);
        shards = List.copyOf(shards);
    }

    /** The name as it appears in the names of resources. */
    public String slug() {
        return name.toLowerCase(Locale.ROOT);
    }
}
