package doubleeleven.rig.sim;

import doubleeleven.ids.OrderHash;
import doubleeleven.it.client.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One call that moves money, which its client may make again and again: what was asked, and every answer. */
final class Asked {
    private static final Set<String> OVER = Set.of(
            "attempt-superseded",
            "attempt-contended",
            "attempt-failed",
            "order-already-paid",
            "payment-not-refundable");
    /** The same call may succeed later, or tells nothing about this one. */
    private static final Set<String> LATER = Set.of(
            "order-in-flight",
            "payment-not-settled",
            "refund-in-flight",
            "payee-not-posted",
            "internal-error",
            "unit-unreachable",
            "consent-refused",
            "idempotency-key-reused");
    /** What is owed changes with every other call. */
    private static final Set<String> LATER_OF_DEBT = Set.of("repayment-in-flight", "nothing-to-do", "invalid-request");

    private final OrderHash order;
    private final String what;
    private final String bearer;
    private final String path;
    private final String key;
    private final Map<String, ?> body;
    private final long amount;
    private final String payer;
    private final List<String> answers = new ArrayList<>();
    private boolean paid;
    private boolean refused;
    private String id = "";

    Asked(
            OrderHash order,
            String what,
            String bearer,
            String path,
            String key,
            Map<String, ?> body,
            long amount,
            String payer) {
        this.order = order;
        this.what = what;
        this.bearer = bearer;
        this.path = path;
        this.key = key;
        this.body = body;
        this.amount = amount;
        this.payer = payer;
    }

    OrderHash order() {
        return order;
    }

    String bearer() {
        return bearer;
    }

    String path() {
        return path;
    }

    String key() {
        return key;
    }

    Map<String, ?> body() {
        return body;
    }

    long amount() {
        return amount;
    }

    String payer() {
        return payer;
    }

    boolean isPaid() {
        return paid;
    }

    boolean isRefused() {
        return refused;
    }

    /** The payment's public id, once an answer told it. */
    String id() {
        return id;
    }

    /** Takes an answer; tells what is wrong with it by itself. */
    Optional<String> answered(Answer answer) {
        answers.add(answer.status() + " " + answer.find("outcome").orElse(answer.problem()) + " " + answer.reasons());
        if (answer.status() == 201) {
            paid = true;
            id = answer.text("id");
            if (answer.integer("amount") != amount) {
                return Optional.of("paid with another amount than asked for: " + answer.text());
            }
        } else if (answer.status() == 200) {
            refused = true;
        } else if (OVER.contains(answer.problem())) {
            refused = true;
        } else if (answer.status() != 202 && answer.status() != 502 && !isLater(answer.problem())) {
            return Optional.of("an answer that no client understands: " + answer.status() + " " + answer.text());
        }
        return paid && refused ? Optional.of("answers that contradict each other: " + answers) : Optional.empty();
    }

    private boolean isLater(String problem) {
        return LATER.contains(problem) || (what.equals("repayment") && LATER_OF_DEBT.contains(problem));
    }

    boolean isKnown() {
        return paid || refused;
    }

    @Override
    public String toString() {
        return what + " of " + amount + " by " + payer + ", key " + key + ", order " + order.value() + ": " + answers;
    }
}
