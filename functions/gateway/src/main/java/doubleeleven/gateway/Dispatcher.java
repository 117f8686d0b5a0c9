package doubleeleven.gateway;

import doubleeleven.gateway.Units.Deadline;
import doubleeleven.gateway.Units.Orphan;
import doubleeleven.gateway.Units.Outcome;
import doubleeleven.gateway.Units.Result;
import doubleeleven.gateway.Units.Run;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

    private static final Duration IN_ALL = Duration.ofSeconds(22);
    private static final int MOST_RECLAIMS = 5;

    private final Rules rules;
    private final Units units;
    private final Breaker breaker;
    private final Journal journal;
    private final Clock clock;

    Dispatcher(Rules rules, Units units, Journal journal, Clock clock) {
        this.rules = rules;
        this.units = units;
        this.breaker = new Breaker(clock);
        this.journal = journal;
        this.clock = clock;
    }

    /** What became of an attempt. */
    sealed interface Fate {
        /** The workflow answered. */
        record Known(Outcome outcome, List<String> reasons) implements Fate {}

        /** Nothing was begun anywhere. */
        record Nowhere() implements Fate {}
    }

    /** Version of the rule that attempts made now are stamped with. */
    long ruleVersion() {
        return rules.current().version();
    }

    Fate dispatch(Attempt attempt) {
        List<Destination> destinations = Destination.of(
                rules.current(),
                attempt.command().id().shard(),
                attempt.command().payer());
        Instant began = clock.instant();
        Deadline deadline = new Deadline(began, began.plus(Limits.TRY));
        @Nullable Destination inDoubt = null;
        for (Destination destination : destinations) {
            boolean last = destination.equals(destinations.getLast());
            if (!last && !breaker.allows(destination)) {
                continue;
            }
            switch (units.run(destination, attempt, deadline, patience(began))) {
                case Run.Ended(Result result) -> {
                    breaker.reached(destination);
                    return known(destinations, destination, attempt, result, inDoubt);
                }
                case Run.InDoubt(String why) -> {
                    missed(destination, why);
                    inDoubt = destination;
                }
                case Run.NotStarted(String why) -> missed(destination, why);
            }
        }
        if (inDoubt == null) {
            return new Fate.Nowhere();
        }
        check(destinations, inDoubt, attempt);
        return new Fate.Known(Outcome.OPEN, List.of());
    }

    private Duration patience(Instant began) {
        Duration left = IN_ALL.minus(Duration.between(began, clock.instant()));
        return left.compareTo(PATIENCE) < 0 ? left : PATIENCE;
    }

    private void missed(Destination destination, String why) {
        breaker.missed(destination);
        journal.warn(
                "unit not reached", Map.of("unit", destination.unit(), "colour", destination.colour(), "why", why));
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
        String trace = attempt.command().trace();
        for (Orphan orphan : result.overdue().stream().limit(MOST_RECLAIMS).toList()) {
            send(all, destination, to -> units.reclaim(to, orphan, trace));
        }
        // Where another run is in doubt and the attempt is not paid, that run may still hold for it.
        boolean leftovers = inDoubt != null && result.outcome() != Outcome.PAID;
        if (result.unsettled() || result.outcome() == Outcome.OPEN || leftovers) {
            check(all, destination, attempt);
        }
        return new Fate.Known(result.outcome(), result.reasons());
    }

    private void check(List<Destination> all, Destination first, Attempt attempt) {
        send(all, first, to -> units.check(to, attempt, Limits.TRY.plus(Limits.CHECK_AFTER)));
    }

    /**
     * Sends a message to the unit that is concerned, or to another one: every unit's workers can settle every attempt. A failure must not
     * spoil the answer, and what is left behind is found in the end without the message.
     */
    private void send(List<Destination> all, Destination first, Consumer<Destination> message) {
        List<Destination> inTurn = Stream.concat(Stream.of(first), all.stream().filter(other -> !other.equals(first)))
                .toList();
        for (Destination destination : inTurn) {
            try {
                message.accept(destination);
                return;
            } catch (RuntimeException e) {
                journal.error("a message to phase two was not sent", Map.of("unit", destination.unit()), e);
            }
        }
    }
}
