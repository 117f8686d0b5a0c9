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
import java.util.stream.Collectors;
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
        out.printf(
                "%-95s: %,12d states, %,13d steps, %9.3g histories, %,6d calls of the database%n",
                scenario.label(), result.states(), result.steps(), result.histories(), result.asked());
        Violation violation = result.violation();
        if (violation != null) {
            out.println("VIOLATION: " + violation.what());
            violation.history().forEach(step -> out.println("  " + step));
        }
        return result;
    }

    private void summary(Map<String, @Nullable String> caught) {
        long noticed = caught.values().stream().filter(Objects::nonNull).count();
        caught.forEach((guard, led) -> {
            if (led == null) {
                out.println("not noticed alone, another guard does the same: " + guard);
            }
        });
        out.printf("%d of %d guards: their absence shows in the small suite%n", noticed, caught.size());
    }

    /** Takes each guard away; answers by guard what that led to, null where nothing was noticed. */
    Map<String, @Nullable String> withoutEach(List<Guard> guards) {
        Map<String, @Nullable String> caught = new LinkedHashMap<>();
        for (Guard guard : guards) {
            caught.put(
                    guard.name(),
                    Suite.small().stream()
                            .map(scenario -> without(List.of(guard), scenario))
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(null));
        }
        return caught;
    }

    /** Takes these guards away together; answers what that led to, null where the scenario does not notice it. */
    @Nullable
    String without(List<Guard> guards, Scenario scenario) {
        Violation violation = new Explorer(scenario, tables, machine, Guards.withoutAll(guards))
                .explore(MOST_STATES)
                .violation();
        if (violation == null) {
            return null;
        }
        String led = violation.what() + " (" + violation.history().size() + " steps)";
        out.printf(
                "%s => %s%n    %s%n",
                guards.stream().map(Guard::name).collect(Collectors.joining("; ")), scenario.label(), led);
        return led;
    }
}
