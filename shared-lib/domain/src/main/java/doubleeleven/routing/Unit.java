package doubleeleven.routing;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A unit: the set of shards that one Region serves now.
 *
 * @param name such as RZ01
 * @param standby the unit that takes over its shards
 * @param colours weight of each colour in per cent, 100 in all
 */
public record Unit(String name, String region, String standby, SortedMap<String, Integer> colours) {
    public Unit {
        colours = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(colours));
        int sum = colours.values().stream().mapToInt(Integer::intValue).sum();
        if (sum != 100 || colours.values().stream().anyMatch(weight -> weight < 0)) {
            throw new IllegalArgumentException(
                    "weights of the colours of " + name + " must be 0 or more and sum to 100: " + colours);
        }
        if (standby.equals(name)) {
            throw new IllegalArgumentException(name + " cannot be its own standby");
        }
    }
}
