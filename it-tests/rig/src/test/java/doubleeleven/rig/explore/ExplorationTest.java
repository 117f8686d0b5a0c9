package doubleeleven.rig.explore;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.rig.explore.GuardLists.Implied;
import doubleeleven.rig.explore.Guards.Guard;
import doubleeleven.testkit.LocalTables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every history of the quick suite's races, on the deployed definition and the real handlers; {@code localstack/eleven explore} goes further.
 * Then every guard that was found on the way is taken away: a new one must be entered in one of the two lists.
 */
class ExplorationTest {
    private static LocalTables tables;
    private static Explore explore;

    @BeforeAll
    static void start() {
        tables = LocalTables.inProcess();
        explore = new Explore(tables, System.out, Explore.MOST_STATES);
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    static final Path NOTICED = Path.of("src/test/resources/noticed-guards.txt");
    static final Path IMPLIED = Path.of("src/test/resources/implied-guards.txt");

    @Test
    void noHistoryViolatesAnInvariantAndEveryMissingGuardIsNoticed() throws IOException {
        Guards seen = new Guards();

        assertThat(explore.all(Suite.quick(), seen.noting())).isEmpty();

        Map<String, Guard> guards = seen.all().stream().collect(toMap(Guard::name, identity()));
        Map<String, Scenario> scenarios = Suite.small().stream().collect(toMap(Scenario::label, identity()));
        GuardLists lists = GuardLists.read(NOTICED, IMPLIED);
        assertThat(lists.differences(guards.keySet(), scenarios.keySet())).isEmpty();

        lists.noticed()
                .forEach(each -> assertThat(
                                explore.without(List.of(at(guards, each.guard())), at(scenarios, each.scenario())))
                        .as("without " + each.guard())
                        .isNotNull());
        for (Implied each : lists.implied()) {
            Guard guard = at(guards, each.guard());
            List<Guard> all = new ArrayList<>(List.of(guard));
            each.by().forEach(by -> all.add(at(guards, by)));
            Scenario scenario = at(scenarios, each.scenario());
            assertThat(explore.without(List.of(guard), scenario))
                    .as("without " + guard.name() + " alone")
                    .isNull();
            assertThat(explore.without(all, scenario))
                    .as("without " + all.stream().map(Guard::name).toList())
                    .isNotNull();
        }
    }

    private static <T> T at(Map<String, T> all, String name) {
        return Objects.requireNonNull(all.get(name), name);
    }
}
