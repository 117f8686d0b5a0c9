package doubleeleven.rig.differential;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.rig.Topology;
import doubleeleven.rig.differential.Recorded.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The same scenarios on the rig and on the deployed stack. The stack does several at a time, for most of it is waiting and each has customers,
 * merchants and faults of its own; those that break more than their own are done alone, when the others are through.
 */
class DifferentialIT {
    private static final String RUN =
            Long.toString(ThreadLocalRandom.current().nextLong(1L << 30), Character.MAX_RADIX);
    /** How often a scenario is done where the stack was hindered, which is no difference. */
    private static final int TRIES = 4;

    private static final int AT_A_TIME = 6;

    private static final List<Scenario> SCENARIOS = Scenarios.all();
    private static final List<String> ROWS = new ArrayList<>();
    private static final ExecutorService EXECUTOR = Executors.newFixedThreadPool(AT_A_TIME);
    private static RigSide rig;
    private static StackSide stack;
    private static CommonRule rigRule;
    private static CommonRule stackRule;

    /**
     * What the stack showed.
     *
     * @param tag of the try that counts
     * @param hindered what the tries before it were hindered by
     */
    private record Shown(String tag, Recorded recorded, List<List<String>> hindered) {}

    @BeforeAll
    static void open() {
        rig = new RigSide(Topology.read(ScenariosTest.SANDBOX));
        stack = new StackSide();
        rigRule = new CommonRule(rig, Play.EAST);
        stackRule = new CommonRule(stack, Play.EAST);
    }

    @AfterAll
    static void tell() {
        EXECUTOR.close();
        stackRule.close();
        rigRule.close();
        rig.close();
        System.out.println("%-60s %6s %6s %11s %7s".formatted("scenario", "calls", "items", "executions", "states"));
        ROWS.forEach(System.out::println);
    }

    @TestFactory
    Stream<DynamicTest> theRigAnswersWritesAndGoesThroughWhatTheStackDoes() {
        List<Integer> wanted = IntStream.range(0, SCENARIOS.size())
                .filter(i -> SCENARIOS.get(i).name().contains(System.getProperty("scenario", "")))
                .boxed()
                .toList();
        Map<Integer, CompletableFuture<Shown>> beside = new HashMap<>();
        // Those with faults wait the longest: who begins with the last has others to do meanwhile.
        wanted.reversed().stream()
                .filter(i -> !SCENARIOS.get(i).alone())
                .forEach(i -> beside.put(i, CompletableFuture.supplyAsync(() -> onStack(i), EXECUTOR)));
        CompletableFuture<Void> through =
                CompletableFuture.allOf(beside.values().toArray(CompletableFuture[]::new));
        return wanted.stream()
                .map(i -> DynamicTest.dynamicTest(SCENARIOS.get(i).name(), () -> {
                    if (SCENARIOS.get(i).alone()) {
                        through.exceptionally(_ -> null).join();
                        compare(SCENARIOS.get(i), onStack(i));
                    } else {
                        compare(SCENARIOS.get(i), beside.get(i).join());
                    }
                }));
    }

    private static Shown onStack(int number) {
        Scenario scenario = SCENARIOS.get(number);
        String name = "d%s%02d".formatted(RUN, number);
        String tag = name;
        List<List<String>> hindered = new ArrayList<>();
        Recorded recorded = scenario.on(stack, tag);
        for (int again = 1; again < TRIES && !recorded.hindrances().isEmpty(); again++) {
            hindered.add(recorded.hindrances());
            // Not what the names of an earlier try's things begin with: they have a hyphen there.
            tag = name + "r" + again;
            recorded = scenario.on(stack, tag);
        }
        return new Shown(tag, recorded, hindered);
    }

    private static void compare(Scenario scenario, Shown shown) {
        Recorded expected = shown.recorded();
        shown.hindered().forEach(by -> ROWS.add("%-60s once more: %s".formatted(scenario.name(), by)));
        List<String> differences = scenario.on(rig, shown.tag()).differences("the rig", expected, "the stack");
        ROWS.add("%-60s %6d %6d %11d %7d  %s"
                .formatted(
                        scenario.name(),
                        expected.count(Kind.CALL),
                        expected.count(Kind.ITEM),
                        expected.count(Kind.EXECUTION),
                        expected.states(),
                        differences.isEmpty() ? "equal" : differences.size() + " differences"));
        assertThat(differences).isEmpty();
    }
}
