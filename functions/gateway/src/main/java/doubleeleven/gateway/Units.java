package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Hold;
import doubleeleven.credit.Application;
import doubleeleven.ids.AttemptId;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The units' workflows and phase-two queues. */
public interface Units {
    /** How a run of an attempt ended, as far as the gateway can tell. */
    sealed interface Run {
        /** The workflow answered. */
        record Ended(Result result) implements Run {}

        /** It ran and gave no answer: it may have written anything, or nothing. */
        record InDoubt(String why) implements Run {}

        /**
         * Another unit serves the shard, as that version of the rule says; nothing was written.
         *
         * @param forbidden the owner serves nobody
         */
        record Misrouted(long version, String owner, String standby, boolean forbidden) implements Run {}

        /** It surely never began. */
        record NotStarted(String why) implements Run {}
    }

    /** The outcome that a workflow answered. */
    enum Outcome {
        PAID,
        DECLINED,
        OPEN,
        CONFLICT
    }

    /**
     * The answer of a workflow.
     *
     * @param unsettled its own holds may be left behind
     * @param overdue holds of other attempts that it met, past their deadlines
     */
    record Result(Outcome outcome, List<String> reasons, boolean unsettled, List<Orphan> overdue) {}

    /** A hold that its own payment should long have settled. */
    record Orphan(String order, String attempt, Branch branch) {
        /** After this time a hold is settled for whoever meets it; the workflow that meets one waits as long. */
        private static final Duration OVERDUE = Duration.ofSeconds(60);

        /** Nobody else may ever come by: what waits for a hold has it settled, as the workflow does for accounts. */
        static List<Orphan> overdue(BranchKind kind, AccountKey item, Map<AttemptId, Hold> holds, Instant now) {
            return holds.entrySet().stream()
                    .filter(hold -> hold.getValue().due().plus(OVERDUE).isBefore(now))
                    .map(hold -> new Orphan(
                            hold.getValue().order().value(),
                            hold.getKey().value(),
                            new Branch(kind, item, hold.getValue().amountMinor())))
                    .toList();
        }
    }

    /** When an attempt was begun and until when it must have been decided. */
    record Deadline(Instant claimedAt, Instant due) {}

    /** Runs an attempt and waits for its end, at most that long. */
    Run run(Destination destination, Attempt attempt, Deadline deadline, Duration patience);

    /** Asks a unit to make sure, after a while, that an attempt left nothing behind. */
    void check(Destination destination, Attempt attempt, Duration delay);

    /**
     * Has a unit decide on an application, once however often it is asked to.
     *
     * @return whether the unit could be reached
     */
    boolean decide(Destination destination, Application application);

    /** Asks a unit, in one message call, to settle other attempts' overdue holds; at most ten. */
    void reclaim(Destination destination, List<Orphan> orphans, String trace);
}
