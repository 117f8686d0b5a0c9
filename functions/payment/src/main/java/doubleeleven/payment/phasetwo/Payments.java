package doubleeleven.payment.phasetwo;

import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Command;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.Payment;
import doubleeleven.payment.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Payment items. Every write is one conditional write on one item; it answers false where its condition did not hold, because somebody
 * else was there before: then the item must be read again.
 */
public interface Payments {
    /** Reads strongly. */
    Optional<Payment> find(OrderHash order);

    /** TRYING to ABORTED, by recovery: stamps this unit as the decider. */
    boolean abort(OrderHash order, AttemptId attempt, DeclineReason reason, Instant now);

    /**
     * Creates the item as ABORTED where none exists, so that the claim of this attempt can never land.
     *
     * @param command what the attempt was to do, where that is known: with it, whoever was told to look the payment up finds its end
     */
    boolean abortUnclaimed(
            OrderHash order, AttemptId attempt, @Nullable Command command, DeclineReason reason, Instant now);

    /** Adds an attempt that does not own the item to its aborted ones, so that it can never own it. */
    boolean abortLoser(OrderHash order, AttemptId attempt, DeclineReason reason);

    /** COMMITTED to SUCCEEDED or ABORTED to CLOSED, out of the index of open payments. */
    boolean finish(Payment payment, List<Step> settled, Instant now);

    /** Moves an open payment's place in the index of open payments, so that it is looked at again only then. */
    boolean postpone(Payment payment, Instant dueAt);

    /**
     * Keys of a unit's open payments that were due by then, oldest first in each part of the index, read on only as far as the stream is.
     * Hints: each must be read strongly before it is acted on.
     */
    Stream<String> due(String unit, Instant by);

    /** Since when a unit's oldest open payment is open, whenever it is next due; empty where none is open. A hint as well. */
    Optional<Instant> oldestOpen(String unit);
}
