package doubleeleven.gateway;

import doubleeleven.credit.Application;
import doubleeleven.gateway.Racing.Race;
import doubleeleven.gateway.Runs.Answered;
import doubleeleven.gateway.Runs.End;
import doubleeleven.gateway.Units.Orphan;
import doubleeleven.gateway.Units.Outcome;
import doubleeleven.gateway.Units.Result;
import doubleeleven.gateway.release.TallySheet;
import doubleeleven.gateway.watch.TrafficSheet;
import doubleeleven.ids.Shard;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Has an attempt run by the unit that owns the payer's shard and, where that cannot be reached or takes too long, by its standby. Both may
 * run it: claims and holds of an equal attempt are the same, and one write decides.
 */
final class Dispatcher {
    /** What a dispatch takes at most: the runs, a message about other attempts, one about this attempt at either unit. */
    static final Duration LONGEST = Runs.IN_ALL.plus(Limits.MESSAGE.multipliedBy(3));

    private static final int MOST_RECLAIMS = 5;

    private final Rules rules;
    private final Units units;
    private final FlowControl flow;
    private final TrafficSheet traffic;
    private final Racing racing;
    private final Runs.Means means;
    private final Journal journal;

    Dispatcher(Gateway.Ports ports, TallySheet tallies, TrafficSheet traffic, ShadowSeen shadow) {
        this.rules = ports.rules();
        this.units = ports.units();
        this.flow = new FlowControl(rules, ports.journal(), ports.clock());
        this.traffic = traffic;
        this.racing = ports.racing();
        this.journal = ports.journal();
        this.means = new Runs.Means(
                rules,
                units,
                new Breaker(ports.clock()),
                new HedgeBudget(),
                ports.hedgeAfter(),
                tallies,
                traffic,
                shadow,
                journal,
                ports.clock());
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
        Fate fate = fate(caller, attempt);
        traffic.handIn();
        return fate;
    }

    private Fate fate(Caller caller, Attempt attempt) {
        List<Destination> destinations = Destination.of(
                rules.current(),
                attempt.command().id().shard(),
                attempt.command().payer());
        return switch (run(flow.pass(caller, attempt.command()), attempt, destinations)) {
            case End.Known known -> known(destinations, known, attempt);
            case End.InDoubt(Destination at) -> {
                check(destinations, at, attempt);
                yield new Fate.Known(Outcome.OPEN, List.of());
            }
            case End.Nowhere() -> new Fate.Nowhere();
            case End.Refused(Problem problem) -> new Fate.Refused(problem);
        };
    }

    private End run(FlowControl.Pass pass, Attempt attempt, List<Destination> destinations) {
        try (Race<Answered> race = racing.open()) {
            return new Runs(means, race, pass, attempt, destinations).toTheEnd();
        }
    }

    private Fate known(List<Destination> all, End.Known known, Attempt attempt) {
        Destination destination = known.at();
        Result result = known.result();
        // A unit that is slow once is not one that is down.
        if (destination.insteadOf() != null && !known.overtook()) {
            journal.count("Failover", "unit", destination.insteadOf());
        }
        reclaim(destination, result.overdue(), attempt.command().trace());
        if (result.unsettled() || result.outcome() == Outcome.OPEN || known.leftovers()) {
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
