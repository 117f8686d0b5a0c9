package doubleeleven.payment.phasetwo;

import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Branch;
import doubleeleven.payment.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message to phase two: look at this order and bring that attempt to its end.
 *
 * @param branches where holds of the attempt may lie that no claim speaks for; empty for a decided payment, whose item names them
 * @param trace the payment's W3C {@code traceparent}, where the sender knew it
 * @param command what was asked for, where the sender knew it: of an attempt whose claim never landed nothing else tells
 */
public record SettlementTask(
        OrderHash order,
        AttemptId attempt,
        List<Branch> branches,
        @Nullable String trace,
        @Nullable Command command) {

    /** A task whose payment item says what was asked for. */
    public SettlementTask(OrderHash order, AttemptId attempt, List<Branch> branches, @Nullable String trace) {
        this(order, attempt, branches, trace, null);
    }
}
