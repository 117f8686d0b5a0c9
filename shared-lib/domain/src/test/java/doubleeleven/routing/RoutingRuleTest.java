package doubleeleven.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.ids.Shard;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoutingRuleTest {
    private static final Unit RZ01 = unit("RZ01", "RZ02", Map.of("a", 50, "b", 50));
    private static final Unit RZ02 = unit("RZ02", "RZ01", Map.of("a", 100));

    @Test
    void everyShardHasOneOwnerAndEveryOwnerAStandby() {
        RoutingRule rule = rule(Collections.nCopies(100, "RZ01"));

        assertThat(rule.owner(new Shard(99))).isEqualTo(RZ01);
        assertThat(rule.standbyOf(rule.owner(new Shard(99)))).isEqualTo(RZ02);
    }

    @Test
    void aShardWithoutAnOwnerIsRefused() {
        assertThatThrownBy(() -> rule(Collections.nCopies(99, "RZ01"))).hasMessageContaining("99");
    }

    @Test
    void anOwnerThatIsNoUnitIsRefused() {
        assertThatThrownBy(() -> rule(Collections.nCopies(100, "RZ09"))).hasMessageContaining("no such unit: RZ09");
    }

    @Test
    void weightsThatDoNotSumTo100AreRefused() {
        assertThatThrownBy(() -> unit("RZ01", "RZ02", Map.of("a", 60, "b", 50))).hasMessageContaining("sum to 100");
    }

    @Test
    void aUnitCannotStandByForItself() {
        assertThatThrownBy(() -> unit("RZ01", "RZ01", Map.of("a", 100))).hasMessageContaining("its own standby");
    }

    @Test
    void rulesAreTheSameWhateverTheirVersion() {
        RoutingRule rule = rule(Collections.nCopies(100, "RZ01"));

        assertThat(rule.at(7).version()).isEqualTo(7);
        assertThat(rule.at(7).saysTheSameAs(rule)).isTrue();
        assertThat(rule(Collections.nCopies(100, "RZ02")).saysTheSameAs(rule)).isFalse();
    }

    @Test
    void aCustomerKeepsTheColourAndTheColoursShareCustomersByWeight() {
        long a = IntStream.range(0, 10_000)
                .mapToObj(Integer::toString)
                .filter(customer -> RoutingRule.colourFor(customer, RZ01).equals("a"))
                .count();

        assertThat(a).isBetween(4_700L, 5_300L);
        assertThat(RoutingRule.colourFor("14911", RZ01)).isEqualTo(RoutingRule.colourFor("14911", RZ01));
        assertThat(RoutingRule.colourFor("14911", RZ02)).isEqualTo("a");
    }

    private static RoutingRule rule(List<String> owners) {
        return new RoutingRule(1, 100, owners, Map.of("RZ01", RZ01, "RZ02", RZ02));
    }

    private static Unit unit(String name, String standby, Map<String, Integer> colours) {
        return new Unit(name, "us-east-1", standby, 100, new TreeMap<>(colours));
    }
}
