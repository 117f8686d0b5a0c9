package doubleeleven.rig.explore;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.rig.explore.Guards.Guard;
import doubleeleven.testkit.LocalTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every history of the quick suite's races, on the deployed definition and the real handlers; {@code localstack/eleven explore} goes further.
 */
class ExplorationTest {
    private static LocalTables tables;
    private static Explore explore;

    @BeforeAll
    static void start() {
        tables = LocalTables.inProcess();
        explore = new Explore(tables, System.out);
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    /** Guards whose absence shows in the small suite; the others are held both ways by the contract tests of their writes alone. */
    private static final Path NOTICED = Path.of("src/test/resources/noticed-guards.txt");

    @Test
    void noHistoryViolatesAnInvariantAndAMissingGuardIsNoticed() throws IOException {
        Guards guards = new Guards();

        assertThat(explore.all(Suite.quick(), guards.noting())).isEmpty();

        List<String> noticed = Files.readAllLines(NOTICED);
        assertThat(guards.all()).extracting(Guard::name).containsAll(noticed);
        explore.withoutEach(guards.all().stream()
                        .filter(guard -> noticed.contains(guard.name()))
                        .toList())
                .forEach((guard, led) -> assertThat(led).as("without " + guard).isNotNull());
    }
}
