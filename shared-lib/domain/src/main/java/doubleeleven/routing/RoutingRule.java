package doubleeleven.routing;

import doubleeleven.ids.Fingerprint;
import doubleeleven.ids.Shard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One version of the document that says which unit serves which shard. Every shard has exactly one owner; every owner has a standby.
 *
 * @param version grows with each publication, never falls
 * @param peak payments a second that are planned for, of which each shard brings a hundredth; 0 in rules from before it was kept
 * @param owners unit name of each shard, 100 in their order
 * @param units by name
 * @param flows how many new payments are taken on; without limits in rules from before they were kept
 * @param switchedOff what the platform does without for now
 */
public record RoutingRule(
        long version, long peak, List<String> owners, Map<String, Unit> units, Flows flows, Set<Feature> switchedOff) {
    public RoutingRule {
        owners = List.copyOf(owners);
        units = Collections.unmodifiableMap(new TreeMap<>(units));
        Set<Feature> off = EnumSet.noneOf(Feature.class);
        off.addAll(switchedOff);
        switchedOff = Collections.unmodifiableSet(off);
        if (version < 1) {
            throw new IllegalArgumentException("a rule's version is 1 or more: " + version);
        }
        if (peak < 0) {
            throw new IllegalArgumentException("a peak is 0 or more: " + peak);
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
        for (String limited : flows.units().keySet()) {
            requireUnit(units, limited);
        }
    }

    /** A rule without limits, in which everything is switched on. */
    public RoutingRule(long version, long peak, List<String> owners, Map<String, Unit> units) {
        this(version, peak, owners, units, Flows.NONE, Set.of());
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

    /** What units are told of it, shard by shard. */
    public List<Route> routes() {
        return IntStream.range(0, Shard.COUNT)
                .mapToObj(number -> {
                    Unit owner = unit(owners.get(number));
                    return new Route(new Shard(number), version, owner.name(), owner.standby(), owner.forbidden());
                })
                .toList();
    }

    /** A unit's shards, in as few ranges as there are. */
    public List<ShardRange> shardsOf(String unit) {
        return ShardRange.runs(owners::get).stream()
                .filter(run -> run.value().equals(unit))
                .map(ShardRange.Run::range)
                .toList();
    }

    /** The same rule under another version. */
    public RoutingRule at(long otherVersion) {
        return new RoutingRule(otherVersion, peak, owners, units, flows, switchedOff);
    }

    /** The same with another unit in the place of the one of its name. */
    RoutingRule with(Unit unit) {
        Map<String, Unit> others = new TreeMap<>(units);
        others.put(unit.name(), unit);
        return new RoutingRule(version, peak, owners, others, flows, switchedOff);
    }

    /** The same with other owners of the shards. */
    RoutingRule ownedBy(List<String> others) {
        return new RoutingRule(version, peak, others, units, flows, switchedOff);
    }

    /** The next version, which says the same but for the weights of one unit's colours. */
    public RoutingRule withColours(String unit, SortedMap<String, Integer> colours) {
        return with(unit(unit).with(colours)).at(version + 1);
    }

    /** Whether the two differ in nothing but their version. */
    public boolean saysTheSameAs(RoutingRule other) {
        return equals(other.at(version));
    }

    /**
     * What the planned peak asks of each unit that serves: first while nothing more is lost, then of the standby for each unit that may be. A
     * unit that is forbidden is the one that N+1 allows for, so no other is thought away besides.
     */
    public List<Load> loads() {
        List<Load> loads = new ArrayList<>();
        units.values().stream().filter(unit -> !unit.forbidden()).forEach(unit -> {
            Unit[] carried = units.values().stream()
                    .filter(each -> each.equals(unit)
                            || (each.forbidden() && each.standby().equals(unit.name())))
                    .toArray(Unit[]::new);
            loads.add(new Load(unit.name(), null, peakOf(carried), unit.capacity()));
        });
        if (units.values().stream().anyMatch(Unit::forbidden)) {
            return loads;
        }
        units.values().forEach(lost -> {
            Unit standby = standbyOf(lost);
            loads.add(new Load(standby.name(), lost.name(), peakOf(standby, lost), standby.capacity()));
        });
        return loads;
    }

    private long peakOf(Unit... carried) {
        long shards = 0;
        for (Unit unit : carried) {
            shards += Collections.frequency(owners, unit.name());
        }
        return Math.ceilDiv(Math.multiplyExact(peak, shards), Shard.COUNT);
    }

    /** The colour a customer sees in a unit: by hash, so that it stays the same while the weights do. */
    public static String colourFor(String customer, Unit unit) {
        int point = Math.floorMod(Fingerprint.of("COLOUR", customer).hashCode(), Unit.ALL);
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
