package doubleeleven.rig.explore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.rig.explore.Scenario.Bounds;
import doubleeleven.testkit.LocalTables;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exploration as a command. */
class ExploreTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return Explore.run(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), arguments);
    }

    @Test
    void helpNamesEachOptionAndEachExitCode() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(UTF_8)).contains("--thorough", "--help", "0 if", "1 if", "2 for");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"thorough", "quick", "--throrough"})
    void whatIsNoOptionIsRefusedBeforeAnythingRuns(String argument) {
        assertThat(run(argument)).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("unknown option " + argument).contains("--thorough");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void anExplorationThatIsCutOffIsNotTakenForComplete() {
        Scenario scenario = Scenarios.poor(new Bounds(0, 1, 0, false, false));
        try (LocalTables tables = LocalTables.inProcess()) {
            PrintStream told = new PrintStream(out, true, UTF_8);

            assertThat(new Explore(tables, told, 10).all(List.of(scenario), Mutation.NONE))
                    .singleElement()
                    .satisfies(violation -> assertThat(violation.what()).contains("not all explored"));
            assertThat(new Explore(tables, told, 1_000).all(List.of(scenario), Mutation.NONE))
                    .isEmpty();
        }
        assertThat(out.toString(UTF_8)).contains("CUT OFF", "1 scenarios, 1 of them", "1 scenarios, 0 of them");
    }
}
