package doubleeleven.rig.explore;

import doubleeleven.aws.Json;
import doubleeleven.it.command.Arguments;
import doubleeleven.it.command.Command;
import doubleeleven.rig.explore.Explorer.Result;
import doubleeleven.rig.explore.Explorer.Violation;
import doubleeleven.rig.explore.Guards.Guard;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.asl.PaymentTcc;
import doubleeleven.testkit.asl.StateMachine;
import java.io.PrintStream;
import java.util.ArrayList;
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
    static final long MOST_STATES = 60_000_000;

    private static final String USAGE = """
            Goes through every interleaving of racing payments, on the deployed definition and the real handlers, and checks every invariant in every
            state: calls lost, answered by nobody, landing late or twice, crashes, messages lost or delivered twice, recovery and reclaim in between.
            Then takes away one guard after the other and says what that leads to.

              --thorough   further: up to two faults in a history, from one to three sources; needs 4 GB and a quarter of an hour
              --help       this text

            Each line states its bounds. Exit code: 0 if every history was explored and every invariant held, 1 if not, 2 for wrong options.
            """;

    private final LocalTables tables;
    private final StateMachine machine = StateMachine.of(Json.object(PaymentTcc.definition("RZ01")));
    private final PrintStream out;
    private final long mostStates;

    Explore(LocalTables tables, PrintStream out, long mostStates) {
        this.tables = tables;
        this.out = out;
        this.mostStates = mostStates;
    }

    private record Options(boolean thorough) {
        static Options parse(Arguments arguments) throws Arguments.Invalid {
            boolean thorough = false;
            while (arguments.hasNext()) {
                if (!arguments.next().equals("--thorough")) {
                    throw arguments.unknown();
                }
                thorough = true;
            }
            return new Options(thorough);
        }
    }

    public static void main(String[] arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return new Command<>(USAGE, Options::parse, Explore::explore).run(out, err, arguments);
    }

    private static boolean explore(PrintStream out, Options options) {
        List<Scenario> scenarios = new ArrayList<>(Suite.quick());
        if (options.thorough()) {
            scenarios.addAll(Suite.thorough());
        }
        try (LocalTables tables = LocalTables.inProcess()) {
            Explore explore = new Explore(tables, out, MOST_STATES);
            Guards guards = new Guards();
            boolean fine = explore.all(scenarios, guards.noting()).isEmpty();
            if (fine) {
                explore.summary(explore.withoutEach(guards.all()));
            }
            return fine;
        }
    }

    /** Explores each scenario and sums up; answers the violations, of which one is that not every history was explored. */
    List<Violation> all(List<Scenario> scenarios, Mutation mutation) {
        List<Violation> violations = new ArrayList<>();
        long states = 0;
        long steps = 0;
        double histories = 0;
        double seconds = 0;
        for (Scenario scenario : scenarios) {
            long began = System.nanoTime();
            Result result = new Explorer(scenario, tables, machine, mutation).explore(mostStates);
            double took = (double) (System.nanoTime() - began) / 1e9;
            print(scenario.label(), result.states(), result.steps(), result.histories(), took);
            Violation violation = result.violation();
            if (violation != null) {
                violations.add(violation);
                out.println("VIOLATION: " + violation.what());
                violation.history().forEach(step -> out.println("  " + step));
            } else if (!result.complete()) {
                violations.add(new Violation("not all explored: more than " + mostStates + " states", List.of()));
                out.println("CUT OFF: more than " + mostStates + " states");
            }
            states += result.states();
            steps += result.steps();
            histories += result.histories();
            seconds += took;
        }
        print(
                "%d scenarios, %d of them cut off or violated".formatted(scenarios.size(), violations.size()),
                states,
                steps,
                histories,
                seconds);
        return violations;
    }

    private void print(String what, long states, long steps, double histories, double seconds) {
        out.printf(
                "%-104s: %,12d states, %,13d steps, %9.3g histories, %7.1f s%n",
                what, states, steps, histories, seconds);
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
                .explore(mostStates)
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
