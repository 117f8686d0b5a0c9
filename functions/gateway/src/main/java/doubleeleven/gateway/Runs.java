package doubleeleven.gateway;

import doubleeleven.gateway.FlowControl.Pass;
import doubleeleven.gateway.Racing.Race;
import doubleeleven.gateway.Units.Deadline;
import doubleeleven.gateway.Units.Outcome;
import doubleeleven.gateway.Units.Result;
import doubleeleven.gateway.Units.Run;
import doubleeleven.gateway.release.Ending;
import doubleeleven.gateway.release.TallySheet;
import doubleeleven.gateway.watch.TrafficSheet;
import doubleeleven.payment.DeclineReason;
import doubleeleven.routing.Feature;
import doubleeleven.routing.RoutingRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one attempt, in the order in which they are begun. The next one begins when none is under way: the one before failed at once
 * or was not tried. Or it begins beside the one before, which has not answered for a while: a hedged request, as Dean and Barroso call it
 * ("The tail at scale"), at most two at a time, within a {@link HedgeBudget budget}, and not while the rule has that switched off.
 *
 * <p>Two runs of one attempt answer as the payment's item tells them, in which one write decides. What the caller is told:
 *
 * <table>
 *   <caption>The answers of two runs</caption>
 *   <tr><th>one</th><th>the other</th><th>told</th><th>how it comes about</th></tr>
 *   <tr><td>PAID</td><td>PAID, OPEN, none</td><td>PAID, at once</td><td>decided; the other read it, or has not</td></tr>
 *   <tr><td>DECLINED</td><td>DECLINED, OPEN, none</td><td>DECLINED, at once</td><td>decided; the other read it, or has not</td></tr>
 *   <tr><td>CONFLICT</td><td>CONFLICT, OPEN, none</td><td>CONFLICT, at once where it is settled</td><td>another attempt owns the order, and
 *       this one is fenced off: no run of it is let in any more</td></tr>
 *   <tr><td>DECLINED</td><td>CONFLICT</td><td>whichever is first</td><td>aborted, and another attempt came after: neither took
 *       anything</td></tr>
 *   <tr><td>PAID</td><td>CONFLICT that is not settled</td><td>PAID</td><td>the other met an attempt that was in the way, could not fence its
 *       own off, and that attempt made way; so such an answer waits for the run beside it</td></tr>
 *   <tr><td>PAID</td><td>DECLINED for too many attempts, not settled</td><td>PAID</td><td>in the same way</td></tr>
 *   <tr><td>PAID</td><td>any other DECLINED</td><td>never</td><td>what is declined is aborted, and what is aborted is never paid</td></tr>
 *   <tr><td>OPEN</td><td>OPEN, none</td><td>OPEN, when nobody is left to ask</td><td>neither knows</td></tr>
 * </table>
 *
 * None is an answer that did not come: in doubt, never begun, or sent elsewhere. Unless it is paid, what another run may hold is to be checked.
 */
final class Runs {
    /** Longer than a workflow may take, short enough to leave the function time to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(16);
    /** All runs together. */
    static final Duration IN_ALL = Duration.ofSeconds(19);
    /** Less is not worth another run. */
    private static final Duration LEAST = Duration.ofSeconds(1);
    /** A shard may change hands while a call is under way, and once more; after that something is wrong. */
    private static final int MOST_REROUTES = 3;
    /** What reasons of risk begin with. */
    private static final String RISK = "RISK_";

    private static final List<String> NOT_FENCED = List.of(DeclineReason.TOO_MANY_ATTEMPTS.name());

    private final Means means;
    private final Race<Answered> race;
    private final Pass pass;
    private final Attempt attempt;
    private final Deadline deadline;
    private final Instant end;
    private final boolean hedges;
    private final Deque<Destination> next;
    /** The earliest first. */
    private final List<Begun> underWay = new ArrayList<>();

    private @Nullable Instant hedgeAt;
    /** It was waited for until then, by whoever counts the time: a clock may be set back. */
    private boolean overdue;

    private @Nullable Ended best;
    private @Nullable Destination inDoubt;
    private @Nullable Problem refusal;
    private boolean leftovers;
    private int reroutes;

    /**
     * What runs are made with.
     *
     * @param hedgeAfter how long a run is waited for before another one begins beside it
     */
    record Means(
            Rules rules,
            Units units,
            Breaker breaker,
            HedgeBudget budget,
            Duration hedgeAfter,
            TallySheet tallies,
            TrafficSheet traffic,
            ShadowSeen shadow,
            Journal journal,
            Clock clock) {}

    private record Begun(Destination at, Instant since) {}

    private record Ended(Begun begun, Result result) {}

    /** How a run ended, and how long it took. */
    record Answered(Begun begun, Run run, Duration latency) {}

    /** What they all came to. */
    sealed interface End {
        /**
         * A workflow answered.
         *
         * @param overtook a run that was begun earlier
         * @param leftovers another run may hold for the attempt, which is not paid
         */
        record Known(Destination at, Result result, boolean overtook, boolean leftovers) implements End {}

        /** It was begun, there as the last one, and nobody answered. */
        record InDoubt(Destination at) implements End {}

        /** Nothing was begun anywhere. */
        record Nowhere() implements End {}

        /** It is over a limit, and nothing was begun anywhere. */
        record Refused(Problem problem) implements End {}
    }

    Runs(Means means, Race<Answered> race, Pass pass, Attempt attempt, List<Destination> destinations) {
        Instant began = means.clock().instant();
        this.means = means;
        this.race = race;
        this.pass = pass;
        this.attempt = attempt;
        this.next = new ArrayDeque<>(destinations);
        this.deadline = new Deadline(began, began.plus(Limits.TRY));
        this.end = began.plus(IN_ALL);
        this.hedges = !means.rules().current().switchedOff().contains(Feature.HEDGING);
    }

    /** Begins one after the other until there is an answer to tell, or nobody left to ask. */
    End toTheEnd() {
        means.budget().earn();
        while (isTurnOfAnother() || !underWay.isEmpty()) {
            if (isTurnOfAnother()) {
                beginNext();
                continue;
            }
            Instant hedge = next.isEmpty() || underWay.size() > 1 ? null : hedgeAt;
            Optional<Answered> answered = race.next(left(hedge == null ? end : hedge));
            answered.ifPresent(this::hear);
            boolean waitedToTheEnd = answered.isEmpty() && hedge == null;
            if (waitedToTheEnd || (best != null && isFinal(best.result()))) {
                break;
            }
            overdue = answered.isEmpty();
        }
        return end();
    }

    /** Where none is under way, or one that was waited for long enough. */
    private boolean isTurnOfAnother() {
        if (next.isEmpty()) {
            return false;
        }
        return underWay.isEmpty() || (underWay.size() == 1 && overdue);
    }

    private void beginNext() {
        Destination destination = next.remove();
        boolean last = next.isEmpty();
        if (!last && !means.breaker().allows(destination)) {
            return;
        }
        Duration patience = left(end).compareTo(PATIENCE) < 0 ? left(end) : PATIENCE;
        if (isBegun() && patience.compareTo(LEAST) < 0) {
            next.clear();
        } else if (underWay.isEmpty()) {
            inTurn(destination, last, patience);
        } else {
            beside(underWay.getFirst().at(), destination, patience);
        }
    }

    private boolean isBegun() {
        return inDoubt != null || !underWay.isEmpty();
    }

    private void inTurn(Destination destination, boolean last, Duration patience) {
        Optional<Problem> over = pass.refusal(destination.unit());
        if (over.isEmpty()) {
            begin(destination, patience);
            return;
        }
        if (!last) {
            means.breaker().spared(destination);
        }
        refusal = over.get();
        next.clear();
    }

    /** A unit that was given up on is asked by one caller in a while, who is not to wait for it whatever the budget says. */
    private void beside(Destination slow, Destination destination, Duration patience) {
        hedgeAt = null;
        overdue = false;
        boolean free = means.breaker().hasGivenUpOn(slow);
        if (!free && !means.budget().take()) {
            next.addFirst(destination);
        } else if (pass.refusal(destination.unit()).isPresent()) {
            if (!free) {
                means.budget().giveBack();
            }
            next.addFirst(destination);
        } else {
            means.journal().count("Hedged", "unit", slow.unit());
            begin(destination, patience);
        }
    }

    private void begin(Destination destination, Duration patience) {
        Begun begun = new Begun(destination, now());
        underWay.add(begun);
        race.begin(() -> {
            Run run = means.units().run(destination, attempt, deadline, patience);
            return new Answered(begun, run, Duration.between(begun.since(), now()));
        });
        hedgeAt = hedges ? begun.since().plus(means.hedgeAfter()) : null;
        overdue = false;
    }

    private void hear(Answered answered) {
        Destination at = answered.begun().at();
        underWay.remove(answered.begun());
        endingOf(answered.run()).ifPresent(ending -> count(at, ending, answered.latency()));
        switch (answered.run()) {
            case Run.Ended(Result result) -> {
                reached(at);
                next.clear();
                consider(new Ended(answered.begun(), result));
            }
            case Run.InDoubt(String why) -> {
                missed(at, why);
                inDoubt = at;
                leftovers = true;
            }
            case Run.NotStarted(String why) -> {
                pass.notBegun(at.unit());
                missed(at, why);
            }
            case Run.Misrouted misrouted -> {
                pass.notBegun(at.unit());
                reached(at);
                reroute(misrouted, at);
            }
        }
    }

    private void consider(Ended ended) {
        Ended other = best;
        boolean better = other == null
                || worth(ended.result().outcome()) > worth(other.result().outcome());
        @Nullable Ended worse = better ? other : ended;
        best = better ? ended : other;
        leftovers |=
                worse != null && (worse.result().unsettled() || worse.result().outcome() == Outcome.OPEN);
    }

    private static int worth(Outcome outcome) {
        return switch (outcome) {
            case PAID -> 3;
            case DECLINED -> 2;
            case CONFLICT -> 1;
            case OPEN -> 0;
        };
    }

    /** Whether no other run can come to something else: the attempt is decided, or fenced off. */
    private static boolean isFinal(Result result) {
        return switch (result.outcome()) {
            case PAID -> true;
            case DECLINED -> !(result.unsettled() && result.reasons().equals(NOT_FENCED));
            case CONFLICT -> !result.unsettled();
            case OPEN -> false;
        };
    }

    /** Who has answered needs no other; whoever stood by for this unit must not be told that it was missed. */
    private void reroute(Run.Misrouted misrouted, Destination at) {
        next.clear();
        if (best == null && ++reroutes <= MOST_REROUTES) {
            obey(misrouted, at).stream()
                    .filter(destination ->
                            underWay.stream().noneMatch(run -> run.at().unit().equals(destination.unit())))
                    .forEach(next::add);
        }
    }

    /** A unit is right about who serves, whichever of the two knows the newer rule: all units read the same route. */
    private List<Destination> obey(Run.Misrouted misrouted, Destination destination) {
        RoutingRule rule = means.rules().atLeast(misrouted.version());
        means.journal()
                .warn(
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
        means.journal().count("Misrouted", "unit", destination.unit());
        return Destination.of(
                Math.max(rule.version(), misrouted.version()),
                rule.unit(misrouted.owner()),
                rule.unit(misrouted.standby()),
                misrouted.forbidden(),
                attempt.command().payer());
    }

    private End end() {
        boolean overtook = leaveBehind();
        if (best != null) {
            boolean paid = best.result().outcome() == Outcome.PAID;
            return new End.Known(best.begun().at(), best.result(), overtook, leftovers && !paid);
        }
        if (inDoubt != null) {
            return new End.InDoubt(inDoubt);
        }
        pass.withdraw();
        return refusal == null ? new End.Nowhere() : new End.Refused(refusal);
    }

    /**
     * Of runs that are still under way nobody will hear. One that lets a later one overtake it counts as missed, so that the next callers
     * do not wait for it at all; of the later one that was not needed nothing is known.
     *
     * @return whether there was one that was overtaken
     */
    private boolean leaveBehind() {
        boolean overtook = false;
        for (Begun run : underWay) {
            boolean slower = best == null || run.since().isBefore(best.begun().since());
            if (slower) {
                count(run.at(), Ending.OPEN, Duration.between(run.since(), now()));
                missed(run.at(), "no answer yet");
            }
            if (best == null) {
                inDoubt = run.at();
            }
            overtook |= slower && best != null;
            leftovers = true;
        }
        return overtook;
    }

    private Duration left(Instant until) {
        Duration left = Duration.between(now(), until);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Instant now() {
        return means.clock().instant();
    }

    /**
     * While two colours serve a unit, each run says something about the one it was at, whatever another unit made of the payment after it;
     * while a stress test runs beside, about what that does to it.
     */
    private void count(Destination destination, Ending ending, Duration latency) {
        if (means.rules().isShared(destination.unit()) || means.shadow().lately()) {
            means.tallies().count(destination.unit(), destination.colour(), ending, latency);
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

    private void reached(Destination destination) {
        means.breaker().reached(destination);
        means.traffic().reached(destination.unit(), destination.colour());
    }

    private void missed(Destination destination, String why) {
        if (means.breaker().missed(destination)) {
            means.traffic().missed(destination.unit(), destination.colour());
        }
        means.journal()
                .warn(
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
        means.journal().count("UnitMissed", "unit", destination.unit());
    }
}
