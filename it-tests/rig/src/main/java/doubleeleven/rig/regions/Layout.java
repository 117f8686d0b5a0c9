package doubleeleven.rig.regions;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How tables lie in the Regions.
 *
 * @param longestLag until a write is seen in another Region that is within reach
 */
public record Layout(Map<String, Consistency> tables, Duration longestLag) {
    public static final Layout DEPLOYED = new Layout(Consistency.DEPLOYED, Duration.ofSeconds(30));

    public Layout {
        tables = Map.copyOf(tables);
    }

    public Layout with(String table, Consistency consistency) {
        Map<String, Consistency> changed = new HashMap<>(tables);
        changed.put(table, consistency);
        return new Layout(changed, longestLag);
    }

    public Layout lagging(Duration longest) {
        return new Layout(tables, longest);
    }

    /** What differs from how they are deployed, as options of a command. */
    public String toOptions() {
        StringBuilder options = new StringBuilder();
        if (!longestLag.equals(DEPLOYED.longestLag)) {
            options.append(" --lag ").append(longestLag.toSeconds());
        }
        tables.forEach((table, consistency) -> {
            if (consistency != DEPLOYED.tables.get(table)) {
                options.append(" --eventual ").append(table.substring(table.indexOf('-') + 1));
            }
        });
        return options.toString();
    }
}
