package doubleeleven.routing;

import doubleeleven.ids.Shard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A rule as somebody wrote it: each field is of its type, and anything else may be wrong. */
public record RuleDraft(long peak, List<DraftUnit> units, DraftFlows flows, Set<Feature> switchedOff) {
    /** Of the peak and of capacities, in payments a second. */
    public static final long MOST_A_SECOND = 10_000_000;

    /** A unit as somebody wrote it. */
    public record DraftUnit(
            String name,
            String region,
            String standby,
            long capacity,
            SortedMap<String, Integer> colours,
            List<ShardRange> shards,
            boolean forbidden) {
        public DraftUnit {
            colours = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(colours));
            shards = List.copyOf(shards);
        }
    }

    /** Limits as somebody wrote them; one that is named may be named twice, or be of nobody. */
    public record DraftFlows(
            int environments,
            @Nullable Flow app,
            @Nullable Flow merchant,
            List<Named> merchants,
            @Nullable Flow unit,
            List<Named> units,
            @Nullable Flow hotAccount,
            @Nullable Flow hotBucket) {
        /** A limit of one merchant or unit. */
        public record Named(String name, Flow flow) {}

        public DraftFlows {
            merchants = List.copyOf(merchants);
            units = List.copyOf(units);
        }

        public static DraftFlows of(Flows flows) {
            return new DraftFlows(
                    flows.environments(),
                    flows.app(),
                    flows.merchant(),
                    named(flows.merchants()),
                    flows.unit(),
                    named(flows.units()),
                    flows.hotAccount(),
                    flows.hotBucket());
        }

        private static List<Named> named(SortedMap<String, Flow> flows) {
            return flows.entrySet().stream()
                    .map(each -> new Named(each.getKey(), each.getValue()))
                    .toList();
        }

        Flows flows() {
            return new Flows(
                    environments, app, merchant, byName(merchants), unit, byName(units), hotAccount, hotBucket);
        }

        private static SortedMap<String, Flow> byName(List<Named> named) {
            SortedMap<String, Flow> flows = new TreeMap<>();
            named.forEach(each -> flows.put(each.name(), each.flow()));
            return flows;
        }
    }

    /** What becomes of a draft. */
    public sealed interface Verdict {
        /** It may be published. */
        record Sound(RoutingRule rule) implements Verdict {}

        /** It may not. */
        record Unsound(List<Objection> objections) implements Verdict {
            public Unsound {
                objections = List.copyOf(objections);
            }
        }
    }

    public RuleDraft {
        units = List.copyOf(units);
        switchedOff = Set.copyOf(switchedOff);
    }

    /** A draft without limits, in which everything is switched on. */
    public RuleDraft(long peak, List<DraftUnit> units) {
        this(peak, units, DraftFlows.of(Flows.NONE), Set.of());
    }

    /** A rule as a draft, to check it against another deployment than it was made for. */
    public static RuleDraft of(RoutingRule rule) {
        return new RuleDraft(
                rule.peak(),
                rule.units().values().stream()
                        .map(unit -> new DraftUnit(
                                unit.name(),
                                unit.region(),
                                unit.standby(),
                                unit.capacity(),
                                unit.colours(),
                                rule.shardsOf(unit.name()),
                                unit.forbidden()))
                        .toList(),
                DraftFlows.of(rule.flows()),
                rule.switchedOff());
    }

    /**
     * Says whether this may be published as that version. Whether the peak can be carried is asked only of a draft in which nothing else is
     * wrong.
     */
    public Verdict check(Deployed deployed, long version) {
        List<Objection> objections = new ArrayList<>();
        checkRate(peak, "peak", objections);
        checkUnits(deployed, objections);
        @Nullable String[] owners = owners(objections);
        checkFlows(objections);
        if (!objections.isEmpty()) {
            return new Verdict.Unsound(objections);
        }
        Map<String, Unit> all = new HashMap<>();
        units.forEach(unit -> all.put(
                unit.name(),
                new Unit(
                        unit.name(),
                        unit.region(),
                        unit.standby(),
                        unit.capacity(),
                        unit.colours(),
                        unit.forbidden())));
        RoutingRule rule = new RoutingRule(
                version,
                peak,
                Arrays.stream(owners).map(Objects::requireNonNull).toList(),
                all,
                flows.flows(),
                switchedOff);
        checkLoads(rule, objections);
        return objections.isEmpty() ? new Verdict.Sound(rule) : new Verdict.Unsound(objections);
    }

    private static void checkRate(long rate, String place, List<Objection> objections) {
        if (rate < 1 || rate > MOST_A_SECOND) {
            objections.add(new Objection(place, "must be an integer from 1 to " + MOST_A_SECOND));
        }
    }

    private void checkUnits(Deployed deployed, List<Objection> objections) {
        Map<String, DraftUnit> byName = new LinkedHashMap<>();
        units.forEach(unit -> byName.putIfAbsent(unit.name(), unit));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < units.size(); i++) {
            DraftUnit unit = units.get(i);
            String place = "units[" + i + "].";
            if (!seen.add(unit.name())) {
                objections.add(
                        new Objection(place + "name", "must be another one: " + unit.name() + " is there already"));
            }
            checkRate(unit.capacity(), place + "capacity", objections);
            checkSite(unit, deployed, place, objections);
            if (!Unit.sumUp(unit.colours())) {
                objections.add(new Objection(
                        place + "colours", "must be weights of 0 to 100 that sum to 100, not " + unit.colours()));
            }
            checkStandby(unit, byName.get(unit.standby()), deployed, place, objections);
        }
    }

    private static void checkSite(DraftUnit unit, Deployed deployed, String place, List<Objection> objections) {
        Deployed.Site site = deployed.units().get(unit.name());
        if (site == null) {
            objections.add(new Objection(
                    place + "name",
                    "must be one of the units that are deployed: "
                            + String.join(", ", deployed.units().keySet())));
            return;
        }
        if (!unit.region().equals(site.region())) {
            objections.add(new Objection(
                    place + "region", "must be " + site.region() + ", where " + unit.name() + " is deployed"));
        }
        for (String colour : unit.colours().keySet()) {
            if (!site.colours().contains(colour)) {
                objections.add(new Objection(
                        place + "colours." + colour,
                        "must be left out: the colours of " + unit.name() + " that are deployed are "
                                + String.join(", ", site.colours())));
            }
        }
    }

    private static void checkStandby(
            DraftUnit unit, @Nullable DraftUnit standby, Deployed deployed, String place, List<Objection> objections) {
        if (standby == null || unit.standby().equals(unit.name())) {
            objections.add(new Objection(place + "standby", "must be another unit of the document"));
        } else if (standby.forbidden()) {
            objections.add(new Objection(
                    place + "standby", "must be a unit that serves: " + standby.name() + " is forbidden"));
        } else if (standby.region().equals(unit.region()) && deployed.isInSeveralRegions()) {
            objections.add(new Objection(
                    place + "standby",
                    "must be a unit in another Region: " + standby.name() + " would be lost with " + unit.region()));
        }
    }

    private @Nullable String[] owners(List<Objection> objections) {
        @Nullable String[] owners = new @Nullable String[Shard.COUNT];
        for (int i = 0; i < units.size(); i++) {
            DraftUnit unit = units.get(i);
            for (int j = 0; j < unit.shards().size(); j++) {
                String place = "units[" + i + "].shards[" + j + "]";
                ShardRange range = unit.shards().get(j);
                ShardRange.runs(shard -> within(range, shard) ? owners[shard] : null)
                        .forEach(owned -> objections.add(new Objection(
                                place, "must leave out " + owned.range() + ", which " + owned.value() + " owns")));
                range.numbers().forEach(shard -> owners[shard] = unit.name());
            }
        }
        String without = ShardRange.runs(shard -> owners[shard] == null ? "nobody" : null).stream()
                .map(run -> run.range().toString())
                .collect(Collectors.joining(", "));
        if (!without.isEmpty()) {
            objections.add(new Objection("units", "must own every shard: nobody owns " + without));
        }
        return owners;
    }

    private void checkFlows(List<Objection> objections) {
        checkNamed(flows.merchants(), "flows.merchants", "merchant", objections);
        checkNamed(flows.units(), "flows.units", "unit", objections);
        Map<String, Long> capacities = new LinkedHashMap<>();
        units.forEach(unit -> capacities.putIfAbsent(unit.name(), unit.capacity()));
        for (int i = 0; i < flows.units().size(); i++) {
            DraftFlows.Named named = flows.units().get(i);
            Long capacity = capacities.remove(named.name());
            String place = "flows.units[" + i + "].";
            if (units.stream().noneMatch(unit -> unit.name().equals(named.name()))) {
                objections.add(new Objection(place + "unit", "must be a unit of the document"));
            } else if (capacity != null) {
                checkWithin(named.flow(), capacity, named.name(), place, objections);
            }
        }
        Flow others = flows.unit();
        capacities.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .filter(least -> others != null)
                .ifPresent(least -> checkWithin(
                        Objects.requireNonNull(others), least.getValue(), least.getKey(), "flows.unit.", objections));
    }

    private static void checkNamed(List<DraftFlows.Named> named, String list, String key, List<Objection> objections) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < named.size(); i++) {
            String name = named.get(i).name();
            if (!seen.add(name)) {
                objections.add(new Objection(
                        list + "[" + i + "]." + key, "must be another one: " + name + " is there already"));
            }
        }
    }

    /** A limit beyond what a unit can do would refuse nobody before it is too late. */
    private static void checkWithin(Flow flow, long capacity, String unit, String place, List<Objection> objections) {
        if (flow.ratePerSecond() > capacity) {
            objections.add(new Objection(
                    place + "ratePerSecond", "must be " + capacity + " or less, the capacity of " + unit));
        }
    }

    private static boolean within(ShardRange range, int shard) {
        return shard >= range.first() && shard <= range.last();
    }

    private void checkLoads(RoutingRule rule, List<Objection> objections) {
        Map<String, Load> worst = new LinkedHashMap<>();
        for (Load load : rule.loads()) {
            worst.merge(load.unit(), load, (one, other) -> one.needed() >= other.needed() ? one : other);
        }
        worst.values().stream()
                .filter(load -> !load.isCarried())
                .forEach(load -> objections.add(new Objection(capacityOf(load.unit()), tooMuch(load))));
    }

    private String tooMuch(Load load) {
        String who =
                load.lost() == null ? load.unit() : "should " + load.lost() + " be lost, its standby " + load.unit();
        return "must be " + load.needed() + " or more: " + who + " has to carry " + load.needed()
                + " payments a second of the peak of " + peak + " and is provisioned for " + load.available();
    }

    private String capacityOf(String unit) {
        for (int i = 0; i < units.size(); i++) {
            if (units.get(i).name().equals(unit)) {
                return "units[" + i + "].capacity";
            }
        }
        throw new IllegalArgumentException("no such unit: " + unit);
    }
}
