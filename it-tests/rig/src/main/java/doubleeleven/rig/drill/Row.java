package doubleeleven.rig.drill;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one kill does.
 *
 * @param name of what is dead; a part of a unit has the unit's name in it
 * @param served for each colour of a unit, how its customers are served at each door
 * @param longest until the slowest of those answers
 * @param open payments that were not terminal two minutes after
 */
record Row(String kind, String name, Map<String, String> served, Duration longest, int open) {
    /** By the colour that is theirs. */
    static final char OWN = '.';
    /** By another: the unit's standby. */
    static final char STANDBY = 's';
    /** Answered before it was decided. */
    static final char OPEN = 'o';
    /** Not at all. */
    static final char STOPPED = 'x';

    Row {
        served = Map.copyOf(served);
    }

    /** Colours whose customers can pay at no door. */
    List<String> stopped() {
        return served.entrySet().stream()
                .filter(cell -> cell.getValue().chars().allMatch(how -> how == STOPPED || how == OPEN))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Whether what is dead is a part of that colour's unit. */
    boolean isOfUnitOf(String cell) {
        String unit = cell.substring(0, cell.indexOf('-') + 1);
        return name.toUpperCase(Locale.ROOT).contains(unit);
    }

    String line(List<String> cells) {
        StringBuilder line = new StringBuilder(String.format("%-8s %-41s", kind, name));
        cells.forEach(cell -> line.append(String.format(" %-6s", served.get(cell))));
        return line.append(String.format(" %5d ms", longest.toMillis())).toString();
    }
}
