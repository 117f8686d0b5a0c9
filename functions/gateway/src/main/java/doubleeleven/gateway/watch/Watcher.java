package doubleeleven.gateway.watch;

import doubleeleven.gateway.failover.Failover;
import doubleeleven.gateway.failover.Failover.Direction;
import doubleeleven.gateway.failover.FailoverRecords;
import doubleeleven.gateway.failover.FailoverWorkflows;
import doubleeleven.gateway.failover.Failovers;
import doubleeleven.gateway.failover.Probes;
import doubleeleven.gateway.failover.Probes.Sight;
import doubleeleven.gateway.failover.Step;
import doubleeleven.gateway.operations.Publications;
import doubleeleven.gateway.watch.Board.Start;
import doubleeleven.gateway.watch.Board.State;
import doubleeleven.health.Heard;
import doubleeleven.health.Look;
import doubleeleven.health.Quorum;
import doubleeleven.health.Safeguards;
import doubleeleven.health.Safeguards.Past;
import doubleeleven.health.UnitHealth;
import doubleeleven.health.UnitHealth.Verdict;
import doubleeleven.health.View;
import doubleeleven.health.View.Synthetic;
import doubleeleven.health.Withheld;
import doubleeleven.ids.Shard;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.ShardRange;
import doubleeleven.routing.Unit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every unit from one Region, tells the others what it sees, and begins a failover where most of them see the same. A watcher that
 * cannot read or write the board throws, and has done nothing.
 */
public final class Watcher {
    /** Whose name is on what begins by itself. No API key can be called so. */
    public static final String NAME = "health-watcher";

    /** A failover that has not taken its first step by then was never started, or where it was is lost too. */
    private static final Duration STARTED = Duration.ofMinutes(1);
    /** Between a judgement and what is done about it. */
    private static final Duration HASTE = Duration.ofSeconds(5);
    /** Longer than the workflow may take. */
    private static final Duration ENDED = Duration.ofMinutes(31);

    private static final int MOST_RECORDS = 10;
    private static final Shard ANY = new Shard(0);

    private final Publications publications;
    private final Board board;
    private final BiFunction<String, String, Heard> traffic;
    private final Probes probes;
    private final FailoverRecords records;
    private final FailoverWorkflows workflows;
    private final Set<String> regions;
    private final String region;
    private final Clock clock;

    /**
     * A Region's watcher.
     *
     * @param traffic what this Region's gateways tell of a unit's colour
     * @param regions in which there are watchers
     * @param region where this one runs
     */
    public Watcher(
            Publications publications,
            Board board,
            BiFunction<String, String, Heard> traffic,
            Probes probes,
            FailoverRecords records,
            FailoverWorkflows workflows,
            Set<String> regions,
            String region,
            Clock clock) {
        this.publications = publications;
        this.board = board;
        this.traffic = traffic;
        this.probes = probes;
        this.records = records;
        this.workflows = workflows;
        this.regions = Set.copyOf(regions);
        this.region = region;
        this.clock = clock;
    }

    /**
     * Looks once.
     *
     * @return units that are down; nothing where another run of this watcher looked meanwhile
     */
    public List<Finding> look() {
        Optional<Look> before = board.read().looks().stream()
                .filter(look -> look.region().equals(region))
                .findFirst();
        if (!board.put(lookAt(publications.inForce().rule(), before))) {
            return List.of();
        }
        // Looking takes its time: what others saw and published meanwhile counts.
        RoutingRule rule = publications.inForce().rule();
        State now = board.read();
        Instant judged = clock.instant();
        Map<String, UnitHealth> health = Quorum.judge(rule, regions, now.looks(), judged);
        List<Finding> findings = new ArrayList<>();
        Optional<Start> last = now.last();
        for (UnitHealth each : health.values()) {
            if (each.verdict() == Verdict.DOWN && !rule.unit(each.unit()).forbidden()) {
                Finding finding = act(rule, health, each, last, judged);
                findings.add(finding);
                if (finding instanceof Finding.Begun || finding instanceof Finding.NotStarted) {
                    last = board.read().last();
                }
            }
        }
        return findings;
    }

    private Look lookAt(RoutingRule rule, Optional<Look> before) {
        List<View> views = new ArrayList<>();
        for (Unit unit : rule.units().values()) {
            Shard shard = rule.shardsOf(unit.name()).stream()
                    .map(ShardRange::first)
                    .map(Shard::new)
                    .findFirst()
                    .orElse(ANY);
            Quorum.serving(unit)
                    .forEach(colour -> views.add(view(
                            before.flatMap(look -> look.of(unit.name(), colour)).orElse(null),
                            unit,
                            colour,
                            probes.at(unit, colour, rule, shard, name(unit, colour)))));
        }
        return new Look(region, before.map(Look::number).orElse(0L) + 1, views);
    }

    private View view(@Nullable View before, Unit unit, String colour, Sight sight) {
        Instant now = clock.instant();
        Synthetic synthetic = switch (sight) {
            case Sight.Serves _ -> Synthetic.SERVED;
            case Sight.Refuses _ -> Synthetic.REFUSED;
            case Sight.Fails _ -> Synthetic.FAILED;
        };
        String said = switch (sight) {
            case Sight.Serves _ -> "served";
            case Sight.Refuses(long version) -> "refused by version " + version;
            case Sight.Fails(String why) -> why;
        };
        return View.after(
                before,
                unit.name(),
                colour,
                synthetic,
                said,
                traffic.apply(unit.name(), colour).at(now),
                now);
    }

    private String name(Unit unit, String colour) {
        return "watch-" + region + "-" + unit.name() + "-" + colour + "-" + clock.millis();
    }

    private Finding act(
            RoutingRule rule, Map<String, UnitHealth> health, UnitHealth down, Optional<Start> last, Instant judged) {
        String unit = down.unit();
        String evidence = down.evidence();
        // Whoever begins it runs it, so not where the unit is, and answers for what it saw itself.
        if (!down.isSeenFailingBy(region)) {
            return new Finding.LeftToOthers(unit, evidence);
        }
        Instant now = clock.instant();
        List<Failover> earlier = records.latest(unit, MOST_RECORDS);
        boolean automatic = last.filter(start -> isUnderWay(start, now)).isPresent();
        if ((automatic && last.get().unit().equals(unit)) || earlier.stream().anyMatch(each -> isRunning(each, now))) {
            return new Finding.LeftToOthers(unit, evidence);
        }
        Past past = new Past(automatic, lastAutomatic(earlier));
        Optional<Withheld> withheld = Safeguards.withheld(rule, unit, health, past, now);
        if (withheld.isPresent()) {
            return new Finding.Kept(unit, evidence, withheld.get());
        }
        Failover failover = Failovers.begin(unit, Direction.AWAY, NAME, evidence, region, rule, now);
        // A function that stood still must not act on what was so before.
        boolean late = judged.plus(HASTE).isBefore(clock.instant());
        if (late || !board.take(new Start(unit, failover.id(), region, now), last)) {
            return new Finding.LeftToOthers(unit, evidence);
        }
        records.put(failover);
        if (!workflows.start(failover)) {
            records.put(Failovers.notStarted(failover, clock.instant()));
            return new Finding.NotStarted(unit, evidence, failover.id());
        }
        return new Finding.Begun(unit, evidence, failover.id());
    }

    /**
     * What was begun a moment ago counts as under way whatever its record says: it may not be written yet. Where nothing came of it, another
     * Region is given the next try.
     */
    private boolean isUnderWay(Start start, Instant now) {
        Duration pause = start.region().equals(region) ? STARTED.multipliedBy(2) : STARTED;
        return start.at().plus(pause).isAfter(now)
                || records.find(start.unit(), start.failover())
                        .filter(failover -> isRunning(failover, now))
                        .isPresent();
    }

    private static @Nullable Instant lastAutomatic(List<Failover> newestFirst) {
        return newestFirst.stream()
                .filter(failover -> failover.by().equals(NAME))
                .filter(failover -> failover.notes().stream().anyMatch(note -> note.step() == Step.FORBID))
                .map(Failover::begunAt)
                .findFirst()
                .orElse(null);
    }

    private static boolean isRunning(Failover failover, Instant now) {
        return failover.state() == Failover.State.RUNNING
                && failover.begunAt()
                        .plus(failover.notes().isEmpty() ? STARTED : ENDED)
                        .isAfter(now);
    }
}
