package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.STACK;
import static doubleeleven.it.blackbox.World.steps;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.blackbox.World.Unit;
import doubleeleven.it.client.Answer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Beside
final class RegionsIT {
    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = Shop.open();
        // A unit's first call of all may take so long that its standby overtakes it.
        Unit.all().forEach(unit -> shop.pay(Payer.of(unit, 1), unique("order"), 1));
    }

    static Stream<Arguments> everyDoorAndUnit() {
        return STACK.regions().stream()
                .flatMap(door -> Unit.all().stream().map(unit -> Arguments.of(door, unit.name())));
    }

    @ParameterizedTest(name = "door {0}, customer of {1}")
    @MethodSource("everyDoorAndUnit")
    void whateverDoorIsUsedTheOwnerOfTheShardServes(String door, String unitName) {
        Payer payer = Payer.of(Unit.named(unitName), 1000);
        Shop atDoor = shop.at(door);

        Answer answer = atDoor.pay(payer, unique("order"), 100);

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        Answer payment = atDoor.settled(answer.text("id"), "SUCCEEDED");
        assertThat(steps(payment, "by")).anyMatch(by -> by.startsWith(unitName + "-"));
        assertThat(payer.available()).isEqualTo(900);
        assertThat(STACK.regions())
                .allSatisfy(other -> assertThat(
                                shop.at(other).payment(answer.text("id")).text("status"))
                        .isEqualTo("SUCCEEDED"));
    }
}
