package doubleeleven.rig.explore;

import doubleeleven.aws.Json;
import doubleeleven.rig.explore.Explorer.Result;
import doubleeleven.rig.explore.Explorer.Violation;
import doubleeleven.rig.explore.Guards.Guard;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.asl.PaymentTcc;
import doubleeleven.testkit.asl.StateMachine;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Explores the races of the protocol and says how many states and histories that were; then takes away one guard after the other and says what
 * that leads to.
 */
public final class Explore {
    /** A defect shows within far fewer; without one no scenario of the suites is larger. */
    private static final long MOST_STATES = 100_000_000;

    private final LocalTables tables;
    private final StateMachine machine = StateMachine.of(Json.object(PaymentTcc.definition()));
    private final PrintStream out;

    Explore(LocalTables tables, PrintStream out) {
        this.tables = tables;
        this.out = out;
    }

    /** {@code [quick|thorough]}: exit code 1 where an invariant is violated. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        boolean thorough = List.of(arguments).contains("thorough");
        boolean fine;
        try (LocalTables tables = LocalTables.inProcess()) {
            Explore explore = new Explore(tables, System.out);
            Guards guards = new Guards();
            fine = explore.all(Suite.quick(), guards.noting()).isEmpty();
            if (fine && thorough) {
                fine = explore.all(Suite.thorough(), guards.noting()).isEmpty();
            }
            if (fine) {
                explore.summary(explore.withoutEach(guards.all()));
            }
        }
        System.exit(fine ? 0 : 1);
    }

    /** Explores each scenario; answers the violations. */
    List<Violation> all(List<Scenario> scenarios, Mutation mutation) {
        return scenarios.stream()
                .map(scenario -> explore(scenario, mutation))
                .filter(result -> !result.complete())
                .map(result -> result.violation() == null
                        ? new Violation("more than " + MOST_STATES + " states", List.of())
                        : result.violation())
                .toList();
    }

    private Result explore(Scenario scenario, Mutation mutation) {
        Result result = new Explorer(scenario, tables, machine, mutation).explore(MOST_STATES);
        Scenario.Bounds bounds = scenario.bounds();
        out.printf(
                "%-44s faults <= %d, workers %d, early %d: %,12d states, %,13d steps, %9.3g histories, %,6d calls of the database%n",
                scenario.name(),
                bounds.faults(),
                bounds.workers(),
                bounds.early(),
                result.states(),
                result.steps(),
                result.histories(),
                result.asked());
        Violation violation = result.violation();
        if (violation != null) {
            out.println("VIOLATION: " + violation.what());
            violation.history().forEach(step -> out.println("  " + step));
        }
        return result;
    }

    private void summary(Map<String, @Nullable String> caught) {
        long noticed = caught.values().stream().filter(Objects::nonNull).count();
        out.printf("%d of %d guards: their absence shows in the small suite%n", noticed, caught.size());
    }

    /** Takes each guard away; answers by guard what that led to, null where nothing was noticed. */
    Map<String, @Nullable String> withoutEach(List<Guard> guards) {
        Map<String, @Nullable String> caught = new LinkedHashMap<>();
        for (Guard guard : guards) {
            String led = null;
            for (Scenario scenario : Suite.small()) {
                Result result = new Explorer(scenario, tables, machine, guard.missing()).explore(MOST_STATES);
                if (result.violation() != null) {
                    led = result.violation().what() + " (" + scenario.name() + ", "
                            + result.violation().history().size() + " steps)";
                    break;
                }
            }
            out.printf("without %s:%n    %s%n", guard.name(), led == null ? "NOT NOTICED" : led);
            caught.put(guard.name(), led);
        }
        return caught;
    }
}
