package doubleeleven.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.ids.Shard;
import doubleeleven.routing.RuleDraft.DraftFlows;
import doubleeleven.routing.RuleDraft.DraftFlows.Named;
import doubleeleven.routing.RuleDraft.DraftUnit;
import doubleeleven.routing.RuleDraft.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be published, and what is refused with its place and what would be right. */
class RuleDraftTest {
    private static final Deployed DEPLOYED = deployed("us-east-2", "us-west-2");

    private static Deployed deployed(String second, String third) {
        return new Deployed(new TreeMap<>(Map.of(
                "RZ01", site("us-east-1", "a", "b"),
                "RZ02", site(second, "a"),
                "RZ03", site(third, "a", "b"))));
    }

    private static Deployed.Site site(String region, String... colours) {
        return new Deployed.Site(region, new TreeSet<>(List.of(colours)));
    }

    /** A unit of a draft, each part of which can be said otherwise. */
    private record Part(DraftUnit unit) {
        static Part of(String name, String region, String standby, String... shards) {
            return new Part(new DraftUnit(name, region, standby, 70, weights(Map.of("a", 100)), ranges(shards), false));
        }

        Part named(String name) {
            return new Part(new DraftUnit(
                    name,
                    unit.region(),
                    unit.standby(),
                    unit.capacity(),
                    unit.colours(),
                    unit.shards(),
                    unit.forbidden()));
        }

        Part in(String region) {
            return new Part(new DraftUnit(
                    unit.name(),
                    region,
                    unit.standby(),
                    unit.capacity(),
                    unit.colours(),
                    unit.shards(),
                    unit.forbidden()));
        }

        Part standby(String standby) {
            return new Part(new DraftUnit(
                    unit.name(),
                    unit.region(),
                    standby,
                    unit.capacity(),
                    unit.colours(),
                    unit.shards(),
                    unit.forbidden()));
        }

        Part capacity(long capacity) {
            return new Part(new DraftUnit(
                    unit.name(),
                    unit.region(),
                    unit.standby(),
                    capacity,
                    unit.colours(),
                    unit.shards(),
                    unit.forbidden()));
        }

        Part colours(Map<String, Integer> weights) {
            return new Part(new DraftUnit(
                    unit.name(),
                    unit.region(),
                    unit.standby(),
                    unit.capacity(),
                    weights(weights),
                    unit.shards(),
                    unit.forbidden()));
        }

        Part shards(String... shards) {
            return new Part(new DraftUnit(
                    unit.name(),
                    unit.region(),
                    unit.standby(),
                    unit.capacity(),
                    unit.colours(),
                    ranges(shards),
                    unit.forbidden()));
        }

        Part forbidden() {
            return new Part(new DraftUnit(
                    unit.name(), unit.region(), unit.standby(), unit.capacity(), unit.colours(), unit.shards(), true));
        }

        private static TreeMap<String, Integer> weights(Map<String, Integer> weights) {
            return new TreeMap<>(weights);
        }

        private static List<ShardRange> ranges(String... shards) {
            return Arrays.stream(shards)
                    .map(range -> ShardRange.parse(range).orElseThrow())
                    .toList();
        }
    }

    private static final Part RZ01 = Part.of("RZ01", "us-east-1", "RZ02", "00-33");
    private static final Part RZ02 = Part.of("RZ02", "us-east-2", "RZ03", "34-66");
    private static final Part RZ03 = Part.of("RZ03", "us-west-2", "RZ01", "67-99");

    private static RuleDraft draft(long peak, Part... parts) {
        return new RuleDraft(peak, Arrays.stream(parts).map(Part::unit).toList());
    }

    private static RoutingRule sound(RuleDraft draft) {
        assertThat(draft.check(DEPLOYED, 4)).isInstanceOf(Verdict.Sound.class);
        return ((Verdict.Sound) draft.check(DEPLOYED, 4)).rule();
    }

    private static List<String> objections(RuleDraft draft, Deployed deployed) {
        assertThat(draft.check(deployed, 4)).isInstanceOf(Verdict.Unsound.class);
        return ((Verdict.Unsound) draft.check(deployed, 4))
                .objections().stream()
                        .map(objection -> objection.place() + " " + objection.message())
                        .toList();
    }

    private static List<String> objections(Part... parts) {
        return objections(draft(100, parts), DEPLOYED);
    }

    @Test
    void aSoundDraftIsARuleOfTheWantedVersion() {
        RoutingRule rule = sound(draft(100, RZ01.colours(Map.of("a", 20, "b", 80)), RZ02, RZ03));

        assertThat(rule.version()).isEqualTo(4);
        assertThat(rule.peak()).isEqualTo(100);
        assertThat(rule.unit("RZ01"))
                .isEqualTo(new Unit(
                        "RZ01", "us-east-1", "RZ02", 70, rule.unit("RZ01").colours()));
        assertThat(rule.unit("RZ01").colours()).isEqualTo(Map.of("a", 20, "b", 80));
        assertThat(rule.shardsOf("RZ02")).containsExactly(new ShardRange(34, 66));
    }

    @Test
    void aRuleIsADraftOfItself() {
        RoutingRule rule = sound(draft(80, RZ01.shards("00-10", "90-99"), RZ02.shards("11-50"), RZ03.shards("51-89")));

        assertThat(RuleDraft.of(rule).check(DEPLOYED, 4)).isEqualTo(new Verdict.Sound(rule));
    }

    @Test
    void aUnitThatOwnsNothingMayBeLeftOut() {
        RoutingRule rule = sound(draft(
                100,
                RZ01.capacity(100).shards("00-49"),
                RZ02.standby("RZ01").capacity(100).shards("50-99")));

        assertThat(rule.units()).containsOnlyKeys("RZ01", "RZ02");
    }

    @Test
    void aShardWithoutAnOwnerIsRefused() {
        assertThat(objections(RZ01.shards("00-30", "33-33"), RZ02, RZ03.shards("67-98")))
                .containsExactly("units must own every shard: nobody owns 31-32, 99-99");
    }

    @Test
    void aShardWithTwoOwnersIsRefusedWithTheOther() {
        assertThat(objections(RZ01, RZ02.shards("34-66", "30-40"), RZ03))
                .containsExactly(
                        "units[1].shards[1] must leave out 30-33, which RZ01 owns",
                        "units[1].shards[1] must leave out 34-40, which RZ02 owns");
    }

    @Test
    void aUnitThatIsNamedTwiceIsRefused() {
        assertThat(objections(RZ01, RZ02.named("RZ01").in("us-east-1"), RZ03))
                .contains("units[1].name must be another one: RZ01 is there already");
    }

    @Test
    void aUnitThatNobodyDeployedIsRefused() {
        assertThat(objections(RZ01.standby("RZ09"), RZ02.named("RZ09"), RZ03))
                .containsExactly("units[1].name must be one of the units that are deployed: RZ01, RZ02, RZ03");
    }

    @Test
    void aRegionWhereTheUnitIsNotDeployedIsRefused() {
        assertThat(objections(RZ01.in("eu-west-1"), RZ02, RZ03))
                .containsExactly("units[0].region must be us-east-1, where RZ01 is deployed");
    }

    @Test
    void aColourThatNobodyDeployedIsRefusedThoughItHasNoWeight() {
        assertThat(objections(RZ01, RZ02.colours(Map.of("a", 100, "b", 0)), RZ03))
                .containsExactly("units[1].colours.b must be left out: the colours of RZ02 that are deployed are a");
    }

    @ParameterizedTest
    @CsvSource({"90, 20", "50, 49", "101, -1", "0, 0"})
    void weightsThatAreNoSharesOfAHundredAreRefused(int a, int b) {
        assertThat(objections(RZ01, RZ02, RZ03.colours(Map.of("a", a, "b", b))))
                .containsExactly(
                        "units[2].colours must be weights of 0 to 100 that sum to 100, not {a=" + a + ", b=" + b + "}");
    }

    @Test
    void aUnitWithoutColoursIsRefused() {
        assertThat(objections(RZ01.colours(Map.of()), RZ02, RZ03))
                .containsExactly("units[0].colours must be weights of 0 to 100 that sum to 100, not {}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RZ02", "RZ09"})
    void aStandbyIsAnotherUnitOfTheDocument(String standby) {
        assertThat(objections(RZ01, RZ02.standby(standby), RZ03))
                .containsExactly("units[1].standby must be another unit of the document");
    }

    @Test
    void aStandbyThatWouldBeLostWithItsRegionIsRefusedWhereThereIsAnother() {
        RuleDraft draft = draft(100, RZ01, RZ02.in("us-east-1"), RZ03);

        assertThat(objections(draft, deployed("us-east-1", "us-west-2")))
                .containsExactly(
                        "units[0].standby must be a unit in another Region: RZ02 would be lost with us-east-1");
        assertThat(draft(100, RZ01, RZ02.in("us-east-1"), RZ03.in("us-east-1"))
                        .check(deployed("us-east-1", "us-east-1"), 4))
                .isInstanceOf(Verdict.Sound.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, RuleDraft.MOST_A_SECOND + 1})
    void aPeakOrACapacityOutOfRangeIsRefused(long rate) {
        assertThat(objections(draft(rate, RZ01, RZ02.capacity(rate), RZ03), DEPLOYED))
                .containsExactly(
                        "peak must be an integer from 1 to 10000000",
                        "units[1].capacity must be an integer from 1 to 10000000");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        assertThat(objections(RZ01.in("eu-west-1"), RZ02.standby("RZ09").colours(Map.of("a", 1)), RZ03.shards()))
                .hasSize(4);
    }

    // N+1.

    @Test
    void aStandbyThatCouldNotCarryALostUnitBesidesItsOwnIsRefusedWithBothAndWhatWouldDo() {
        assertThat(objections(RZ01, RZ02.capacity(66), RZ03))
                .containsExactly("units[1].capacity must be 67 or more: should RZ01 be lost, its standby RZ02 has to"
                        + " carry 67 payments a second of the peak of 100 and is provisioned for 66");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RZ01", "RZ02", "RZ03"})
    void whicheverUnitIsLostItsStandbyMustCarryIt(String lost) {
        List<Part> parts = new ArrayList<>(List.of(RZ01, RZ02, RZ03));
        String standby = parts.stream()
                .filter(part -> part.unit().name().equals(lost))
                .findFirst()
                .orElseThrow()
                .unit()
                .standby();
        parts.replaceAll(part -> part.unit().name().equals(standby) ? part.capacity(65) : part);

        assertThat(objections(parts.toArray(Part[]::new)))
                .singleElement()
                .asString()
                .contains("should " + lost + " be lost, its standby " + standby);
    }

    @Test
    void aStandbyForTwoIsAskedForTheLargerAlone() {
        assertThat(objections(
                        RZ01.capacity(60).shards("00-19"), RZ02.standby("RZ01").shards("20-49"), RZ03.shards("50-99")))
                .singleElement()
                .asString()
                .startsWith("units[0].capacity must be 70 or more: should RZ03 be lost");
    }

    /** It is the one unit that may be lost: its standby must carry it, and nobody is asked for a second loss. */
    @Test
    void aUnitThatIsForbiddenIsCarriedByItsStandbyAndIsTheOnlyLossThatIsAllowedFor() {
        RoutingRule rule = sound(draft(
                100, RZ01.forbidden(), RZ02.capacity(67), RZ03.standby("RZ02").capacity(33)));

        assertThat(rule.unit("RZ01").forbidden()).isTrue();
        assertThat(rule.routes().getFirst()).isEqualTo(new Route(new Shard(0), 4, "RZ01", "RZ02", true));
        assertThat(objections(RZ01.forbidden(), RZ02.capacity(66), RZ03.standby("RZ02")))
                .singleElement()
                .asString()
                .startsWith("units[1].capacity must be 67 or more");
    }

    @Test
    void aUnitThatIsForbiddenIsNobodysStandby() {
        assertThat(objections(RZ01.forbidden(), RZ02, RZ03))
                .containsExactly("units[2].standby must be a unit that serves: RZ01 is forbidden");
    }

    @Test
    void aUnitThatNobodyRunsToMustCarryItsOwn() {
        assertThat(objections(RZ01.capacity(100), RZ02.standby("RZ01").capacity(100), RZ03.capacity(32)))
                .containsExactly("units[2].capacity must be 33 or more: RZ03 has to carry 33 payments a second of the"
                        + " peak of 100 and is provisioned for 32");
    }

    @Test
    void aHundredthOfThePeakIsNeverRoundedDown() {
        // 67 shards of 101 bring 67.67.
        assertThat(objections(draft(101, RZ01, RZ02.capacity(67), RZ03), DEPLOYED))
                .singleElement()
                .asString()
                .contains("must be 68 or more");
        sound(draft(101, RZ01, RZ02.capacity(68), RZ03));
    }

    @Test
    void theLoadsSayWhatEachUnitCarriesAndWhatAStandbyWould() {
        RoutingRule rule = sound(draft(1000, RZ01.capacity(700), RZ02.capacity(700), RZ03.capacity(700)));

        assertThat(rule.loads())
                .containsExactly(
                        new Load("RZ01", null, 340, 700),
                        new Load("RZ02", null, 330, 700),
                        new Load("RZ03", null, 330, 700),
                        new Load("RZ02", "RZ01", 670, 700),
                        new Load("RZ03", "RZ02", 660, 700),
                        new Load("RZ01", "RZ03", 670, 700));
    }

    @Test
    void whatATopologyNamesIsDeployedThoughItHasNoShardsAndNoWeight() {
        RoutingRule topology = new RoutingRule(
                1,
                0,
                Collections.nCopies(100, "RZ01"),
                Map.of(
                        "RZ01", new Unit("RZ01", "us-east-1", "RZ02", 0, new TreeMap<>(Map.of("a", 100, "b", 0))),
                        "RZ02", new Unit("RZ02", "us-east-2", "RZ01", 0, new TreeMap<>(Map.of("a", 100)))));

        assertThat(Deployed.of(topology).units())
                .isEqualTo(Map.of("RZ01", site("us-east-1", "a", "b"), "RZ02", site("us-east-2", "a")));
    }

    private static RuleDraft limited(DraftFlows flows) {
        RuleDraft draft = draft(100, RZ01, RZ02.capacity(71), RZ03);
        return new RuleDraft(draft.peak(), draft.units(), flows, Set.of(Feature.COUPONS));
    }

    private static DraftFlows flows(@Nullable Flow unit, List<Named> merchants, List<Named> units) {
        return new DraftFlows(4, new Flow(10, 20), null, merchants, unit, units, new Flow(2, 4), null);
    }

    @Test
    void limitsAndSwitchesOfADraftAreTheRulesAndADraftOfTheRuleSaysThemAgain() {
        Flow flow = new Flow(70, 100);
        RuleDraft draft =
                limited(flows(flow, List.of(new Named("m1", flow)), List.of(new Named("RZ02", new Flow(71, 9)))));

        RoutingRule rule = sound(draft);

        assertThat(rule.flows().environments()).isEqualTo(4);
        assertThat(rule.flows().ofMerchant("m1")).isEqualTo(flow);
        assertThat(rule.flows().ofMerchant("m2")).isNull();
        assertThat(rule.flows().ofUnit("RZ01")).isEqualTo(flow);
        assertThat(rule.flows().ofUnit("RZ02")).isEqualTo(new Flow(71, 9));
        assertThat(rule.switchedOff()).containsExactly(Feature.COUPONS);
        assertThat(RuleDraft.of(rule)).isEqualTo(draft);
    }

    @Test
    void aLimitOfAUnitIsWithinItsCapacity() {
        Flow more = new Flow(71, 9);

        assertThat(objections(limited(flows(more, List.of(), List.of())), DEPLOYED))
                .containsExactly("flows.unit.ratePerSecond must be 70 or less, the capacity of RZ01");
        assertThat(objections(limited(flows(null, List.of(), List.of(new Named("RZ03", more)))), DEPLOYED))
                .containsExactly("flows.units[0].ratePerSecond must be 70 or less, the capacity of RZ03");
        Flow fits = new Flow(70, 9);
        sound(limited(flows(more, List.of(), List.of(new Named("RZ01", fits), new Named("RZ03", fits)))));
    }

    @Test
    void aLimitIsOfSomebodyAndOfNobodyTwice() {
        Flow flow = new Flow(1, 1);
        Named twice = new Named("m1", flow);

        assertThat(objections(limited(flows(null, List.of(twice, twice), List.of(new Named("RZ09", flow)))), DEPLOYED))
                .containsExactly(
                        "flows.merchants[1].merchant must be another one: m1 is there already",
                        "flows.units[0].unit must be a unit of the document");
    }

    @Test
    void aLimitLetsSomethingThrough() {
        assertThatThrownBy(() -> new Flow(0, 1)).hasMessageContaining("ratePerSecond is from 1");
        assertThatThrownBy(() -> new Flow(1, RuleDraft.MOST_A_SECOND + 1)).hasMessageContaining("burst is from 1");
        assertThatThrownBy(() -> new DraftFlows(0, null, null, List.of(), null, List.of(), null, null).flows())
                .hasMessageContaining("environments are from 1");
    }
}
