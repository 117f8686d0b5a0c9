package doubleeleven.routing;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A unit: the set of shards that one Region serves now.
 *
 * @param name such as RZ01
 * @param standby the unit that takes over its shards
 * @param capacity payments a second that it is provisioned for; 0 in rules from before capacities were kept
 * @param colours weight of each colour in per cent, 100 in all
 * @param forbidden serves nobody, its own customers included: its standby does, until it is allowed again
 */
public record Unit(
        String name,
        String region,
        String standby,
        long capacity,
        SortedMap<String, Integer> colours,
        boolean forbidden) {
    static final int ALL = 100;

    /** A unit that serves. */
    public Unit(String name, String region, String standby, long capacity, SortedMap<String, Integer> colours) {
        this(name, region, standby, capacity, colours, false);
    }

    Unit with(String otherStandby, boolean isForbidden) {
        return new Unit(name, region, otherStandby, capacity, colours, isForbidden);
    }

    Unit with(SortedMap<String, Integer> otherColours) {
        return new Unit(name, region, standby, capacity, otherColours, forbidden);
    }

    /** Whether several colours serve, so that one can be held against the other. */
    public boolean isShared() {
        return colours.values().stream().filter(weight -> weight > 0).count() > 1;
    }

    public Unit {
        colours = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(colours));
        if (!sumUp(colours)) {
            throw new IllegalArgumentException(
                    "weights of the colours of " + name + " must be 0 or more and sum to 100: " + colours);
        }
        if (standby.equals(name)) {
            throw new IllegalArgumentException(name + " cannot be its own standby");
        }
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity of " + name + " must be 0 or more: " + capacity);
        }
    }

    static boolean sumUp(SortedMap<String, Integer> colours) {
        return colours.values().stream().allMatch(weight -> weight >= 0)
                && colours.values().stream().mapToLong(Integer::intValue).sum() == ALL;
    }
}
