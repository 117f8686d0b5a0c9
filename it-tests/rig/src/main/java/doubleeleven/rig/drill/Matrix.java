package doubleeleven.rig.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Every kill with what it does. */
record Matrix(List<String> doors, List<String> cells, List<Row> rows) {
    private static final Duration LONGEST = Duration.ofSeconds(1);

    Matrix {
        doors = List.copyOf(doors);
        cells = List.copyOf(cells);
        rows = List.copyOf(rows);
    }

    /** What no single kill may do. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (Row row : rows) {
            List<String> others =
                    row.stopped().stream().filter(cell -> !row.isOfUnitOf(cell)).toList();
            if (!others.isEmpty()) {
                faults.add(row.name() + " stops customers of " + others);
            }
            if (row.longest().compareTo(LONGEST) > 0) {
                faults.add(row.name() + " keeps somebody waiting for "
                        + row.longest().toMillis() + " ms");
            }
            if (row.open() > 0) {
                faults.add(row.name() + " leaves " + row.open() + " payments open");
            }
        }
        return faults;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append("Customers of each colour of each unit at the doors of ")
                .append(String.join(", ", doors))
                .append(" while something is dead:\n")
                .append(
                        ". served by their own, s by the standby, o open at first, x not at all; the slowest answer\n\n");
        text.append(String.format("%-50s", "dead"));
        cells.forEach(cell -> text.append(String.format(" %-6s", cell)));
        text.append("\n");
        rows.forEach(row -> text.append(row.line(cells)).append("\n"));
        return text.toString();
    }
}
