package doubleeleven.gateway;

import doubleeleven.credit.Application;
import doubleeleven.gateway.Units.Deadline;
import doubleeleven.gateway.Units.Orphan;
import doubleeleven.gateway.Units.Outcome;
import doubleeleven.gateway.Units.Result;
import doubleeleven.gateway.Units.Run;
import doubleeleven.gateway.release.Ending;
import doubleeleven.gateway.release.TallySheet;
import doubleeleven.gateway.watch.TrafficSheet;
import doubleeleven.ids.Shard;
import doubleeleven.routing.RoutingRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs an attempt at the unit that owns the payer's shard and, where that cannot be reached, at once at its standby. Both may run it:
 * claims and holds of an equal attempt are the same, and one write decides.
 */
final class Dispatcher {
    /** Longer than a workflow may take, short enough to leave the function time to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(16);

    /** All runs together. */
    private static final Duration IN_ALL = Duration.ofSeconds(19);
    /** What a dispatch takes at most: the runs, a message about other attempts, one about this attempt at either unit. */
    static final Duration LONGEST = IN_ALL.plus(Limits.MESSAGE.multipliedBy(3));
    /** Less is not worth another run. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    /** What reasons of risk begin with. */
    private static final String RISK = "RISK_";

    private static final int MOST_RECLAIMS = 5;
    /** A shard may change hands while a call is under way, and once more; after that something is wrong. */
    private static final int MOST_REROUTES = 3;

    private final Rules rules;
    private final Units units;
    private final FlowControl flow;
    private final Breaker breaker;
    private final TallySheet tallies;
    private final TrafficSheet traffic;
    private final ShadowSeen shadow;
    private final Journal journal;
    private final Clock clock;

    Dispatcher(
            Rules rules,
            Units units,
            FlowControl flow,
            TallySheet tallies,
            TrafficSheet traffic,
            ShadowSeen shadow,
            Journal journal,
            Clock clock) {
        this.rules = rules;
        this.units = units;
        this.flow = flow;
        this.breaker = new Breaker(clock);
        this.tallies = tallies;
        this.traffic = traffic;
        this.shadow = shadow;
        this.journal = journal;
        this.clock = clock;
    }

    /** What became of an attempt. */
    sealed interface Fate {
        /** The workflow answered. */
        record Known(Outcome outcome, List<String> reasons) implements Fate {}

        /** Nothing was begun anywhere. */
        record Nowhere() implements Fate {}

        /** It is over a limit, and nothing was begun anywhere. */
        record Refused(Problem problem) implements Fate {}
    }

    /** Version of the rule that attempts made now are stamped with. */
    long ruleVersion() {
        return rules.current().version();
    }

    Fate dispatch(Caller caller, Attempt attempt) {
        Fate fate = run(caller, attempt);
        traffic.handIn();
        return fate;
    }

    private Fate run(Caller caller, Attempt attempt) {
        FlowControl.Pass pass = flow.pass(caller, attempt.command());
        List<Destination> destinations = destinations(attempt);
        Deque<Destination> next = new ArrayDeque<>(destinations);
        Instant began = clock.instant();
        Deadline deadline = new Deadline(began, began.plus(Limits.TRY));
        @Nullable Destination inDoubt = null;
        int reroutes = 0;
        while (!next.isEmpty()) {
            Destination destination = next.remove();
            boolean last = next.isEmpty();
            if (!last && !breaker.allows(destination)) {
                continue;
            }
            Duration patience = patience(began);
            if (inDoubt != null && patience.compareTo(LEAST) < 0) {
                break;
            }
            Optional<Problem> refusal = pass.refusal(destination.unit());
            if (refusal.isPresent()) {
                if (!last) {
                    breaker.spared(destination);
                }
                if (inDoubt == null) {
                    pass.withdraw();
                    return new Fate.Refused(refusal.get());
                }
                break;
            }
            Instant started = clock.instant();
            Run run = units.run(destination, attempt, deadline, patience);
            count(destination, run, Duration.between(started, clock.instant()));
            switch (run) {
                case Run.Ended(Result result) -> {
                    reached(destination);
                    return known(destinations, destination, attempt, result, inDoubt);
                }
                case Run.InDoubt(String why) -> {
                    missed(destination, why, attempt);
                    inDoubt = destination;
                }
                case Run.NotStarted(String why) -> {
                    pass.notBegun();
                    missed(destination, why, attempt);
                }
                case Run.Misrouted misrouted -> {
                    pass.notBegun();
                    reached(destination);
                    // Whoever stood by for this unit must not be told that it was missed.
                    next.clear();
                    if (++reroutes <= MOST_REROUTES) {
                        next.addAll(obey(misrouted, destination, attempt));
                    }
                }
            }
        }
        if (inDoubt == null) {
            pass.withdraw();
            return new Fate.Nowhere();
        }
        check(destinations, inDoubt, attempt);
        return new Fate.Known(Outcome.OPEN, List.of());
    }

    /**
     * While two colours serve a unit, each run says something about the one it was at, whatever another unit made of the payment after it;
     * while a stress test runs beside, about what that does to it.
     */
    private void count(Destination destination, Run run, Duration latency) {
        if (rules.isShared(destination.unit()) || shadow.lately()) {
            endingOf(run).ifPresent(ending -> tallies.count(destination.unit(), destination.colour(), ending, latency));
        }
    }

    private static Optional<Ending> endingOf(Run run) {
        return switch (run) {
            case Run.Ended(Result result) ->
                switch (result.outcome()) {
                    case PAID -> Optional.of(Ending.PAID);
                    case DECLINED -> Optional.of(declined(result.reasons()));
                    case OPEN -> Optional.of(Ending.OPEN);
                    // Another attempt was faster: that says nothing about who was asked.
                    case CONFLICT -> Optional.empty();
                };
            case Run.InDoubt _, Run.NotStarted _ -> Optional.of(Ending.FAILED);
            case Run.Misrouted _ -> Optional.empty();
        };
    }

    /** One reason of a class is enough: first faults, then risk. */
    private static Ending declined(List<String> reasons) {
        if (reasons.stream().anyMatch(Outcomes::isFault)) {
            return Ending.FAILED;
        }
        return reasons.stream().anyMatch(reason -> reason.startsWith(RISK)) ? Ending.RISK_DECLINED : Ending.DECLINED;
    }

    /** A unit is right about who serves, whichever of the two knows the newer rule: all units read the same route. */
    private List<Destination> obey(Run.Misrouted misrouted, Destination destination, Attempt attempt) {
        RoutingRule rule = rules.atLeast(misrouted.version());
        journal.warn(
                "a unit refused a shard that it does not serve",
                Map.of(
                        "unit",
                        destination.unit(),
                        "owner",
                        misrouted.owner(),
                        "rule",
                        destination.rule(),
                        "newest",
                        misrouted.version(),
                        "traceparent",
                        attempt.command().trace()));
        journal.count("Misrouted", "unit", destination.unit());
        return Destination.of(
                Math.max(rule.version(), misrouted.version()),
                rule.unit(misrouted.owner()),
                rule.unit(misrouted.standby()),
                misrouted.forbidden(),
                attempt.command().payer());
    }

    private List<Destination> destinations(Attempt attempt) {
        return Destination.of(
                rules.current(),
                attempt.command().id().shard(),
                attempt.command().payer());
    }

    private Duration patience(Instant began) {
        Duration left = IN_ALL.minus(Duration.between(began, clock.instant()));
        return left.compareTo(PATIENCE) < 0 ? left : PATIENCE;
    }

    private void reached(Destination destination) {
        breaker.reached(destination);
        traffic.reached(destination.unit(), destination.colour());
    }

    private void missed(Destination destination, String why, Attempt attempt) {
        if (breaker.missed(destination)) {
            traffic.missed(destination.unit(), destination.colour());
        }
        journal.warn(
                "unit not reached",
                Map.of(
                        "unit",
                        destination.unit(),
                        "colour",
                        destination.colour(),
                        "why",
                        why,
                        "traceparent",
                        attempt.command().trace()));
        journal.count("UnitMissed", "unit", destination.unit());
    }

    private Fate known(
            List<Destination> all,
            Destination destination,
            Attempt attempt,
            Result result,
            @Nullable Destination inDoubt) {
        if (destination.insteadOf() != null) {
            journal.count("Failover", "unit", destination.insteadOf());
        }
        reclaim(destination, result.overdue(), attempt.command().trace());
        // Where another run is in doubt and the attempt is not paid, that run may still hold for it.
        boolean leftovers = inDoubt != null && result.outcome() != Outcome.PAID;
        if (result.unsettled() || result.outcome() == Outcome.OPEN || leftovers) {
            check(all, destination, attempt);
        }
        return new Fate.Known(result.outcome(), result.reasons());
    }

    /** Has the unit that owns the customer's shard decide on an application, or its standby; false where neither is reached. */
    boolean decide(Application application) {
        return Destination.of(rules.current(), Shard.of(application.customer()), application.customer()).stream()
                .anyMatch(destination -> units.decide(destination, application));
    }

    /** Asks the unit that owns the payer's shard to settle holds that are in the way of an attempt which is not run. */
    void reclaim(Shard shard, String payer, List<Orphan> overdue, String trace) {
        reclaim(Destination.of(rules.current(), shard, payer).getFirst(), overdue, trace);
    }

    /** One call to one unit, however many there are: the caller waits for it, and whoever meets the holds next asks again. */
    private void reclaim(Destination destination, List<Orphan> overdue, String trace) {
        if (!overdue.isEmpty()) {
            List<Orphan> some = overdue.stream().limit(MOST_RECLAIMS).toList();
            send(List.of(), destination, trace, to -> units.reclaim(to, some, trace));
        }
    }

    private void check(List<Destination> all, Destination first, Attempt attempt) {
        send(
                all,
                first,
                attempt.command().trace(),
                to -> units.check(to, attempt, Limits.TRY.plus(Limits.CHECK_AFTER)));
    }

    /**
     * Sends a message to the unit that is concerned, or to another one: every unit's workers can settle every attempt. A failure must not
     * spoil the answer, and what is left behind is found in the end without the message.
     */
    private void send(List<Destination> all, Destination first, String trace, Consumer<Destination> message) {
        List<Destination> inTurn = Stream.concat(Stream.of(first), all.stream().filter(other -> !other.equals(first)))
                .toList();
        for (Destination destination : inTurn) {
            try {
                message.accept(destination);
                return;
            } catch (RuntimeException e) {
                journal.error(
                        "a message to phase two was not sent",
                        Map.of("unit", destination.unit(), "traceparent", trace),
                        e);
            }
        }
    }
}
