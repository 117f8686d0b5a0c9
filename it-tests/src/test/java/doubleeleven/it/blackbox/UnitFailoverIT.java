package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.OPERATOR;
import static doubleeleven.it.blackbox.World.STACK;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.blackbox.World.Unit;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Failovers;
import doubleeleven.it.client.Sandbox.Fault;
import doubleeleven.it.client.Sandbox.Rule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Region is out of reach: its unit is taken out of service by rule from another Region, and brought back. */
final class UnitFailoverIT {
    /** Not the Region that operators call. */
    private static final Unit UNIT = Unit.named("RZ03");

    private static final String PATH = Failovers.path(UNIT.name());
    private static final Failovers FAILOVERS = new Failovers(OPERATOR);

    @RegisterExtension
    static final RuleAtFirst FIRST = new RuleAtFirst();

    @RegisterExtension
    final Faults faults = new Faults();

    @Test
    void aLostUnitIsTakenOutByRuleServedByItsStandbyAndBroughtBackWithoutAPennyLost() {
        Shop shop = Shop.open();
        Payer payer = Payer.of(UNIT, 1000);
        String standby = UNIT.standby();
        assertThat(claimedBy(pay(shop, payer))).startsWith(UNIT.name());
        Fault lost = faults.inject(Rule.mode("unavailable").region(UNIT.region()));
        assertThat(claimedBy(pay(shop, payer))).as("at once, in the same call").startsWith(standby);

        Answer away = FAILOVERS.away(UNIT.name(), "a drill");

        assertThat(away.text("state")).as(away.text()).isEqualTo("DONE");
        assertThat(steps(away)).startsWith("FORBID", "SETTLE").endsWith("PROBE");
        assertThat(RuleAtFirst.now(UNIT.name(), "forbidden")).isEqualTo(true);
        assertThat(claimedBy(pay(shop, payer))).startsWith(standby);
        assertThat(OPERATOR.get("/operations/payments?unit=" + UNIT.name()).objects("payments"))
                .isEmpty();

        Answer early = OPERATOR.post(PATH, Map.of("direction", "SIDEWAYS", "reason", "a drill"));
        assertThat(early.status()).isEqualTo(422);
        assertThat(early.wrongFields()).containsExactly("direction");

        lost.end();
        Answer back = FAILOVERS.back(UNIT.name(), "a drill");

        assertThat(back.text("state")).as(back.text()).isEqualTo("DONE");
        assertThat(steps(back))
                .startsWith("REACH")
                .contains("TRY_OUT", "CHECK", "RESTORE")
                .endsWith("PROBE");
        assertThat(RuleAtFirst.now()).isEqualTo(FIRST.document());
        for (String door : STACK.regions()) {
            assertThat(claimedBy(pay(shop.at(door), payer))).as(door).startsWith(UNIT.name());
        }
        int paid = 3 + STACK.regions().size();
        assertThat(payer.available()).isEqualTo(1000 - paid);
        assertThat(payer.held()).isZero();
        assertThat(shop.takings()).isEqualTo(paid);
        assertThat(OPERATOR.post(PATH, Map.of("direction", "BACK", "reason", "once more"))
                        .problem())
                .isEqualTo("nothing-to-do");
    }

    /** A payment of one penny, once it is settled. */
    private static Answer pay(Shop shop, Payer payer) {
        Answer answer = shop.pay(payer, unique("order"), 1);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return shop.settled(answer.text("id"), "SUCCEEDED");
    }

    private static String claimedBy(Answer payment) {
        return payment.objects("timeline").stream()
                .filter(step -> "CLAIM".equals(step.get("step")))
                .map(step -> String.valueOf(step.get("by")))
                .findFirst()
                .orElseThrow();
    }

    private static List<Object> steps(Answer failover) {
        return failover.objects("notes").stream().map(note -> note.get("step")).toList();
    }
}
