package doubleeleven.rig.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a scenario showed on one side: calls with their answers, items, executions. */
record Recorded(List<Part> parts) {
    /** Of an execution: why a task of it failed by nobody's order. */
    static final String HINDRANCE = "hindrance";

    /** What is compared. */
    enum Kind {
        CALL,
        ITEM,
        EXECUTION
    }

    /**
     * One thing that was seen.
     *
     * @param title equal on both sides
     * @param lines its values by their paths
     */
    record Part(Kind kind, String title, SortedMap<String, String> lines) {}

    Recorded {
        parts = List.copyOf(parts);
    }

    long count(Kind kind) {
        return parts.stream().filter(part -> part.kind() == kind).count();
    }

    /** States entered by all executions. */
    long states() {
        return parts.stream()
                .filter(part -> part.kind() == Kind.EXECUTION)
                .flatMap(part -> part.lines().entrySet().stream())
                .filter(line -> line.getKey().startsWith("states"))
                .mapToLong(line -> line.getValue().split(" > ", -1).length)
                .sum();
    }

    /** What came about by nobody's order: a task that failed, a decision without features or models because they came too late. */
    List<String> hindrances() {
        return parts.stream()
                .flatMap(part -> Stream.of(
                        "true".equals(part.lines().get("risk.degraded"))
                                        || "true".equals(part.lines().get("degraded"))
                                ? part.title() + " came too late"
                                : "",
                        part.lines().getOrDefault(HINDRANCE, "")))
                .filter(hindrance -> !hindrance.isEmpty())
                .toList();
    }

    /** Everything in which the other side differs, each in a line; nothing where both are equal. */
    List<String> differences(String here, Recorded other, String there) {
        List<String> differences = new ArrayList<>();
        TreeMap<String, Part> mine = byTitle();
        TreeMap<String, Part> others = other.byTitle();
        TreeSet<String> titles = new TreeSet<>(mine.keySet());
        titles.addAll(others.keySet());
        for (String title : titles) {
            Part one = mine.get(title);
            Part two = others.get(title);
            if (one == null || two == null) {
                differences.add("%s: only on %s: %s"
                        .formatted(
                                title,
                                one == null ? there : here,
                                Objects.requireNonNullElse(one, two).lines()));
                continue;
            }
            TreeSet<String> paths = new TreeSet<>(one.lines().keySet());
            paths.addAll(two.lines().keySet());
            for (String path : paths) {
                String value = one.lines().get(path);
                String otherValue = two.lines().get(path);
                if (!Objects.equals(value, otherValue)) {
                    differences.add("%s: %s: %s %s, %s %s"
                            .formatted(title, path, here, shown(value), there, shown(otherValue)));
                }
            }
        }
        return differences;
    }

    private static String shown(String value) {
        return value == null ? "has none" : "has " + value;
    }

    private TreeMap<String, Part> byTitle() {
        TreeMap<String, Part> byTitle = new TreeMap<>();
        for (Part part : parts) {
            if (byTitle.put(part.kind() + " " + part.title(), part) != null) {
                throw new IllegalStateException("seen twice: " + part.title());
            }
        }
        return byTitle;
    }
}
