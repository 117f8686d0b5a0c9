package doubleeleven.rig.explore;

import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Command;
import doubleeleven.rig.explore.Slots.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What is explored: items, executions that race, and how much may go wrong.
 *
 * @param items every item that may come to be, with its content at the beginning; empty where it is not there
 * @param attempts what is asked for
 * @param executions runs of the workflow
 * @param bounds how much may go wrong
 */
record Scenario(
        String name,
        LinkedHashMap<Place, Map<String, AttributeValue>> items,
        List<Attempt> attempts,
        List<Execution> executions,
        Bounds bounds) {

    /** Tells it from every other scenario of the suites. */
    String label() {
        return name + ": " + bounds;
    }

    /** What an execution is for. */
    Attempt attemptOf(int execution) {
        return attempts.get(executions.get(execution).attempt());
    }

    /** One request to pay one order. */
    record Attempt(AttemptId id, Command command, Map<String, Object> input) {
        OrderHash order() {
            return command.id().order();
        }
    }

    /**
     * A run of the workflow for an attempt.
     *
     * @param attempt its number
     * @param start when it may begin
     */
    record Execution(int attempt, Start start) {}

    enum Start {
        AT_ONCE,
        /** A customer tries again once another attempt of the order was declined. */
        AFTER_A_DECLINE,
        /** Days later, when everything is over and every tombstone is pruned, whatever the pruner would leave. */
        DAYS_LATER,
        /** Hours later, when everything before is over: with others that are as late, while phase two prunes what it finds old. */
        HOURS_LATER
    }

    /**
     * How much may go wrong in one history.
     *
     * @param faults calls lost, answers lost, calls that land late or twice, crashes, messages never sent or delivered twice: together
     * @param workers functions at work at once
     * @param early recoveries and reclaims that come although the executions are still at work
     * @param risk whether risk may decline
     * @param posting whether entries are posted
     */
    record Bounds(int faults, int workers, int early, boolean risk, boolean posting) {
        @Override
        public String toString() {
            return "faults <= " + faults + ", workers " + workers + ", early " + early
                    + (risk ? ", risk may decline" : "") + (posting ? ", posting" : "");
        }
    }
}
