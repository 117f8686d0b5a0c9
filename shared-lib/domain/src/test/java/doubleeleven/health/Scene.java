package doubleeleven.health;

import doubleeleven.health.UnitHealth.Verdict;
import doubleeleven.health.View.Real;
import doubleeleven.health.View.Synthetic;
import doubleeleven.ids.Shard;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Three units in Regions of their own, and what those see. */
final class Scene {
    static final Instant NOW = Instant.parse("2026-11-11T00:00:00Z");
    static final List<String> REGIONS = List.of("region-1", "region-2", "region-3");
    static final RoutingRule RULE = rule(70);
    static final List<String> UNITS = List.copyOf(RULE.units().keySet());

    private Scene() {}

    /** Each the standby of the one before it; the peak is 100 payments a second. */
    static RoutingRule rule(long capacity) {
        Map<String, Unit> units = new TreeMap<>();
        for (int i = 1; i <= REGIONS.size(); i++) {
            units.put(
                    "RZ0" + i,
                    new Unit(
                            "RZ0" + i,
                            "region-" + i,
                            "RZ0" + (i % REGIONS.size() + 1),
                            capacity,
                            new TreeMap<>(i == 1 ? Map.of("a", 90, "b", 10) : Map.of("a", 100, "b", 0))));
        }
        List<String> owners = new ArrayList<>();
        for (int shard = 0; shard < Shard.COUNT; shard++) {
            owners.add("RZ0" + (shard * REGIONS.size() / Shard.COUNT + 1));
        }
        return new RoutingRule(7, 100, owners, units);
    }

    /** What a Region sees that finds those units failing for so long, and the others working. */
    static Look look(String region, Instant at, Duration failing, String... failed) {
        return look(region, at, failing, List.of(failed));
    }

    static Look look(String region, Instant at, Duration failing, Collection<String> failed) {
        List<View> views = new ArrayList<>();
        RULE.units()
                .values()
                .forEach(unit -> Quorum.serving(unit)
                        .forEach(colour -> views.add(
                                failed.contains(unit.name())
                                        ? failing(unit.name(), colour, at, failing)
                                        : working(unit.name(), colour, at))));
        return new Look(region, 1, views);
    }

    static View working(String unit, String colour, Instant at) {
        return new View(unit, colour, Synthetic.SERVED, "served", Real.SILENT, at, 0, null);
    }

    /** Looked at every ten seconds. */
    static View failing(String unit, String colour, Instant at, Duration since) {
        return new View(
                unit,
                colour,
                Synthetic.FAILED,
                "ConnectException",
                Real.SILENT,
                at,
                Math.toIntExact(since.toSeconds() / 10) + 1,
                at.minus(since));
    }

    static Verdict verdict(String unit, Look... looks) {
        return verdict(unit, Arrays.asList(looks));
    }

    static Verdict verdict(String unit, Collection<Look> looks) {
        return health(looks).get(unit).verdict();
    }

    static Map<String, UnitHealth> health(Collection<Look> looks) {
        return Quorum.judge(RULE, regions(), looks, NOW);
    }

    static Set<String> regions() {
        return new LinkedHashSet<>(REGIONS);
    }
}
