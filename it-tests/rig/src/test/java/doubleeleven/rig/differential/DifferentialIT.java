package doubleeleven.rig.differential;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.rig.Topology;
import doubleeleven.rig.differential.Recorded.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The same scenarios on the rig and on the deployed stack. */
class DifferentialIT {
    private static final String RUN =
            Long.toString(ThreadLocalRandom.current().nextLong(1L << 30), Character.MAX_RADIX);
    /** How often a scenario is done where the stack was hindered, which is no difference. */
    private static final int TRIES = 4;

    private static final List<String> ROWS = new ArrayList<>();
    private static RigSide rig;
    private static StackSide stack;
    private static CommonRule rigRule;
    private static CommonRule stackRule;

    @BeforeAll
    static void open() {
        rig = new RigSide(Topology.read(ScenariosTest.SANDBOX));
        stack = new StackSide();
        rigRule = new CommonRule(rig, Play.EAST);
        stackRule = new CommonRule(stack, Play.EAST);
    }

    @AfterAll
    static void tell() {
        stackRule.close();
        rigRule.close();
        rig.close();
        System.out.println("%-60s %6s %6s %11s %7s".formatted("scenario", "calls", "items", "executions", "states"));
        ROWS.forEach(System.out::println);
    }

    @TestFactory
    Stream<DynamicTest> theRigAnswersWritesAndGoesThroughWhatTheStackDoes() {
        List<Scenario> all = Scenarios.all();
        return IntStream.range(0, all.size())
                .filter(i -> all.get(i).name().contains(System.getProperty("scenario", "")))
                .mapToObj(i -> DynamicTest.dynamicTest(
                        all.get(i).name(), () -> compare(all.get(i), "d%s%02d".formatted(RUN, i))));
    }

    private static void compare(Scenario scenario, String name) {
        String tag = name;
        Recorded expected = scenario.on(stack, tag);
        for (int again = 1; again < TRIES && !expected.hindrances().isEmpty(); again++) {
            ROWS.add("%-60s once more: %s".formatted(scenario.name(), expected.hindrances()));
            // Not what the names of an earlier try's things begin with: they have a hyphen there.
            tag = name + "r" + again;
            expected = scenario.on(stack, tag);
        }
        Recorded shown = scenario.on(rig, tag);

        List<String> differences = shown.differences("the rig", expected, "the stack");
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
