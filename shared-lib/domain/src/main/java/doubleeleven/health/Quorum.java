package doubleeleven.health;

import doubleeleven.health.UnitHealth.Verdict;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Holds what the Regions see against each other. A unit is down where most of the Regions in which it does not live, two of them at least, see
 * each of its serving colours fail, again and again. So no Region's false sight takes a unit out, and a Region that is cut off cannot take out
 * the others; what the unit's own Region sees counts for it, never against it, for customers come from elsewhere too.
 */
public final class Quorum {
    /** What was seen longer ago says nothing about now. */
    public static final Duration FRESH = Duration.ofSeconds(30);
    /** How far the clocks of two Regions may be apart. What is dated later than that was not seen by a clock to be trusted. */
    public static final Duration SKEW = Duration.ofSeconds(10);

    private static final int NEVER_ONE_ALONE = 2;

    private Quorum() {}

    /** Whether what was seen counts at that time, by the clock of whoever asks. */
    public static boolean isFresh(View view, Instant now) {
        return !view.at().isBefore(now.minus(FRESH)) && !view.at().isAfter(now.plus(SKEW));
    }

    /**
     * Judges every unit of the rule.
     *
     * @param regions in which there are watchers
     * @param looks the last one of each Region that ever looked
     */
    public static Map<String, UnitHealth> judge(
            RoutingRule rule, Set<String> regions, Collection<Look> looks, Instant now) {
        List<Look> fresh = looks.stream()
                .filter(look -> regions.contains(look.region()))
                .map(look -> new Look(
                        look.region(),
                        look.number(),
                        look.views().stream().filter(view -> isFresh(view, now)).toList()))
                .toList();
        Map<String, UnitHealth> health = new TreeMap<>();
        rule.units().values().forEach(unit -> health.put(unit.name(), judge(unit, regions, fresh)));
        return health;
    }

    private static UnitHealth judge(Unit unit, Set<String> regions, List<Look> fresh) {
        List<Look> failing = fresh.stream()
                .filter(look -> !look.region().equals(unit.region()))
                .filter(look -> each(unit, look, View::failsLastingly))
                .toList();
        long others =
                regions.stream().filter(region -> !region.equals(unit.region())).count();
        long well = fresh.stream()
                .filter(look -> each(unit, look, view -> !view.fails()))
                .count();
        long looked = fresh.stream().filter(look -> each(unit, look, _ -> true)).count();
        return new UnitHealth(
                unit.name(), verdict(failing.size(), most(others), well, looked, most(regions.size())), failing);
    }

    private static Verdict verdict(long failing, long mostOthers, long well, long looked, long most) {
        if (failing >= Math.max(mostOthers, NEVER_ONE_ALONE)) {
            return Verdict.DOWN;
        }
        if (well >= most) {
            return Verdict.WELL;
        }
        return looked < most ? Verdict.UNKNOWN : Verdict.DOUBTED;
    }

    private static long most(long all) {
        return all / 2 + 1;
    }

    /** Whether each colour that customers are sent to was looked at lately and is so. */
    private static boolean each(Unit unit, Look look, Predicate<View> so) {
        return serving(unit)
                .allMatch(colour -> look.of(unit.name(), colour).filter(so).isPresent());
    }

    /** The unit's colours that customers are sent to. */
    public static Stream<String> serving(Unit unit) {
        return unit.colours().entrySet().stream()
                .filter(colour -> colour.getValue() > 0)
                .map(Map.Entry::getKey);
    }
}
