package doubleeleven.rig.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison of what was found with the two lists fails whenever they differ. */
class GuardListsTest {
    private static final Set<String> SCENARIOS =
            Suite.small().stream().map(Scenario::label).collect(Collectors.toSet());

    @TempDir
    private Path copies;

    private Path noticed;
    private Path implied;
    private Set<String> found;

    @BeforeEach
    void copy() throws IOException {
        noticed = Files.copy(ExplorationTest.NOTICED, copies.resolve("noticed"));
        implied = Files.copy(ExplorationTest.IMPLIED, copies.resolve("implied"));
        GuardLists lists = GuardLists.read(noticed, implied);
        found = Stream.concat(
                        lists.noticed().stream().map(GuardLists.Noticed::guard),
                        lists.implied().stream().map(GuardLists.Implied::guard))
                .collect(Collectors.toSet());
    }

    private List<String> differences() throws IOException {
        return GuardLists.read(noticed, implied).differences(found, SCENARIOS);
    }

    @Test
    void listsThatNameWhatWasFoundDoNotDiffer() throws IOException {
        assertThat(found).hasSizeGreaterThan(50);
        assertThat(differences()).isEmpty();
    }

    @Test
    void aGuardThatIsInNeitherListIsMissed() throws IOException {
        List<String> lines = Files.readAllLines(noticed);
        for (int i = 0; i < lines.size(); i++) {
            Files.write(noticed, without(lines, i));
            assertThat(differences())
                    .contains("found and not listed: " + lines.get(i).split(" => ", 2)[0]);
        }
        Files.write(noticed, lines);
        List<String> blocks = blocks();
        for (int i = 0; i < blocks.size(); i++) {
            Files.writeString(implied, String.join("\n\n", without(blocks, i)));
            assertThat(differences())
                    .contains("found and not listed: "
                            + blocks.get(i).lines().findFirst().orElseThrow());
        }
    }

    @Test
    void aGuardThatIsNotThereAnyMoreIsNoticed() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(noticed));
        String scenario = lines.getFirst().split(" => ", 2)[1];
        lines.add("SET a = :a | a = :b => " + scenario);
        Files.write(noticed, lines);
        assertThat(differences()).containsExactly("listed and not found: SET a = :a | a = :b");

        Files.write(noticed, lines.subList(0, lines.size() - 1));
        List<String> blocks = new ArrayList<>(blocks());
        blocks.add(blocks.getFirst().replaceFirst("^.*", "SET b = :a | b = :b"));
        Files.writeString(implied, String.join("\n\n", blocks));
        assertThat(differences()).containsExactly("listed and not found: SET b = :a | b = :b");
    }

    @Test
    void aGuardIsListedOnce() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(noticed));
        lines.add(lines.getFirst());
        Files.write(noticed, lines);
        assertThat(differences())
                .containsExactly("listed twice: " + lines.getFirst().split(" => ", 2)[0]);
    }

    @Test
    void everyLineOfAnImpliedGuardIsNeeded() throws IOException {
        List<String> lines = Files.readAllLines(implied);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank() && !isOneOfSeveral(lines, i)) {
                Files.write(implied, without(lines, i));
                assertThat(differences()).as("without: " + lines.get(i)).isNotEmpty();
            }
        }
    }

    @Test
    void aScenarioThatIsNotThereAnyMoreIsNoticed() throws IOException {
        Files.writeString(noticed, Files.readString(noticed).replaceFirst(" => .*", " => another"));
        assertThat(differences()).containsExactly("no such scenario: another");
    }

    /** One of several guards that imply another can be left out and the rest still is a claim: the exploration itself refutes it. */
    private static boolean isOneOfSeveral(List<String> lines, int i) {
        String by = "  implied by: ";
        return lines.get(i).startsWith(by)
                && (lines.get(i - 1).startsWith(by) || lines.get(i + 1).startsWith(by));
    }

    private List<String> blocks() throws IOException {
        return Arrays.asList(Files.readString(implied).strip().split("\n\n", -1));
    }

    private static List<String> without(List<String> all, int left) {
        List<String> rest = new ArrayList<>(all);
        rest.remove(left);
        return rest;
    }
}
