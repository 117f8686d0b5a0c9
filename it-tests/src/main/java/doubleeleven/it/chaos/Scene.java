package doubleeleven.it.chaos;

import doubleeleven.it.client.Api;
import doubleeleven.it.client.Pause;
import doubleeleven.it.client.Sandbox;
import doubleeleven.it.client.Stack;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Where a fault is made.
 *
 * @param target what is to be broken, where the scenario has a choice
 * @param chance chooses everything that is chosen by chance; used by one thread at a time
 * @param say tells whoever looks on what happens
 */
record Scene(Stack stack, Sandbox sandbox, Load load, String target, RandomGenerator chance, Consumer<String> say) {
    private static final long BETWEEN_LOOKS = 5000;

    /** An operator who calls the door of another Region than that. */
    Api operatorOutside(String lost) {
        String door = stack.regions().stream()
                .filter(region -> !region.equals(lost))
                .findFirst()
                .orElseThrow();
        return stack.operator().through(stack.door(door));
    }

    /** Has the watchers of all Regions but that look at the units at the same time, as their schedules would. */
    void watchOutside(String lost) {
        stack.regions().parallelStream().filter(region -> !region.equals(lost)).forEach(stack::watch);
        Pause.millis(BETWEEN_LOOKS);
    }
}
