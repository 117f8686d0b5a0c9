package doubleeleven.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one rule says otherwise than another, in an operator's terms. Nothing differs where it is empty.
 *
 * @param peak null where it is the same
 * @param moved shards that change hands, in their order
 * @param units those that come, go or change, by name
 * @param environments null where limits are divided by as many
 * @param flows limits that come, go or change
 * @param switches what is switched on or off
 */
public record RuleDiff(
        @Nullable Change<Long> peak,
        List<Moved> moved,
        List<UnitDiff> units,
        @Nullable Change<Integer> environments,
        List<FlowDiff> flows,
        List<SwitchDiff> switches) {
    public RuleDiff {
        moved = List.copyOf(moved);
        units = List.copyOf(units);
        flows = List.copyOf(flows);
        switches = List.copyOf(switches);
    }

    /**
     * Another value.
     *
     * @param from null of what comes
     * @param to null of what goes
     */
    public record Change<T>(@Nullable T from, @Nullable T to) {
        static <T> @Nullable Change<T> between(@Nullable T from, @Nullable T to) {
            return Objects.equals(from, to) ? null : new Change<>(from, to);
        }
    }

    /** Shards with another owner. */
    public record Moved(ShardRange shards, String from, String to) {}

    /** Whether a unit is in one of the two rules only. */
    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED
    }

    /** What is different about a unit; null for what is the same. Whose shards moved is told by {@link #moved()}. */
    public record UnitDiff(
            String unit,
            Kind kind,
            @Nullable Change<String> region,
            @Nullable Change<String> standby,
            @Nullable Change<Long> capacity,
            @Nullable Change<SortedMap<String, Integer>> colours,
            @Nullable Change<Boolean> forbidden) {}

    /**
     * Another limit.
     *
     * @param place in the document's flows, such as {@code merchants.m1}
     */
    public record FlowDiff(String place, Change<Flow> limit) {}

    /** What payments do without from now on, or no longer. */
    public record SwitchDiff(Feature feature, boolean on) {}

    public static RuleDiff between(RoutingRule from, RoutingRule to) {
        TreeSet<String> names = new TreeSet<>(from.units().keySet());
        names.addAll(to.units().keySet());
        List<UnitDiff> units = new ArrayList<>();
        for (String name : names) {
            Unit before = from.units().get(name);
            Unit after = to.units().get(name);
            if (!Objects.equals(before, after)) {
                units.add(unit(name, before, after));
            }
        }
        return new RuleDiff(
                Change.between(from.peak(), to.peak()),
                ShardRange.runs(shard ->
                                moved(from.owners().get(shard), to.owners().get(shard)))
                        .stream()
                        .map(run -> new Moved(
                                run.range(), run.value().from(), run.value().to()))
                        .toList(),
                units,
                Change.between(from.flows().environments(), to.flows().environments()),
                flows(from.flows().byPlace(), to.flows().byPlace()),
                Arrays.stream(Feature.values())
                        .filter(feature -> from.switchedOff().contains(feature)
                                != to.switchedOff().contains(feature))
                        .map(feature ->
                                new SwitchDiff(feature, from.switchedOff().contains(feature)))
                        .toList());
    }

    private static List<FlowDiff> flows(Map<String, Flow> from, Map<String, Flow> to) {
        Set<String> places = new LinkedHashSet<>(from.keySet());
        places.addAll(to.keySet());
        List<FlowDiff> flows = new ArrayList<>();
        for (String place : places) {
            Change<Flow> change = Change.between(from.get(place), to.get(place));
            if (change != null) {
                flows.add(new FlowDiff(place, change));
            }
        }
        return flows;
    }

    /**
     * What is not for gateways alone to obey, in words: who serves whom is the same for all, and units know one rule. Where it is empty, some
     * of the gateways may obey the later rule before the others do.
     */
    public List<String> beyondGateways() {
        List<String> beyond = new ArrayList<>();
        moved.forEach(each -> beyond.add("shards " + each.shards() + " go from " + each.from() + " to " + each.to()));
        for (UnitDiff each : units) {
            if (each.kind() != Kind.CHANGED) {
                beyond.add(each.unit() + " is " + each.kind().name().toLowerCase(Locale.ROOT));
                continue;
            }
            addIf(each.region() != null, "the Region of " + each.unit(), beyond);
            addIf(each.standby() != null, "the standby of " + each.unit(), beyond);
            addIf(each.forbidden() != null, "whether " + each.unit() + " is forbidden", beyond);
        }
        addIf(
                switches.stream().anyMatch(turned -> turned.feature() == Feature.AUTOMATIC_FAILOVER),
                "automaticFailover, which watchers obey",
                beyond);
        return List.copyOf(beyond);
    }

    private static void addIf(boolean differs, String what, List<String> to) {
        if (differs) {
            to.add(what);
        }
    }

    private record Move(String from, String to) {}

    private static @Nullable Move moved(String from, String to) {
        return from.equals(to) ? null : new Move(from, to);
    }

    private static UnitDiff unit(String name, @Nullable Unit before, @Nullable Unit after) {
        Kind kind = before == null ? Kind.ADDED : after == null ? Kind.REMOVED : Kind.CHANGED;
        return new UnitDiff(
                name,
                kind,
                change(before, after, Unit::region),
                change(before, after, Unit::standby),
                change(before, after, Unit::capacity),
                change(before, after, Unit::colours),
                change(before, after, Unit::forbidden));
    }

    private static <T> @Nullable Change<T> change(
            @Nullable Unit before, @Nullable Unit after, Function<Unit, T> attribute) {
        return Change.between(
                before == null ? null : attribute.apply(before), after == null ? null : attribute.apply(after));
    }
}
