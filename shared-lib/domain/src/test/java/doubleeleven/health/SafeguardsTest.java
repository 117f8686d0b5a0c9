package doubleeleven.health;

import static doubleeleven.health.Scene.NOW;
import static doubleeleven.health.Scene.RULE;
import static doubleeleven.health.Scene.look;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.health.Safeguards.Past;
import doubleeleven.routing.Feature;
import doubleeleven.routing.Flows;
import doubleeleven.routing.Load;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Takeover;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SafeguardsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Past NOTHING = new Past(false, null);
    /** RZ01 is down, and the others work. */
    private static final Map<String, UnitHealth> DOWN =
            Scene.health(List.of(look("region-2", NOW, LONG, "RZ01"), look("region-3", NOW, LONG, "RZ01")));

    @Test
    void aUnitThatIsDownIsTakenOutWhereNothingSpeaksAgainstIt() {
        assertThat(Safeguards.withheld(RULE, "RZ01", DOWN, NOTHING, NOW)).isEmpty();
    }

    @Test
    void notWhileTheRuleSaysThatAPersonDecides() {
        RoutingRule off =
                new RoutingRule(7, 100, RULE.owners(), RULE.units(), Flows.NONE, Set.of(Feature.AUTOMATIC_FAILOVER));

        assertThat(Safeguards.withheld(off, "RZ01", DOWN, NOTHING, NOW)).contains(Withheld.SWITCHED_OFF);
        RoutingRule other = new RoutingRule(7, 100, RULE.owners(), RULE.units(), Flows.NONE, Set.of(Feature.COUPONS));
        assertThat(Safeguards.withheld(other, "RZ01", DOWN, NOTHING, NOW)).isEmpty();
    }

    @Test
    void notWhereSomeUnitWouldBeLeftWithoutAStandby() {
        RoutingRule two = Takeover.begin(RULE, "RZ03").orElseThrow();

        assertThat(Safeguards.withheld(two, "RZ01", DOWN, NOTHING, NOW)).contains(Withheld.NO_STANDBY);
    }

    @Test
    void notWhereThoseThatAreLeftCannotCarryThePeak() {
        assertThat(Safeguards.withheld(Scene.rule(67), "RZ01", DOWN, NOTHING, NOW))
                .isEmpty();
        assertThat(Safeguards.withheld(Scene.rule(66), "RZ01", DOWN, NOTHING, NOW))
                .contains(Withheld.NO_CAPACITY);
    }

    /** So watchers that see everything fail, for a reason of their own, do nothing. */
    @Test
    void notWhereTheStandbyIsNotSeenToWork() {
        Map<String, UnitHealth> all = Scene.health(List.of(
                look("region-1", NOW, LONG, "RZ01", "RZ02", "RZ03"),
                look("region-2", NOW, LONG, "RZ01", "RZ02", "RZ03"),
                look("region-3", NOW, LONG, "RZ01", "RZ02", "RZ03")));

        assertThat(Safeguards.withheld(RULE, "RZ01", all, NOTHING, NOW)).contains(Withheld.STANDBY_NOT_WELL);
    }

    @Test
    void notWhileAnotherUnitIsBeingTakenOut() {
        assertThat(Safeguards.withheld(RULE, "RZ01", DOWN, new Past(true, null), NOW))
                .contains(Withheld.ANOTHER_RUNNING);
    }

    @Test
    void notTwiceWithinAnHour() {
        Past lately = new Past(false, NOW.minus(Safeguards.COOLDOWN).plusMillis(1));

        assertThat(Safeguards.withheld(RULE, "RZ01", DOWN, lately, NOW)).contains(Withheld.COOLING_DOWN);
        assertThat(Safeguards.withheld(RULE, "RZ01", DOWN, lately, NOW.plusMillis(1)))
                .isEmpty();
    }

    @Property
    void whatIsTakenOutLeavesUnitsThatCarryThePeakAndAStandbyThatWorks(
            @ForAll @LongRange(min = 30, max = 110) long capacity, @ForAll boolean second) {
        Map<String, UnitHealth> health = Scene.health(List.of(
                look("region-2", NOW, LONG, second ? List.of("RZ01", "RZ02") : List.of("RZ01")),
                look("region-3", NOW, LONG, second ? List.of("RZ01", "RZ02") : List.of("RZ01"))));
        RoutingRule rule = Scene.rule(capacity);

        if (Safeguards.withheld(rule, "RZ01", health, NOTHING, NOW).isEmpty()) {
            RoutingRule left = Takeover.begin(rule, "RZ01").orElseThrow();
            assertThat(left.loads()).allMatch(Load::isCarried);
            assertThat(health.get(left.unit("RZ01").standby()).verdict()).isEqualTo(UnitHealth.Verdict.WELL);
        }
    }
}
