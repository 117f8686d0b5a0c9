package doubleeleven.it.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;

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
        Answer rule = operator.get("/operations/routing-rule");
        return rule.body().get("document") instanceof Map<?, ?> document
                        && document.get("units") instanceof List<?> units
                ? units.stream()
                        .map(unit -> (Map<?, ?>) unit)
                        .filter(unit -> region.equals(unit.get("region")))
                        .map(unit -> String.valueOf(unit.get("name")))
                        .toList()
                : List.of();
    }

    /** Takes the unit out of service; answers what came of it. */
    public Answer away(String unit, String reason) {
        return run(unit, "AWAY", reason);
    }

    /** Brings the unit back; answers what came of it. */
    public Answer back(String unit, String reason) {
        return run(unit, "BACK", reason);
    }

    private Answer run(String unit, String direction, String reason) {
        String path = path(unit);
        Answer begun = operator.post(path, Map.of("direction", direction, "reason", reason));
        if (begun.status() != 202) {
            throw new IllegalStateException("no failover of " + unit + " began: " + begun.text());
        }
        Answer[] now = {begun};
        boolean ended = Pause.until(LONGEST, OFTEN, () -> {
            now[0] = operator.get(path + "/" + begun.text("id"));
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
