package doubleeleven.health;

import doubleeleven.health.UnitHealth.Verdict;
import doubleeleven.routing.Feature;
import doubleeleven.routing.Load;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Takeover;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What must hold before a unit that is down is taken out without asking anybody: a false alarm must cost less than what it is raised for. */
public final class Safeguards {
    /** Between two failovers of a unit that began by themselves. */
    public static final Duration COOLDOWN = Duration.ofHours(1);

    private Safeguards() {}

    /**
     * Failovers, as far as they matter for one unit.
     *
     * @param running one of another unit that began by itself
     * @param lastAutomatic when the unit was last taken out by itself; null where it never was
     */
    public record Past(boolean running, @Nullable Instant lastAutomatic) {}

    /** Why the unit stays where it is; empty where it may be taken out. */
    public static Optional<Withheld> withheld(
            RoutingRule rule, String unit, Map<String, UnitHealth> health, Past past, Instant now) {
        if (rule.switchedOff().contains(Feature.AUTOMATIC_FAILOVER)) {
            return Optional.of(Withheld.SWITCHED_OFF);
        }
        Optional<RoutingRule> without = Takeover.begin(rule, unit);
        if (without.isEmpty()) {
            return Optional.of(Withheld.NO_STANDBY);
        }
        if (!without.get().loads().stream().allMatch(Load::isCarried)) {
            return Optional.of(Withheld.NO_CAPACITY);
        }
        @Nullable UnitHealth standby = health.get(without.get().unit(unit).standby());
        if (standby == null || standby.verdict() != Verdict.WELL) {
            return Optional.of(Withheld.STANDBY_NOT_WELL);
        }
        if (past.running()) {
            return Optional.of(Withheld.ANOTHER_RUNNING);
        }
        return past.lastAutomatic() != null
                        && past.lastAutomatic().plus(COOLDOWN).isAfter(now)
                ? Optional.of(Withheld.COOLING_DOWN)
                : Optional.empty();
    }
}
