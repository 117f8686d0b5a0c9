package doubleeleven.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.ids.Shard;
import doubleeleven.routing.Feature;
import doubleeleven.routing.Flow;
import doubleeleven.routing.Flows;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RoutingDocumentTest {
    @Property(tries = 200)
    void anyRuleIsReadBackAsItWasWritten(
            @ForAll @LongRange(min = 1) long version,
            @ForAll @LongRange(min = 0, max = 10_000_000) long peak,
            @ForAll @IntRange(min = 0, max = 100) int weight,
            @ForAll @Size(Shard.COUNT) List<@IntRange(min = 1, max = 3) Integer> owners,
            @ForAll("flows") Flows flows,
            @ForAll Set<Feature> switchedOff) {
        RoutingRule rule = new RoutingRule(
                version,
                peak,
                owners.stream().map(number -> "RZ0" + number).toList(),
                Map.of(
                        "RZ01", unit("RZ01", "RZ02", peak, weight),
                        "RZ02", unit("RZ02", "RZ03", 0, weight),
                        "RZ03", unit("RZ03", "RZ01", 1, weight)),
                flows,
                switchedOff);

        assertThat(RoutingDocument.read(RoutingDocument.write(rule))).isEqualTo(rule);
        assertThat(RoutingDocument.readWhole(RoutingDocument.write(rule))).isEqualTo(rule);
    }

    @Provide
    Arbitrary<Flows> flows() {
        Arbitrary<Flow> some = Combinators.combine(
                        Arbitraries.longs().between(1, 10_000_000),
                        Arbitraries.longs().between(1, 10_000_000))
                .as(Flow::new);
        Arbitrary<Flow> any = some.injectNull(0.3);
        Arbitrary<Map<String, Flow>> merchants = Arbitraries.maps(Arbitraries.of("m1", "m2", "M-3"), some);
        Arbitrary<Map<String, Flow>> units = Arbitraries.maps(Arbitraries.of("RZ01", "RZ03"), some);
        return Combinators.combine(
                        Arbitraries.integers().between(1, Flows.MOST_ENVIRONMENTS),
                        any,
                        any,
                        merchants,
                        any,
                        units,
                        any,
                        any)
                .as((among, app, merchant, named, unit, namedUnits, account, bucket) -> new Flows(
                        among, app, merchant, new TreeMap<>(named), unit, new TreeMap<>(namedUnits), account, bucket));
    }

    @Test
    void aRuleFromBeforeLimitsWereKeptHasNoneAndSaysNoneWhenItIsWritten() {
        RoutingRule rule = RoutingDocument.read(document("\"00-41\"", "\"42-99\""));

        assertThat(rule.flows()).isEqualTo(Flows.NONE);
        assertThat(rule.switchedOff()).isEmpty();
        assertThat(RoutingDocument.write(rule)).doesNotContain("flows", "switches");
    }

    /** Gateways of this release go on as if it were on; nobody publishes again what would lose it. */
    @Test
    void aSwitchOfALaterReleaseIsLeftAsideAndIsNoWholeRule() {
        String later = RoutingDocument.write(RoutingDocument.read(document("\"00-41\"", "\"42-99\"")))
                .replaceFirst("\\}$", ",\"switches\":{\"coupons\":\"OFF\",\"loyalty\":\"OFF\"}}");

        assertThat(RoutingDocument.read(later).switchedOff()).containsExactly(Feature.COUPONS);
        assertThatThrownBy(() -> RoutingDocument.readWhole(later)).hasMessageContaining("more than this release knows");
    }

    @Test
    void aTopologyIsTheFirstRule() {
        RoutingRule rule =
                RoutingDocument.read(document("\"00-41\", \"43-99\"", "\"42\"").replace("\"version\": 7, ", ""));

        assertThat(rule.version()).isEqualTo(1);
        assertThat(rule.owner(new Shard(42)).name()).isEqualTo("RZ02");
    }

    @Test
    void aRuleFromBeforeCapacitiesWereKeptIsReadWhole() {
        String written = RoutingDocument.write(RoutingDocument.read(document("\"00-41\"", "\"42-99\"")));

        assertThat(written).doesNotContain("capacity", "peak");
        assertThat(RoutingDocument.readWhole(written).peak()).isZero();
    }

    /** A gateway of this release serves by such a rule; nobody publishes again or compares what would lose a part. */
    @Test
    void whatOnlyALaterReleaseKnowsIsLeftAsideAndIsNoWholeRule() {
        String later = RoutingDocument.write(RoutingDocument.read(document("\"00-41\"", "\"42-99\"")))
                .replace("\"standby\":\"RZ01\"", "\"standby\":\"RZ01\",\"paymentsPerSecond\":7");

        assertThat(RoutingDocument.read(later).version()).isEqualTo(7);
        assertThatThrownBy(() -> RoutingDocument.readWhole(later))
                .hasMessageContaining("version 7 of the rule says more than this release knows");
    }

    @Test
    void aShardHasExactlyOneOwner() {
        assertThat(RoutingDocument.read(document("\"00-41\"", "\"42-99\"")).version())
                .isEqualTo(7);
        assertThatThrownBy(() -> RoutingDocument.read(document("\"00-42\"", "\"42-99\"")))
                .hasMessageContaining("42 has two owners");
        assertThatThrownBy(() -> RoutingDocument.read(document("\"00-41\"", "\"43-99\"")))
                .hasMessageContaining("no owner");
    }

    private static String document(String firstShards, String secondShards) {
        return """
                {"version": 7, "units": [
                  {"name": "RZ01", "region": "us-east-1", "standby": "RZ02", "colours": {"a": 100}, "shards": [%s]},
                  {"name": "RZ02", "region": "us-east-2", "standby": "RZ01", "colours": {"a": 60, "b": 40}, "shards": [%s]}]}
                """.formatted(firstShards, secondShards);
    }

    private static Unit unit(String name, String standby, long capacity, int weight) {
        return new Unit(name, "us-east-1", standby, capacity, new TreeMap<>(Map.of("a", weight, "b", 100 - weight)));
    }
}
