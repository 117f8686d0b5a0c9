package doubleeleven.routing;

import doubleeleven.ids.Fingerprint;
import doubleeleven.ids.Shard;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One version of the document that says which unit serves which shard. Every shard has exactly one owner; every owner has a standby.
 *
 * @param version grows with each publication, never falls
 * @param owners unit name of each shard, 100 in their order
 * @param units by name
 */
public record RoutingRule(long version, List<String> owners, Map<String, Unit> units) {
    public RoutingRule {
        owners = List.copyOf(owners);
        units = java.util.Collections.unmodifiableMap(new TreeMap<>(units));
        if (version < 1) {
            throw new IllegalArgumentException("a rule's version is 1 or more: " + version);
        }
        if (owners.size() != Shard.COUNT) {
            throw new IllegalArgumentException(
                    "a rule names an owner for each of 100 shards, not for " + owners.size());
        }
        for (String owner : owners) {
            requireUnit(units, owner);
        }
        for (Unit unit : units.values()) {
            requireUnit(units, unit.standby());
        }
    }

    public Unit owner(Shard shard) {
        return unit(owners.get(shard.number()));
    }

    public Unit standbyOf(Unit unit) {
        return unit(unit.standby());
    }

    public Unit unit(String name) {
        return requireUnit(units, name);
    }

    /** The colour a customer sees in a unit: by hash, so that it stays the same while the weights do. */
    public static String colourFor(String customer, Unit unit) {
        int point = Math.floorMod(Fingerprint.of("COLOUR", customer).hashCode(), 100);
        for (Map.Entry<String, Integer> colour : unit.colours().entrySet()) {
            point -= colour.getValue();
            if (point < 0) {
                return colour.getKey();
            }
        }
        throw new IllegalStateException("weights sum to 100");
    }

    private static Unit requireUnit(Map<String, Unit> units, String name) {
        Unit unit = units.get(name);
        if (unit == null) {
            throw new IllegalArgumentException("no such unit: " + name);
        }
        return unit;
    }
}
