package doubleeleven.rig.explore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is known of each guard.
 *
 * @param noticed guards whose absence shows: {@code guard => scenario that notices it}
 * @param implied guards whose absence changes nothing as long as others stand, with those, the reason, and a scenario that notices when all
 *     are gone
 */
record GuardLists(List<Noticed> noticed, List<Implied> implied) {
    record Noticed(String guard, String scenario) {}

    record Implied(String guard, List<String> by, List<String> because, List<String> scenarios) {
        String scenario() {
            return scenarios.getFirst();
        }
    }

    static GuardLists read(Path noticed, Path implied) throws IOException {
        List<Noticed> shown = Files.readAllLines(noticed).stream()
                .map(line -> line.split(" => ", 2))
                .map(parts -> new Noticed(parts[0], parts.length > 1 ? parts[1] : ""))
                .toList();
        List<Implied> others = Stream.of(Files.readString(implied).strip().split("\n\n", -1))
                .map(block -> block.lines().map(String::strip).toList())
                .map(lines -> new Implied(
                        lines.getFirst(),
                        after("implied by: ", lines),
                        after("because: ", lines),
                        after("without all: ", lines)))
                .toList();
        return new GuardLists(shown, others);
    }

    private static List<String> after(String prefix, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    /** Where the lists and what was found differ; empty where each guard is in one list, once, with all that belongs to it. */
    List<String> differences(Set<String> found, Set<String> scenarios) {
        List<String> listed = Stream.concat(
                        noticed.stream().map(Noticed::guard), implied.stream().map(Implied::guard))
                .toList();
        List<String> differences = new ArrayList<>();
        Set<String> once = new TreeSet<>();
        for (String guard : listed) {
            if (!once.add(guard)) {
                differences.add("listed twice: " + guard);
            }
            if (!found.contains(guard)) {
                differences.add("listed and not found: " + guard);
            }
        }
        found.stream()
                .filter(guard -> !once.contains(guard))
                .map(guard -> "found and not listed: " + guard)
                .forEach(differences::add);
        for (Noticed each : noticed) {
            if (!scenarios.contains(each.scenario())) {
                differences.add("no such scenario: " + each.scenario());
            }
        }
        for (Implied each : implied) {
            if (each.because().size() != 1) {
                differences.add("no reason, or several: " + each.guard());
            }
            if (each.by().isEmpty() || !found.containsAll(each.by())) {
                differences.add("implied by no guard that was found: " + each.guard());
            }
            if (each.scenarios().size() != 1 || !scenarios.containsAll(each.scenarios())) {
                differences.add("no such scenario: " + each.scenarios());
            }
        }
        return differences;
    }
}
