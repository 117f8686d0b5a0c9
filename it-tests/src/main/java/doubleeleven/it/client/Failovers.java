package doubleeleven.it.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Failovers of units as an operator orders them. */
public final class Failovers {
    /** The workflow gives up sooner. */
    private static final Duration LONGEST = Duration.ofMinutes(6);

    private static final Duration OFTEN = Duration.ofMillis(500);

    private final Api operator;

    /**
     * Orders them through a door.
     *
     * @param operator at any door whose Region is there
     */
    public Failovers(Api operator) {
        this.operator = operator;
    }

    /** Units that the rule in force has in a Region. */
    public List<String> unitsIn(String region) {
        return Rules.units(operator).stream()
                .filter(unit -> region.equals(unit.get("region")))
                .map(unit -> String.valueOf(unit.get("name")))
                .toList();
    }

    /** Takes the unit out of service; answers what came of it. */
    public Answer away(String unit, String reason) {
        return away(unit, reason, _ -> {});
    }

    /**
     * The same, watched.
     *
     * @param look sees how far it is, again and again
     */
    public Answer away(String unit, String reason, Consumer<Answer> look) {
        return run(unit, "AWAY", reason, look);
    }

    /** Brings the unit back; answers what came of it. */
    public Answer back(String unit, String reason) {
        return run(unit, "BACK", reason, _ -> {});
    }

    private Answer run(String unit, String direction, String reason, Consumer<Answer> look) {
        String path = path(unit);
        Answer begun = operator.post(path, Map.of("direction", direction, "reason", reason));
        if (begun.status() != 202) {
            throw new IllegalStateException("no failover of " + unit + " began: " + begun.text());
        }
        Answer[] now = {begun};
        boolean ended = Pause.until(LONGEST, OFTEN, () -> {
            now[0] = operator.get(path + "/" + begun.text("id"));
            look.accept(now[0]);
            return !"RUNNING".equals(now[0].text("state"));
        });
        if (!ended) {
            throw new IllegalStateException("a failover does not end: " + now[0].text());
        }
        return now[0];
    }

    /** Where a unit's failovers are. */
    public static String path(String unit) {
        return "/operations/units/" + unit + "/failovers";
    }
}
