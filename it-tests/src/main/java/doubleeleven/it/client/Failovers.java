package doubleeleven.it.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Failovers of units as an operator orders and sees them. */
public final class Failovers {
    /** The workflow gives up sooner. */
    private static final Duration LONGEST = Duration.ofMinutes(6);

    private static final Operation FAILOVER =
            new Operation("failover", "id", LONGEST, answer -> !"RUNNING".equals(answer.text("state")));
    /** Watchers see within half a minute what is lost; a function that is cold, or a standby that is slow, takes longer. */
    private static final Duration UNTIL_SEEN = Duration.ofMinutes(3);
    /** Between two failovers of a unit that began by themselves. */
    private static final Duration COOLDOWN = Duration.ofHours(1);

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

    /** Those of the units that were not taken out by themselves within the last hour, and so may be again. */
    public List<String> ready(List<String> units, Instant now) {
        return units.stream()
                .filter(unit -> all(unit).stream()
                        .filter(Failovers::beganByItself)
                        .allMatch(failover -> Instant.parse(String.valueOf(failover.get("begunAt")))
                                .plus(COOLDOWN)
                                .isBefore(now)))
                .toList();
    }

    /**
     * Waits until a failover of the unit begins by itself and ends; answers what came of it.
     *
     * @param meanwhile again and again, until it ended
     */
    public Answer byItself(String unit, Runnable meanwhile) {
        Set<Object> before = ids(unit);
        List<String> begun = new ArrayList<>();
        boolean began = Pause.until(UNTIL_SEEN, Operation.OFTEN, () -> {
            meanwhile.run();
            all(unit).stream()
                    .filter(failover -> !before.contains(failover.get("id")) && beganByItself(failover))
                    .forEach(failover -> begun.add(String.valueOf(failover.get("id"))));
            return !begun.isEmpty();
        });
        if (!began) {
            throw new IllegalStateException("nobody took out " + unit + ": "
                    + operator.get("/operations/units").text());
        }
        Answer ended = FAILOVER.follow(operator, path(unit) + "/" + begun.getFirst(), _ -> meanwhile.run());
        Set<Object> fresh = ids(unit);
        fresh.removeAll(before);
        if (fresh.size() != 1) {
            throw new IllegalStateException("one loss of " + unit + " began the failovers " + fresh);
        }
        return ended;
    }

    private Set<Object> ids(String unit) {
        Set<Object> ids = new HashSet<>();
        all(unit).forEach(failover -> ids.add(failover.get("id")));
        return ids;
    }

    private List<Map<String, Object>> all(String unit) {
        return operator.get(path(unit) + "?limit=100").objects("failovers");
    }

    private static boolean beganByItself(Map<String, Object> failover) {
        return "health-watcher".equals(failover.get("by"));
    }

    private Answer run(String unit, String direction, String reason, Consumer<Answer> look) {
        return FAILOVER.run(operator, unit, path(unit), Map.of("direction", direction, "reason", reason), look);
    }

    /** Where a unit's failovers are. */
    public static String path(String unit) {
        return "/operations/units/" + unit + "/failovers";
    }
}
