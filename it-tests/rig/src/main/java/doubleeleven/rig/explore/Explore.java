package doubleeleven.rig.explore;

import doubleeleven.rig.explore.Explorer.Result;
import doubleeleven.rig.explore.Scenario.Bounds;
import doubleeleven.testkit.LocalTables;
import java.util.List;

/** Explores every scenario and reports. */
public final class Explore {
    private Explore() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        int faults = Integer.parseInt(arguments[0]);
        int sources = Integer.parseInt(arguments[1]);
        int workers = Integer.parseInt(arguments[2]);
        int early = Integer.parseInt(arguments[3]);
        Bounds bounds = new Bounds(faults, workers, early, true, false);
        try (LocalTables tables = LocalTables.inProcess()) {
            for (Scenario scenario : List.of(
                    Scenarios.equal(sources, bounds),
                    Scenarios.otherAmount(sources, bounds),
                    Scenarios.afterADecline(sources, bounds),
                    Scenarios.daysLater(sources, bounds))) {
                long began = System.nanoTime();
                Result result = new Explorer(scenario, tables, Workflow.deployed(), Mutation.NONE).explore(60_000_000);
                System.out.printf(
                        "%s: %,d states, %,d steps, %.3g histories, %,d asked, %s, %.1f s%n",
                        scenario.name(),
                        result.states(),
                        result.steps(),
                        result.histories(),
                        result.asked(),
                        result.complete(),
                        (System.nanoTime() - began) / 1e9);
                if (result.violation() != null) {
                    System.out.println("  VIOLATION: " + result.violation().what());
                    result.violation().history().forEach(step -> System.out.println("    " + step));
                }
            }
        }
        System.exit(0);
    }
}
