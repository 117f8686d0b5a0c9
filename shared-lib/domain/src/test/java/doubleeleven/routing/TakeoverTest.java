package doubleeleven.routing;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.ids.Shard;
import doubleeleven.routing.RuleDraft.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TakeoverTest {
    private static final RoutingRule RULE = rule(100, "RZ01", "RZ02", "RZ03");

    /** Units in Regions of their own, each the standby of the one before it, with as many shards each. */
    private static RoutingRule rule(long capacity, String... names) {
        Map<String, Unit> units = new TreeMap<>();
        List<String> owners = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            String standby = names[(i + 1) % names.length];
            units.put(names[i], new Unit(names[i], "region-" + i, standby, capacity, new TreeMap<>(Map.of("a", 100))));
        }
        for (int shard = 0; shard < Shard.COUNT; shard++) {
            owners.add(names[shard * names.length / Shard.COUNT]);
        }
        return new RoutingRule(7, 100, owners, units);
    }

    @Test
    void aLostUnitServesNobodyOwnsWhatItOwnedAndStandsByForNobody() {
        RoutingRule taken = Takeover.begin(RULE, "RZ01").orElseThrow();

        assertThat(taken.unit("RZ01").forbidden()).isTrue();
        assertThat(taken.owners()).isEqualTo(RULE.owners());
        assertThat(taken.unit("RZ01").standby()).isEqualTo("RZ02");
        assertThat(taken.unit("RZ03").standby()).as("which was RZ01").isEqualTo("RZ02");
        assertThat(taken.unit("RZ02").standby()).isEqualTo("RZ03");
        assertThat(taken.version()).isEqualTo(7);
    }

    @Test
    void aSecondUnitMayBeLostAsLongAsTwoAreLeft() {
        RoutingRule four = rule(100, "RZ01", "RZ02", "RZ03", "RZ04");

        RoutingRule taken = Takeover.begin(Takeover.begin(four, "RZ01").orElseThrow(), "RZ02")
                .orElseThrow();

        assertThat(taken.units().values())
                .noneMatch(unit -> taken.standbyOf(unit).forbidden());
        assertThat(Takeover.begin(taken, "RZ03")).isEmpty();
    }

    @Test
    void theUnitWithTheMostToSpareStandsIn() {
        RoutingRule four = rule(100, "RZ01", "RZ02", "RZ03", "RZ04");
        Map<String, Unit> units = new TreeMap<>(four.units());
        Unit small = units.get("RZ02");
        units.put("RZ02", new Unit("RZ02", small.region(), small.standby(), 60, small.colours()));
        RoutingRule rule = new RoutingRule(1, 100, four.owners(), units);

        assertThat(Takeover.begin(rule, "RZ01").orElseThrow().unit("RZ04").standby())
                .as("RZ02 carries RZ01 already, RZ03 nobody else")
                .isEqualTo("RZ03");
    }

    @Test
    void whatIsTakenOverTwiceIsTakenOverOnce() {
        RoutingRule taken = Takeover.begin(RULE, "RZ01").orElseThrow();

        assertThat(Takeover.begin(taken, "RZ01")).contains(taken);
    }

    @Test
    void aUnitIsTriedOutWithOneShardAndGetsTheRestAfterwards() {
        RoutingRule taken = Takeover.begin(RULE, "RZ01").orElseThrow();
        List<ShardRange> shards = taken.shardsOf("RZ01");

        RoutingRule tried = Takeover.tryOut(taken, "RZ01", new Shard(5));

        assertThat(tried.shardsOf("RZ01")).hasToString("[05-05]");
        assertThat(tried.unit("RZ01").forbidden()).isFalse();
        assertThat(tried.owner(new Shard(4)).name()).isEqualTo("RZ02");
        assertThat(tried.unit("RZ03").standby()).as("not yet").isEqualTo("RZ02");
        assertThat(Takeover.tryOut(tried, "RZ01", new Shard(5))).isEqualTo(tried);

        assertThat(Takeover.end(tried, "RZ01", shards, Takeover.wards("RZ01", RULE, taken)))
                .isEqualTo(RULE);
    }

    @Test
    void aTrialThatFailsLeavesTheRuleAsTheTakeoverMadeIt() {
        RoutingRule taken = Takeover.begin(RULE, "RZ01").orElseThrow();
        RoutingRule tried = Takeover.tryOut(taken, "RZ01", new Shard(5));

        assertThat(Takeover.withdraw(tried, "RZ01", taken.shardsOf("RZ01"))).contains(taken);
        assertThat(Takeover.withdraw(taken, "RZ01", taken.shardsOf("RZ01"))).contains(taken);
    }

    @Test
    void whatOperatorsGaveToAThirdUnitMeanwhileStaysThere() {
        RoutingRule taken = Takeover.begin(RULE, "RZ01").orElseThrow();
        RoutingRule tried = Takeover.tryOut(taken, "RZ01", new Shard(5));
        List<String> owners = new ArrayList<>(tried.owners());
        owners.set(9, "RZ03");
        RoutingRule moved = new RoutingRule(8, 100, owners, tried.units());

        RoutingRule back = Takeover.end(moved, "RZ01", taken.shardsOf("RZ01"), Set.of());

        assertThat(back.owner(new Shard(9)).name()).isEqualTo("RZ03");
        assertThat(back.shardsOf("RZ01")).hasToString("[00-08, 10-33]");
        assertThat(back.unit("RZ03").standby())
                .as("nobody said that it was a ward")
                .isEqualTo("RZ02");
    }

    @Test
    void limitsAndSwitchesStayAsTheyAre() {
        Flows limited = new Flows(
                1,
                new Flow(5, 5),
                null,
                new TreeMap<>(),
                null,
                new TreeMap<>(Map.of("RZ01", new Flow(7, 7))),
                null,
                null);
        RoutingRule rule = new RoutingRule(7, 100, RULE.owners(), RULE.units(), limited, Set.of(Feature.COUPONS));

        RoutingRule taken = Takeover.begin(rule, "RZ01").orElseThrow();

        assertThat(taken.flows()).isEqualTo(limited);
        assertThat(taken.switchedOff()).containsExactly(Feature.COUPONS);
        assertThat(Takeover.end(
                        Takeover.tryOut(taken, "RZ01", new Shard(5)),
                        "RZ01",
                        taken.shardsOf("RZ01"),
                        Takeover.wards("RZ01", rule, taken)))
                .isEqualTo(rule);
    }

    @Provide
    Arbitrary<RoutingRule> rules() {
        return Combinators.combine(
                        Arbitraries.integers().between(3, 6),
                        Arbitraries.integers().between(0, 99).list().ofSize(Shard.COUNT),
                        Arbitraries.longs().between(20, 300).list().ofSize(6))
                .as((count, chosen, capacities) -> {
                    String[] names = new String[count];
                    for (int i = 0; i < count; i++) {
                        names[i] = "RZ0" + (i + 1);
                    }
                    RoutingRule even = rule(100, names);
                    Map<String, Unit> units = new TreeMap<>();
                    even.units()
                            .values()
                            .forEach(unit -> units.put(
                                    unit.name(),
                                    new Unit(
                                            unit.name(),
                                            unit.region(),
                                            unit.standby(),
                                            capacities.get(units.size()),
                                            unit.colours())));
                    return new RoutingRule(
                            7,
                            100,
                            chosen.stream().map(each -> names[each % count]).toList(),
                            units);
                });
    }

    @Property
    void everyTakeoverMayBePublishedButForCapacityAndIsUndoneByItsEnd(
            @ForAll("rules") RoutingRule rule, @ForAll("names") String unit) {
        RoutingRule taken = Takeover.begin(rule, unit).orElseThrow();

        assertThat(objections(taken)).isEmpty();
        assertThat(Takeover.end(taken, unit, List.of(), Takeover.wards(unit, rule, taken)))
                .isEqualTo(rule);
        if (!taken.shardsOf(unit).isEmpty()) {
            Shard first = new Shard(taken.shardsOf(unit).getFirst().first());
            RoutingRule tried = Takeover.tryOut(taken, unit, first);
            assertThat(objections(tried)).isEmpty();
            assertThat(Takeover.end(tried, unit, taken.shardsOf(unit), Takeover.wards(unit, rule, taken)))
                    .isEqualTo(rule);
        }
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("RZ01", "RZ02", "RZ03");
    }

    private static List<Objection> objections(RoutingRule rule) {
        return switch (RuleDraft.of(rule).check(Deployed.of(rule), 8)) {
            case Verdict.Sound _ -> List.of();
            case Verdict.Unsound(List<Objection> objections) ->
                objections.stream()
                        .filter(objection -> !objection.place().endsWith("capacity"))
                        .toList();
        };
    }

    @Test
    void aUnitThatNothingCanStandInForIsNotTakenOver() {
        assertThat(Takeover.begin(rule(100, "RZ01", "RZ02"), "RZ01")).isEqualTo(Optional.empty());
    }
}
