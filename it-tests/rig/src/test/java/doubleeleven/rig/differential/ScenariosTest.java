package doubleeleven.rig.differential;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.rig.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The scenarios on the rig alone: they come to their end, and a second run shows the same. */
class ScenariosTest {
    static final Path SANDBOX = Path.of("../../cdk/topologies/sandbox.json");
    private static RigSide one;
    private static RigSide other;

    @BeforeAll
    static void open() {
        one = new RigSide(Topology.read(SANDBOX));
        other = new RigSide(Topology.read(SANDBOX));
    }

    @AfterAll
    static void close() {
        one.close();
        other.close();
    }

    @TestFactory
    Stream<DynamicTest> aScenarioShowsTheSameWhenItIsRunAgain() {
        List<Scenario> all = Scenarios.all();
        return IntStream.range(0, all.size())
                .mapToObj(i -> DynamicTest.dynamicTest(all.get(i).name(), () -> {
                    String tag = "again%02d".formatted(i);
                    Recorded first = all.get(i).on(one, tag);

                    assertThat(first.differences("one", all.get(i).on(other, tag), "the other"))
                            .isEmpty();
                }));
    }

    @Test
    void namesOfScenariosTellThemApart() {
        assertThat(Scenarios.all()).extracting(Scenario::name).doesNotHaveDuplicates();
    }
}
