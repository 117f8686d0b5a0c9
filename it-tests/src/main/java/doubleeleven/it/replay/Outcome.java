package doubleeleven.it.replay;

import doubleeleven.it.client.Answer;
import doubleeleven.it.replay.Plan.Event;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the service answered in the end to one event of the plan.
 *
 * @param door the Region whose door gave the last answer; where none was asked for, the customer's own
 * @param order key of the payment item; empty where none can exist
 * @param id as the API shows it; empty where there is none
 * @param reasons of a decline, or the problem
 * @param nanos from the first request to the answer
 * @param polled whether the first answer left it open
 */
public record Outcome(
        Event event,
        String door,
        String order,
        String id,
        Result result,
        List<String> reasons,
        long nanos,
        boolean polled) {
    public enum Result {
        PAID,
        DECLINED,
        /** It was never asked for, because what it rests on was not paid. */
        SKIPPED,
        /** A fault that lasted. */
        FAILED
    }

    static Result resultOf(Answer answer) {
        return switch (answer.find("outcome").orElse("")) {
            case "PAID" -> Result.PAID;
            case "DECLINED" -> Result.DECLINED;
            default -> Result.FAILED;
        };
    }

    static List<String> reasonsOf(Answer answer) {
        return Stream.concat(
                        answer.reasons().stream(),
                        answer.problem().isEmpty()
                                ? Stream.empty()
                                : Stream.of(answer.status() + " " + answer.problem()))
                .toList();
    }
}
