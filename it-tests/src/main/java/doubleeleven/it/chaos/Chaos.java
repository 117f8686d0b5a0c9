package doubleeleven.it.chaos;

import doubleeleven.it.client.Sandbox;
import doubleeleven.it.client.Stack;
import doubleeleven.it.command.Command;
import doubleeleven.it.replay.Line;
import doubleeleven.it.replay.Plan;
import doubleeleven.it.replay.Planner;
import doubleeleven.it.replay.Progress;
import doubleeleven.it.replay.Replayer;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Breaks the local stack under load, one fault after the other, and proves what came of the payments. */
public final class Chaos {
    /** Accounts that are opened at a time. */
    private static final int OPENING = 4;

    private Chaos() {}

    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    static int run(PrintStream out, PrintStream err, String... args) {
        return new Command<>(Options.USAGE, Options::parse, Chaos::chaos).run(out, err, args);
    }

    private static boolean chaos(PrintStream out, Options options) throws IOException {
        if (options.list()) {
            options.scenarios().forEach(scenario -> out.printf("%-15s %s%n", scenario.title(), scenario.sentence()));
            return true;
        }
        long began = System.nanoTime();
        List<Row> rows = rows(
                out,
                Stack.fromEnvironment(),
                options.scenarios(),
                options.target(),
                new Effort(options.orders(), options.parallel(), options.pace(), options.seed(), options.regions()),
                Timing.of(options.warmUp(), options.fault()));
        out.println();
        out.print(Row.table(rows));
        out.printf("%d s in all%n", Duration.ofNanos(System.nanoTime() - began).toSeconds());
        return rows.stream().allMatch(row -> row.faults().isEmpty());
    }

    /**
     * How much load.
     *
     * @param orders how many are ready for each scenario
     * @param parallel calls at a time at most
     * @param pace between two beginnings
     * @param regions whose doors are used; empty for all
     */
    public record Effort(int orders, int parallel, Duration pace, long seed, List<String> regions) {}

    /**
     * Opens what is needed and runs the scenarios.
     *
     * @param target what to break, where a scenario has a choice; empty to leave it to chance
     */
    public static List<Row> rows(
            PrintStream out, Stack stack, List<Scenario> scenarios, String target, Effort effort, Timing timing)
            throws IOException {
        Sandbox sandbox = Sandbox.fromEnvironment()
                .orElseThrow(() -> new IllegalStateException("faults can be ordered from the local stack only"));
        List<String> regions = effort.regions().isEmpty() ? stack.regions() : effort.regions();
        regions.forEach(stack::door);
        Map<Scenario, String> targets = targets(stack, scenarios, target, effort.seed());
        Plan plan = Planner.plan(
                Line.read(Optional.empty()),
                effort.orders() * scenarios.size() + timing.warmUp().calls(effort.pace()));
        String run = Long.toString(Instant.now().getEpochSecond(), 36);
        out.printf(
                "%d payments and %d refunds of %d customers are ready for %d scenarios through %s, run %s, seed %d%n",
                plan.purchases().size(),
                plan.returns().size(),
                plan.customers().size(),
                scenarios.size(),
                regions,
                run,
                effort.seed());
        Replayer replayer = new Replayer(stack, plan, regions, OPENING, Optional.empty(), run);
        replayer.open(new Progress(
                out, "opening", plan.customers().size() + plan.merchants().size()));
        try (Load load = new Load(
                plan, replayer::play, replayer::orderOf, effort.parallel(), effort.pace(), new Random(effort.seed()))) {
            Experiment experiment = new Experiment(stack, sandbox, load, timing, out);
            experiment.warmUp();
            List<Row> rows = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                rows.add(experiment.run(
                        scenario, targets.getOrDefault(scenario, ""), chanceOf(scenario, effort.seed())));
            }
            return rows;
        }
    }

    private static Random chanceOf(Scenario scenario, long seed) {
        return new Random(seed + scenario.title().hashCode());
    }

    /** Chosen before anything is opened, so that a target that is not there changes nothing. */
    private static Map<Scenario, String> targets(Stack stack, List<Scenario> scenarios, String target, long seed) {
        Map<Scenario, String> targets = new EnumMap<>(Scenario.class);
        for (Scenario scenario : scenarios) {
            List<String> all = scenario.targets(stack);
            if (!target.isEmpty() && !all.contains(target)) {
                throw new IllegalArgumentException(
                        "--target: " + scenario.title() + " cannot be " + target + "; it can be " + all);
            }
            if (!all.isEmpty()) {
                targets.put(
                        scenario,
                        target.isEmpty() ? all.get(chanceOf(scenario, seed).nextInt(all.size())) : target);
            }
        }
        return targets;
    }
}
