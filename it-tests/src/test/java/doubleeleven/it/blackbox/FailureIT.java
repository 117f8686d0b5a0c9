package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.steps;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.blackbox.World.Unit;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Sandbox.Fault;
import doubleeleven.it.client.Sandbox.Rule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What breaks for everybody, a function or a Region, and what comes of the payments meanwhile: these tests run one after another. */
final class FailureIT {
    private static final Unit UNIT = Unit.named("RZ02");

    @RegisterExtension
    final Faults faults = new Faults();

    private Shop shop;
    private Payer payer;

    @BeforeEach
    void open() {
        shop = Shop.open().at(Unit.named(UNIT.standby()).region());
        payer = Payer.of(UNIT, 1000);
    }

    @Test
    void aFunctionKilledInTheMiddleOfPhaseTwoLosesNothingAndDoublesNothing() {
        String order = unique("order");
        Rule slowCredit =
                Rule.mode("slow").delayMillis(3000).call("dynamodb", "PutItem").contains(shop.orderHash(order));
        Fault fault = faults.inject(slowCredit);
        Answer answer = shop.pay(payer, order, 300);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);

        // The payer's hold is confirmed by then, the merchant's credit is on its way.
        eventually().until(() -> fault.hits() > 0);
        World.sandbox().kill(UNIT.resource("phase-two"), UNIT.region());
        fault.remove();

        shop.settled(answer.text("id"), "SUCCEEDED");
        assertThat(payer.available()).isEqualTo(700);
        assertThat(shop.takings()).isEqualTo(300);
    }

    @Test
    void whileTheOwningRegionIsGoneTheStandbyServes() {
        faults.inject(Rule.mode("unavailable").region(UNIT.region()));
        for (int payment = 0; payment < 4; payment++) {
            Answer answer = shop.pay(payer, unique("order"), 100);

            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            Answer settled = shop.settled(answer.text("id"), "SUCCEEDED");
            assertThat(steps(settled, "by")).anyMatch(by -> by.startsWith(UNIT.standby() + "-"));
        }
        assertThat(payer.available()).isEqualTo(600);
        assertThat(shop.takings()).isEqualTo(400);
    }
}
