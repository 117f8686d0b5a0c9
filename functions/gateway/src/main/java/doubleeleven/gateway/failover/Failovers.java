package doubleeleven.gateway.failover;

import doubleeleven.gateway.failover.Failover.Direction;
import doubleeleven.gateway.failover.Failover.Note;
import doubleeleven.gateway.failover.Failover.State;
import doubleeleven.gateway.failover.Probes.Sight;
import doubleeleven.gateway.failover.Turn.Next;
import doubleeleven.gateway.operations.OpenHint;
import doubleeleven.gateway.operations.Publications;
import doubleeleven.ids.Shard;
import doubleeleven.routing.InForce;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.ShardRange;
import doubleeleven.routing.Takeover;
import doubleeleven.routing.Unit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The steps of a failover and of a failback. Each makes something so, whether it was so before or not, and puts what it did on record; so a
 * step whose answer was lost is simply taken again.
 */
public final class Failovers {
    /** A payment that was begun at the unit before it was forbidden must have been decided by then. */
    static final Duration TRY = Duration.ofSeconds(20);
    /** Recovery ends what is in doubt within a minute; after two, somebody should look. */
    static final Duration SETTLED = Duration.ofMinutes(2);
    /** How long a unit may stay out of reach before a failback gives up. */
    static final Duration REACHED = Duration.ofMinutes(1);

    private static final int MOST_PROBES = 3;
    /** More need not be seen, and each may take its time. */
    private static final int MOST_WRONG = 3;
    /** However slow it was: a step's time is limited. */
    private static final Duration LONGEST_REST = Duration.ofMillis(500);
    /** Publishers of other changes that may come first, one after the other. */
    private static final int MOST_OVERTAKEN = 10;

    private static final int MOST_VERSIONS = 100;
    private static final int MOST_RECORDS = 50;
    private static final int MOST_COUNTED = 10_000;
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Publications publications;
    private final FailoverRecords records;
    private final Function<String, Stream<OpenHint>> open;
    private final Probes probes;
    private final Consumer<Duration> rest;
    private final Clock clock;

    /**
     * The steps by these means.
     *
     * @param open a unit's open payments
     * @param rest waits
     */
    public Failovers(
            Publications publications,
            FailoverRecords records,
            Function<String, Stream<OpenHint>> open,
            Probes probes,
            Consumer<Duration> rest,
            Clock clock) {
        this.publications = publications;
        this.records = records;
        this.open = open;
        this.probes = probes;
        this.rest = rest;
        this.clock = clock;
    }

    /** A failover that begins now. */
    public static Failover begin(
            String unit, Direction direction, String by, String reason, String region, RoutingRule rule, Instant now) {
        return new Failover(
                ID.format(now) + (direction == Direction.AWAY ? "-away" : "-back"),
                unit,
                direction,
                by,
                reason,
                region,
                now.truncatedTo(ChronoUnit.MILLIS),
                State.RUNNING,
                rule.shardsOf(unit),
                Set.of(),
                List.of());
    }

    /** One whose workflow could not be reached. */
    public static Failover notStarted(Failover failover, Instant now) {
        return failover.with(new Note(
                        now.truncatedTo(ChronoUnit.MILLIS), Step.GIVE_UP, "The workflow could not be started."))
                .in(State.FAILED);
    }

    /** Takes a step; what came of it is on record when this returns. */
    public Turn take(Step step, Failover failover) {
        Turn turn = switch (step) {
            case FORBID -> forbid(failover);
            case SETTLE -> settle(failover);
            case REACH -> reach(failover);
            case TRY_OUT -> tryOut(failover);
            case CHECK -> check(failover);
            case RESTORE -> restore(failover);
            case WITHDRAW -> withdraw(failover);
            case PROBE -> probe(failover);
            case GIVE_UP ->
                end(failover, State.FAILED, step, "A step failed each time it was tried: see the execution.");
        };
        records.put(turn.failover());
        return turn;
    }

    private Turn forbid(Failover failover) {
        Optional<InForce> published = publish(failover, rule -> Takeover.begin(rule, failover.unit()));
        if (published.isEmpty()) {
            return end(failover, State.INCOMPLETE, Step.FORBID, "No other unit could stand in; nothing was published.");
        }
        RoutingRule rule = published.get().rule();
        return on(
                failover.standingBy(taken(failover, published.get())),
                Step.FORBID,
                "version " + rule.version() + ": " + standbyOf(failover, rule).name() + " serves " + failover.shards());
    }

    private Turn settle(Failover failover) {
        RoutingRule rule = publications.inForce().rule();
        if (!rule.unit(failover.unit()).forbidden()) {
            return overtaken(failover, Step.SETTLE, rule);
        }
        long left = open(failover);
        Duration since = Duration.between(failover.firstTurnOf(Step.FORBID), clock.instant());
        String text = left + " payments of " + failover.unit() + " are open " + since.toSeconds() + " s after";
        if ((left == 0 && since.compareTo(TRY) >= 0) || since.compareTo(SETTLED) >= 0) {
            return on(failover, Step.SETTLE, text);
        }
        return again(failover, Step.SETTLE, text);
    }

    /** Open ones, as far as they are worth counting. */
    private long open(Failover failover) {
        try (Stream<OpenHint> hints = open.apply(failover.unit())) {
            return hints.limit(MOST_COUNTED).count();
        }
    }

    /** A forbidden unit that works refuses, and by the version that it refuses by one sees that its replica is not behind. */
    private Turn reach(Failover failover) {
        RoutingRule rule = publications.inForce().rule();
        if (!rule.unit(failover.unit()).forbidden()) {
            return overtaken(failover, Step.REACH, rule);
        }
        if (failover.shards().isEmpty()) {
            return on(failover, Step.REACH, failover.unit() + " owns no shard: there is nothing to try out");
        }
        List<String> wrong = wrongColours(
                failover,
                rule,
                Step.REACH,
                sight -> sight instanceof Sight.Refuses(long version) && version >= rule.version());
        if (wrong.isEmpty()) {
            return on(failover, Step.REACH, "every colour refuses by version " + rule.version());
        }
        String text = String.join(", ", wrong);
        Duration since = Duration.between(failover.begunAt(), clock.instant());
        return since.compareTo(REACHED) < 0
                ? again(failover, Step.REACH, text)
                : end(failover, State.INCOMPLETE, Step.REACH, text + "; nothing was published");
    }

    private Turn tryOut(Failover failover) {
        Failover planned = withWards(failover);
        if (failover.shards().isEmpty()) {
            return on(planned, Step.TRY_OUT, "no shard");
        }
        InForce published = publish(planned, rule -> Optional.of(Takeover.tryOut(rule, planned.unit(), first(planned))))
                .orElseThrow();
        return on(
                planned,
                Step.TRY_OUT,
                "version " + published.version() + ": " + planned.unit() + " serves " + first(planned));
    }

    private Turn check(Failover failover) {
        RoutingRule rule = publications.inForce().rule();
        if (rule.unit(failover.unit()).forbidden()) {
            return overtaken(failover, Step.CHECK, rule);
        }
        if (failover.shards().isEmpty()) {
            return on(failover, Step.CHECK, "no shard");
        }
        List<String> wrong = wrongColours(failover, rule, Step.CHECK, sight -> sight instanceof Sight.Serves);
        long late = late(failover);
        if (late > 0) {
            wrong.add(late + " of its payments are past their time");
        }
        if (wrong.isEmpty()) {
            return on(failover, Step.CHECK, "every colour serves " + first(failover));
        }
        String text = String.join(", ", wrong);
        return failover.turnsOf(Step.CHECK) + 1 < MOST_PROBES
                ? again(failover, Step.CHECK, text)
                : undo(failover, Step.CHECK, text);
    }

    private long late(Failover failover) {
        Instant now = clock.instant();
        try (Stream<OpenHint> hints = open.apply(failover.unit())) {
            return hints.limit(MOST_COUNTED)
                    .filter(hint -> hint.isLate(now))
                    .filter(hint -> hint.since().isAfter(failover.begunAt()))
                    .count();
        }
    }

    private Turn restore(Failover failover) {
        RoutingRule before = publications.inForce().rule();
        if (before.unit(failover.unit()).forbidden() && !failover.shards().isEmpty()) {
            return overtaken(failover, Step.RESTORE, before);
        }
        RoutingRule rule = publish(
                        failover,
                        current -> Optional.of(
                                Takeover.end(current, failover.unit(), failover.shards(), failover.wards())))
                .orElseThrow()
                .rule();
        return on(
                failover,
                Step.RESTORE,
                "version " + rule.version() + ": " + failover.unit() + " serves " + rule.shardsOf(failover.unit())
                        + " and stands by for " + failover.wards());
    }

    private Turn withdraw(Failover failover) {
        Optional<InForce> published =
                publish(failover, rule -> Takeover.withdraw(rule, failover.unit(), failover.shards()));
        return end(
                failover,
                State.WITHDRAWN,
                Step.WITHDRAW,
                published
                        .map(rule -> "version " + rule.version() + ": " + failover.unit() + " serves nobody")
                        .orElse("No other unit could stand in; nothing was published."));
    }

    /**
     * A shard may be told of a new rule later than others, and a cold unit may be slow: what is not served is asked again. Between two
     * payments it rests twice as long as the last one took: the unit serves another's customers besides its own, and these come first.
     */
    private Turn probe(Failover failover) {
        RoutingRule rule = publications.inForce().rule();
        if (rule.unit(failover.unit()).forbidden() != failover.goesAway()) {
            return overtaken(failover, Step.PROBE, rule);
        }
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        List<Shard> shards = failover.shards().stream()
                .flatMapToInt(ShardRange::numbers)
                .mapToObj(Shard::new)
                .toList();
        Instant asks = clock.instant();
        for (Shard shard : shards) {
            if (wrong.size() == MOST_WRONG) {
                break;
            }
            if (asked > 0) {
                Duration twice = Duration.between(asks, clock.instant()).multipliedBy(2);
                rest.accept(twice.compareTo(LONGEST_REST) < 0 ? twice : LONGEST_REST);
                asks = clock.instant();
            }
            Sight sight = probes.routed(rule, shard, name(failover, Step.PROBE, shard.toString()));
            asked++;
            if (!(sight instanceof Sight.Serves)) {
                wrong.add("shard " + shard + " " + said(sight));
            }
        }
        if (wrong.isEmpty()) {
            boolean settled = !failover.goesAway() || open(failover) == 0;
            return end(
                    failover,
                    settled ? State.DONE : State.INCOMPLETE,
                    Step.PROBE,
                    "each of " + asked + " shards is served"
                            + (settled ? "" : ", but payments of " + failover.unit() + " are still open"));
        }
        String text = wrong.size() + " of " + asked + " shards are not served: " + String.join("; ", wrong);
        if (failover.turnsOf(Step.PROBE) + 1 < MOST_PROBES) {
            return again(failover, Step.PROBE, text);
        }
        return failover.goesAway()
                ? end(failover, State.INCOMPLETE, Step.PROBE, text)
                : undo(failover, Step.PROBE, text);
    }

    /** Units that failovers took from it since it came back last. */
    private Failover withWards(Failover failover) {
        Set<String> wards = new TreeSet<>();
        for (Failover earlier : records.latest(failover.unit(), MOST_RECORDS)) {
            if (!earlier.goesAway() && earlier.state() == State.DONE) {
                break;
            }
            wards.addAll(earlier.wards());
        }
        return failover.standingBy(wards);
    }

    /** Units that this failover's own publication took from it; the publication may lie a lost answer back. */
    private Set<String> taken(Failover failover, InForce inForce) {
        return publications.upTo(inForce.version(), MOST_VERSIONS).rules().stream()
                .filter(each -> each.reason().startsWith(failover.id()))
                .findFirst()
                .flatMap(own -> publications
                        .find(own.version() - 1)
                        .map(before -> Takeover.wards(failover.unit(), before.rule(), own.rule())))
                .orElse(Set.of());
    }

    /** Puts a changed rule in force, on top of whatever others publish meanwhile; empty where it cannot be changed so. */
    private Optional<InForce> publish(Failover failover, Function<RoutingRule, Optional<RoutingRule>> change) {
        return publications.change(
                MOST_OVERTAKEN,
                current -> change.apply(current.rule())
                        .map(wanted -> new PublishedRule(
                                wanted.at(current.version() + 1),
                                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                                failover.by(),
                                failover.id() + ": " + failover.reason(),
                                null)));
    }

    /** Colours of the unit that serve customers and are not as they should be, with what a payment of its first shard found there. */
    private List<String> wrongColours(Failover failover, RoutingRule rule, Step step, Predicate<Sight> right) {
        Unit unit = rule.unit(failover.unit());
        List<String> wrong = new ArrayList<>();
        unit.colours().forEach((colour, weight) -> {
            if (weight > 0) {
                Sight sight = probes.at(unit, colour, rule, first(failover), name(failover, step, colour));
                if (!right.test(sight)) {
                    wrong.add(colour + " " + said(sight));
                }
            }
        });
        return wrong;
    }

    private static Shard first(Failover failover) {
        return new Shard(failover.shards().getFirst().first());
    }

    private static Unit standbyOf(Failover failover, RoutingRule rule) {
        return rule.standbyOf(rule.unit(failover.unit()));
    }

    private String name(Failover failover, Step step, String of) {
        return failover.unit() + "-" + failover.id() + "-" + step + "-" + of + "-" + clock.millis();
    }

    private static String said(Sight sight) {
        return switch (sight) {
            case Sight.Serves _ -> "serves";
            case Sight.Refuses(long version) -> "refuses by version " + version;
            case Sight.Fails(String why) -> "fails: " + why;
        };
    }

    private Turn overtaken(Failover failover, Step step, RoutingRule rule) {
        return end(
                failover,
                State.OVERTAKEN,
                step,
                "version " + rule.version() + " says otherwise of " + failover.unit() + "; nothing was published");
    }

    private Turn on(Failover failover, Step step, String text) {
        return new Turn(Next.ON, noted(failover, step, text));
    }

    private Turn again(Failover failover, Step step, String text) {
        return new Turn(Next.AGAIN, noted(failover, step, text));
    }

    private Turn undo(Failover failover, Step step, String text) {
        return new Turn(Next.UNDO, noted(failover, step, text));
    }

    private Turn end(Failover failover, State state, Step step, String text) {
        return new Turn(Next.END, noted(failover, step, text).in(state));
    }

    private Failover noted(Failover failover, Step step, String text) {
        return failover.with(new Note(clock.instant().truncatedTo(ChronoUnit.MILLIS), step, text));
    }
}
