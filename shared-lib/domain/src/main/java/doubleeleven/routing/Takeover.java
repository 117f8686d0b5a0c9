package doubleeleven.routing;

import doubleeleven.ids.Shard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What becomes of a rule when a unit's standby takes over its customers, and when it gives them back. Each result has the version of the rule
 * that it was made from.
 */
public final class Takeover {
    private Takeover() {}

    /**
     * The unit serves nobody and stands by for nobody. Whoever had it as standby gets another one, so that a second loss is survived too.
     *
     * @return empty where some unit would be left without a standby
     */
    public static Optional<RoutingRule> begin(RoutingRule rule, String unit) {
        RoutingRule forbidden = rule.with(rule.unit(unit).with(rule.unit(unit).standby(), true));
        for (Unit each : forbidden.units().values()) {
            if (forbidden.standbyOf(each).forbidden()) {
                Optional<Unit> standby = standInFor(each, forbidden);
                if (standby.isEmpty()) {
                    return Optional.empty();
                }
                forbidden = forbidden.with(each.with(standby.get().name(), each.forbidden()));
            }
        }
        return Optional.of(forbidden);
    }

    /** The unit serves that shard of its own again; its standby keeps the others, as their owner. */
    public static RoutingRule tryOut(RoutingRule rule, String unit, Shard shard) {
        Unit tried = rule.unit(unit);
        List<String> owners = new ArrayList<>(rule.owners());
        for (int number = 0; number < Shard.COUNT; number++) {
            if (owners.get(number).equals(unit) && number != shard.number()) {
                owners.set(number, tried.standby());
            }
        }
        return rule.ownedBy(owners).with(tried.with(tried.standby(), false));
    }

    /**
     * The unit serves its shards again and stands by for its wards. Shards that went to a third unit meanwhile stay there, and so does a ward
     * that is forbidden itself or lives where the unit does.
     *
     * @param shards that its standby owned in its stead
     * @param wards units that it stood by for
     */
    public static RoutingRule end(RoutingRule rule, String unit, List<ShardRange> shards, Set<String> wards) {
        RoutingRule back = giveBack(rule, unit, shards);
        Unit restored = back.unit(unit).with(back.unit(unit).standby(), false);
        back = back.with(restored);
        for (Unit each : back.units().values()) {
            if (wards.contains(each.name()) && mayStandIn(restored, each, back)) {
                back = back.with(each.with(unit, each.forbidden()));
            }
        }
        return back;
    }

    /** What {@link #tryOut} began is withdrawn: the unit owns its shards and serves nobody. */
    public static Optional<RoutingRule> withdraw(RoutingRule rule, String unit, List<ShardRange> shards) {
        return begin(giveBack(rule, unit, shards), unit);
    }

    /** Units that the unit stood by for in one rule and no longer does in a later one. */
    public static Set<String> wards(String unit, RoutingRule before, RoutingRule after) {
        return before.units().values().stream()
                .filter(each -> each.standby().equals(unit))
                .map(Unit::name)
                .filter(name -> after.units().containsKey(name)
                        && !after.unit(name).standby().equals(unit))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static RoutingRule giveBack(RoutingRule rule, String unit, List<ShardRange> shards) {
        String keeper = rule.unit(unit).standby();
        List<String> owners = new ArrayList<>(rule.owners());
        shards.stream()
                .flatMapToInt(ShardRange::numbers)
                .filter(number -> owners.get(number).equals(keeper))
                .forEach(number -> owners.set(number, unit));
        return rule.ownedBy(owners);
    }

    /** The one with the most to spare; by name where several have as much. */
    private static Optional<Unit> standInFor(Unit unit, RoutingRule rule) {
        Map<String, Long> spare = rule.loads().stream()
                .filter(load -> load.lost() == null)
                .collect(Collectors.toMap(Load::unit, load -> load.available() - load.needed()));
        return rule.units().values().stream()
                .filter(each -> mayStandIn(each, unit, rule))
                .max(Comparator.comparing((Unit each) -> spare.getOrDefault(each.name(), 0L))
                        .thenComparing(Unit::name, Comparator.reverseOrder()));
    }

    private static boolean mayStandIn(Unit candidate, Unit unit, RoutingRule rule) {
        boolean oneRegion =
                rule.units().values().stream().map(Unit::region).distinct().count() == 1;
        return !candidate.forbidden()
                && !candidate.name().equals(unit.name())
                && (oneRegion || !candidate.region().equals(unit.region()));
    }
}
