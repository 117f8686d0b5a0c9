package doubleeleven.rig.explore;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.rig.explore.Guards.Guard;
import doubleeleven.testkit.LocalTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
        explore = new Explore(tables, System.out);
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    /** {@code guard => scenario that notices its absence}. */
    private static final Path NOTICED = Path.of("src/test/resources/noticed-guards.txt");

    /** Guards whose absence changes nothing as long as others stand, with those, the reason, and a scenario that notices when all are gone. */
    private static final Path IMPLIED = Path.of("src/test/resources/implied-guards.txt");

    private record Implied(String guard, List<String> by, String scenario) {}

    @Test
    void noHistoryViolatesAnInvariantAndEveryMissingGuardIsNoticed() throws IOException {
        Guards seen = new Guards();

        assertThat(explore.all(Suite.quick(), seen.noting())).isEmpty();

        Map<String, Guard> guards = seen.all().stream().collect(toMap(Guard::name, identity()));
        Map<String, Scenario> scenarios = Suite.small().stream().collect(toMap(Scenario::label, identity()));
        Map<String, String> noticed = noticed();
        List<Implied> implied = implied();
        List<String> known = new ArrayList<>(noticed.keySet());
        implied.forEach(each -> known.add(each.guard()));
        assertThat(guards.keySet()).containsExactlyInAnyOrderElementsOf(known);

        noticed.forEach((guard, label) -> assertThat(explore.without(List.of(at(guards, guard)), at(scenarios, label)))
                .as("without " + guard)
                .isNotNull());
        for (Implied each : implied) {
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

    private static Map<String, String> noticed() throws IOException {
        Map<String, String> noticed = new LinkedHashMap<>();
        for (String line : Files.readAllLines(NOTICED)) {
            String[] parts = line.split(" => ", 2);
            assertThat(noticed.put(parts[0], parts[1])).as(parts[0]).isNull();
        }
        return noticed;
    }

    private static List<Implied> implied() throws IOException {
        List<Implied> implied = new ArrayList<>();
        for (String block : Files.readString(IMPLIED).strip().split("\n\n", -1)) {
            List<String> lines = block.lines().map(String::strip).toList();
            assertThat(lines).as("a reason").anyMatch(line -> line.startsWith("because: "));
            implied.add(new Implied(
                    lines.getFirst(),
                    after("implied by: ", lines),
                    after("without all: ", lines).getFirst()));
        }
        return implied;
    }

    private static List<String> after(String prefix, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }
}
