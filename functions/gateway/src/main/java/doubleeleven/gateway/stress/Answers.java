package doubleeleven.gateway.stress;

import doubleeleven.gateway.stress.Doors.Reply;
import doubleeleven.gateway.stress.Script.Purchase;
import java.util.List;
import java.util.Map;

/** What an answer to a payment means. What is not ours comes from the door itself, which live callers share. */
final class Answers {
    private static final String SHADOW_REFUSED = "urn:double-eleven:problem:shadow-refused";
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;
    private static final int TOO_MANY = 429;
    private static final int FAULTS_FROM = 500;

    private Answers() {}

    static Outcome outcome(Reply.Answered answer, Purchase purchase, String currency) {
        Map<String, ?> body = answer.body();
        return switch (answer.status()) {
            case CREATED -> is(body, "PAID", purchase, currency) ? Outcome.PAID : Outcome.WRONG;
            case OK ->
                is(body, "DECLINED", purchase, currency)
                                && body.get("reasons") instanceof List<?> reasons
                                && !reasons.isEmpty()
                        ? Outcome.DECLINED
                        : Outcome.WRONG;
            case ACCEPTED -> Outcome.OPEN;
            case TOO_MANY -> answer.ours() ? Outcome.REFUSED : Outcome.DOOR_BUSY;
            default -> problem(answer);
        };
    }

    private static boolean is(Map<String, ?> body, String outcome, Purchase purchase, String currency) {
        return outcome.equals(body.get("outcome"))
                && purchase.order().equals(body.get("merchantOrder"))
                && purchase.payer().id().equals(body.get("payer"))
                && currency.equals(body.get("currency"))
                && body.get("amount") instanceof Number amount
                && amount.longValue() == purchase.amount();
    }

    private static Outcome problem(Reply.Answered answer) {
        if (answer.status() >= FAULTS_FROM) {
            return answer.ours() ? Outcome.FAILED : Outcome.DOOR_FAILED;
        }
        return SHADOW_REFUSED.equals(answer.body().get("type")) ? Outcome.TURNED_AWAY : Outcome.WRONG;
    }
}
