package doubleeleven.routing;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.ids.Shard;
import doubleeleven.routing.RuleDiff.Change;
import doubleeleven.routing.RuleDiff.Kind;
import doubleeleven.routing.RuleDiff.Moved;
import doubleeleven.routing.RuleDiff.UnitDiff;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RuleDiffTest {
    private static final List<String> NAMES = List.of("RZ01", "RZ02", "RZ03", "RZ04");

    private static Unit unit(String name, String standby, long capacity, int a) {
        // Whatever stands for a value must stand for this one too.
        return new Unit(name, "us-east-1", standby, capacity, colours(a), capacity == 71);
    }

    private static SortedMap<String, Integer> colours(int a) {
        return new TreeMap<>(Map.of("a", a, "b", 100 - a));
    }

    private static RoutingRule rule(long peak, Map<Integer, String> owners, Unit... units) {
        return new RoutingRule(
                1,
                peak,
                IntStream.range(0, Shard.COUNT)
                        .mapToObj(shard -> owners.getOrDefault(shard, "RZ01"))
                        .toList(),
                List.of(units).stream().collect(Collectors.toMap(Unit::name, unit -> unit)));
    }

    @Test
    void aDiffTellsWhatMovesAndWhatElseIsSaidOtherwise() {
        RoutingRule before = rule(100, Map.of(7, "RZ02"), unit("RZ01", "RZ02", 70, 100), unit("RZ02", "RZ01", 70, 100));
        RoutingRule after = rule(
                90,
                Map.of(5, "RZ02", 6, "RZ02", 7, "RZ03", 8, "RZ03", 20, "RZ02"),
                unit("RZ01", "RZ03", 80, 50),
                unit("RZ02", "RZ01", 70, 100),
                unit("RZ03", "RZ01", 60, 100));

        assertThat(RuleDiff.between(before, after))
                .isEqualTo(new RuleDiff(
                        new Change<>(100L, 90L),
                        List.of(
                                new Moved(new ShardRange(5, 6), "RZ01", "RZ02"),
                                new Moved(new ShardRange(7, 7), "RZ02", "RZ03"),
                                new Moved(new ShardRange(8, 8), "RZ01", "RZ03"),
                                new Moved(new ShardRange(20, 20), "RZ01", "RZ02")),
                        List.of(
                                new UnitDiff(
                                        "RZ01",
                                        Kind.CHANGED,
                                        null,
                                        new Change<>("RZ02", "RZ03"),
                                        new Change<>(70L, 80L),
                                        new Change<>(colours(100), colours(50)),
                                        null),
                                new UnitDiff(
                                        "RZ03",
                                        Kind.ADDED,
                                        new Change<>(null, "us-east-1"),
                                        new Change<>(null, "RZ01"),
                                        new Change<>(null, 60L),
                                        new Change<>(null, colours(100)),
                                        new Change<>(null, false))),
                        null,
                        List.of(),
                        List.of()));
        assertThat(RuleDiff.between(after, before).units().getLast().kind()).isEqualTo(Kind.REMOVED);
    }

    /** Nothing that a rule says is left out of a diff: the one rule and the diff make the other. */
    @Property(tries = 300)
    void aRuleAndTheDiffToAnotherMakeTheOther(@ForAll("rules") RoutingRule from, @ForAll("rules") RoutingRule to) {
        RuleDiff diff = RuleDiff.between(from, to);

        List<String> owners = new ArrayList<>(from.owners());
        diff.moved()
                .forEach(moved -> moved.shards().numbers().forEach(shard -> {
                    assertThat(owners.set(shard, moved.to())).isEqualTo(moved.from());
                }));
        Map<String, Unit> units = new HashMap<>(from.units());
        diff.units().forEach(unit -> {
            Unit before = units.remove(unit.unit());
            assertThat(before == null).isEqualTo(unit.kind() == Kind.ADDED);
            if (unit.kind() != Kind.REMOVED) {
                units.put(unit.unit(), changed(before, unit));
            }
        });
        long peak = diff.peak() == null ? from.peak() : after(diff.peak(), null);

        Map<String, Flow> limits = new HashMap<>(from.flows().byPlace());
        diff.flows().forEach(flow -> {
            assertThat(limits.remove(flow.place())).isEqualTo(flow.limit().from());
            if (flow.limit().to() != null) {
                limits.put(flow.place(), flow.limit().to());
            }
        });
        int environments = diff.environments() == null ? from.flows().environments() : after(diff.environments(), null);
        Set<Feature> off = EnumSet.noneOf(Feature.class);
        off.addAll(from.switchedOff());
        diff.switches().forEach(turned -> {
            assertThat(turned.on() ? off.remove(turned.feature()) : off.add(turned.feature()))
                    .isTrue();
        });

        assertThat(new RoutingRule(1, peak, owners, units, flows(environments, limits), off))
                .isEqualTo(to);
        assertThat(diff.equals(new RuleDiff(null, List.of(), List.of(), null, List.of(), List.of())))
                .isEqualTo(from.saysTheSameAs(to));
    }

    private static Unit changed(@Nullable Unit before, UnitDiff diff) {
        return new Unit(
                diff.unit(),
                after(diff.region(), before == null ? null : before.region()),
                after(diff.standby(), before == null ? null : before.standby()),
                after(diff.capacity(), before == null ? null : before.capacity()),
                after(diff.colours(), before == null ? null : before.colours()),
                after(diff.forbidden(), before == null ? null : before.forbidden()));
    }

    private static <T> T after(@Nullable Change<T> change, @Nullable T same) {
        T after = change == null ? same : change.to();
        if (after == null) {
            throw new AssertionError("nothing said");
        }
        return after;
    }

    private static Flows flows(int environments, Map<String, Flow> limits) {
        return new Flows(
                environments,
                limits.get("app"),
                limits.get("merchant"),
                named("merchants.", limits),
                limits.get("unit"),
                named("units.", limits),
                limits.get("hotAccount"),
                limits.get("hotBucket"));
    }

    private static SortedMap<String, Flow> named(String prefix, Map<String, Flow> limits) {
        SortedMap<String, Flow> named = new TreeMap<>();
        limits.forEach((place, flow) -> {
            if (place.startsWith(prefix)) {
                named.put(place.substring(prefix.length()), flow);
            }
        });
        return named;
    }

    private static Arbitrary<Flows> someFlows() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.maps(
                                Arbitraries.of(
                                        "app",
                                        "merchant",
                                        "merchants.m1",
                                        "merchants.m2",
                                        "unit",
                                        "units.RZ01",
                                        "units.RZ02",
                                        "hotAccount",
                                        "hotBucket"),
                                Arbitraries.longs().between(1, 2).map(rate -> new Flow(rate, 3))))
                .as(RuleDiffTest::flows);
    }

    @Provide
    Arbitrary<RoutingRule> rules() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 3),
                        Arbitraries.integers().between(2, NAMES.size()),
                        Arbitraries.integers().between(0, 3).list().ofSize(Shard.COUNT),
                        Arbitraries.integers().between(0, 2).list().ofSize(2 * NAMES.size()),
                        someFlows(),
                        Arbitraries.of(Feature.class).set())
                .as((peak, count, owners, choices, flows, off) -> {
                    Map<String, Unit> units = new HashMap<>();
                    for (int i = 0; i < count; i++) {
                        units.put(
                                NAMES.get(i),
                                unit(
                                        NAMES.get(i),
                                        NAMES.get((i + 1 + choices.get(i) % (count - 1)) % count),
                                        70 + choices.get(NAMES.size() + i),
                                        50 * choices.get(i)));
                    }
                    return new RoutingRule(
                            1,
                            peak,
                            owners.stream()
                                    .map(owner -> NAMES.get(owner % count))
                                    .toList(),
                            units,
                            flows,
                            off);
                });
    }

    private static Unit with(Unit unit, String standby, boolean forbidden) {
        return new Unit(unit.name(), unit.region(), standby, unit.capacity(), unit.colours(), forbidden);
    }

    @Test
    void whatGatewaysObeyAloneIsWeightsLimitsAllSwitchesButOneThePeakAndCapacities() {
        RoutingRule before = rule(100, Map.of(7, "RZ02"), unit("RZ01", "RZ02", 70, 100), unit("RZ02", "RZ01", 70, 100));
        RoutingRule weighed = rule(90, Map.of(7, "RZ02"), unit("RZ01", "RZ02", 80, 50), unit("RZ02", "RZ01", 60, 0));
        RoutingRule after = new RoutingRule(
                2,
                weighed.peak(),
                weighed.owners(),
                weighed.units(),
                new Flows(
                        4,
                        new Flow(1, 1),
                        null,
                        new TreeMap<>(Map.of("m1", new Flow(2, 2))),
                        null,
                        new TreeMap<>(),
                        null,
                        null),
                EnumSet.complementOf(EnumSet.of(Feature.AUTOMATIC_FAILOVER)));

        assertThat(RuleDiff.between(before, after).beyondGateways()).isEmpty();
    }

    /** RZ03 owns no shard, so no route tells of it, and its standby is no gateway's to choose all the same. */
    @Test
    void whoServesWhomAndWhatOthersThanGatewaysObeyIsBeyondThem() {
        Unit one = unit("RZ01", "RZ02", 70, 100);
        Unit two = unit("RZ02", "RZ01", 70, 100);
        Unit three = unit("RZ03", "RZ01", 60, 100);
        RoutingRule before = rule(100, Map.of(7, "RZ02"), one, two, three);

        assertThat(beyond(before, rule(100, Map.of(7, "RZ02", 8, "RZ02"), one, two, three)))
                .containsExactly("shards 08-08 go from RZ01 to RZ02");
        assertThat(beyond(before, rule(100, Map.of(7, "RZ02"), one, two))).containsExactly("RZ03 is removed");
        assertThat(beyond(before, rule(100, Map.of(7, "RZ02"), one, two, three, unit("RZ04", "RZ01", 60, 100))))
                .containsExactly("RZ04 is added");
        assertThat(beyond(before, rule(100, Map.of(7, "RZ02"), one, two, with(three, "RZ02", false))))
                .containsExactly("the standby of RZ03");
        assertThat(beyond(before, rule(100, Map.of(7, "RZ02"), one, two, with(three, "RZ01", true))))
                .containsExactly("whether RZ03 is forbidden");
        assertThat(beyond(
                        before,
                        rule(
                                100,
                                Map.of(7, "RZ02"),
                                one,
                                two,
                                new Unit("RZ03", "us-east-9", "RZ01", 60, colours(100)))))
                .containsExactly("the Region of RZ03");
        assertThat(beyond(
                        before,
                        new RoutingRule(
                                2,
                                100,
                                before.owners(),
                                before.units(),
                                Flows.NONE,
                                Set.of(Feature.AUTOMATIC_FAILOVER))))
                .containsExactly("automaticFailover, which watchers obey");
    }

    private static List<String> beyond(RoutingRule before, RoutingRule after) {
        return RuleDiff.between(before, after).beyondGateways();
    }
}
