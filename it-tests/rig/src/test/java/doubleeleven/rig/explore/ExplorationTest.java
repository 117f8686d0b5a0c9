package doubleeleven.rig.explore;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.testkit.LocalTables;
import java.util.Map;
import java.util.TreeMap;
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

    @Test
    void noHistoryViolatesAnInvariantAndNoGuardIsMissedUnnoticed() {
        Guards guards = new Guards();

        assertThat(explore.all(Suite.quick(), guards.noting())).isEmpty();

        Map<String, String> unnoticed = new TreeMap<>();
        explore.withoutEach(guards).forEach((guard, led) -> {
            if (led == null) {
                unnoticed.put(guard, "");
            }
        });
        assertThat(unnoticed.keySet()).isEmpty();
    }
}
