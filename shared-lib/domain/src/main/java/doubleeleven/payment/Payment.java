package doubleeleven.payment;

import doubleeleven.account.Entry;
import doubleeleven.account.Hold;
import doubleeleven.account.Tombstone;
import doubleeleven.credit.Loan;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A payment item as read: the decision record and the journal entry of one order.
 *
 * @param attempt the attempt that owns the item now
 * @param unit the unit of the claim, then of whoever decided
 * @param due key in the index of open payments; null when terminal
 * @param aborted every attempt of this order that was aborted, with its reason: none of them can ever claim again
 * @param command null only where recovery aborted an attempt whose claim never landed
 * @param tried what Try met on each branch
 * @param settled what phase two did on each item
 * @param refundableMinor what refunds may still take; null until the payment succeeded
 * @param holds refunds under way, by their attempt
 */
public record Payment(
        OrderHash order,
        PaymentStatus status,
        AttemptId attempt,
        String unit,
        String colour,
        @Nullable String due,
        @Nullable Instant dueAt,
        @Nullable Instant claimedAt,
        @Nullable Instant decidedAt,
        @Nullable Instant finishedAt,
        Map<AttemptId, String> aborted,
        @Nullable Command command,
        List<String> reasons,
        @Nullable RiskVerdict risk,
        List<Step> tried,
        List<Step> settled,
        @Nullable Long refundableMinor,
        Map<AttemptId, Hold> holds,
        Map<AttemptId, Tombstone> finished) {

    /**
     * The entry that credits a payee, as it is written: fixed once the payment is decided.
     *
     * @throws IllegalStateException where the payment is not decided
     */
    public Entry entryOf(Payee payee) {
        if (command == null || decidedAt == null) {
            throw new IllegalStateException("payment " + order + " is not decided, or not dated");
        }
        Entry entry = Entry.of(
                payee.merchant(),
                payee.bucket(),
                attempt,
                decidedAt,
                payee.amountMinor(),
                command.amount().getCurrencyUnit(),
                order);
        return command.isShared() ? entry.asShare() : entry;
    }

    /**
     * The loan that a payment on credit makes, as it is written: fixed once the payment is decided. None where nothing was lent.
     *
     * @throws IllegalStateException where the payment is not decided
     */
    public Optional<Loan> loan() {
        if (command == null || decidedAt == null) {
            throw new IllegalStateException("payment " + order + " is not decided, or not dated");
        }
        Instant opened = decidedAt;
        return command.lent()
                .map(lent -> Loan.open(
                        command.payer(),
                        opened,
                        attempt,
                        order,
                        Money.ofMinor(command.amount().getCurrencyUnit(), lent.amountMinor()),
                        Objects.requireNonNull(command.plan())));
    }

    /** Whether nothing will ever happen for that attempt again. */
    public boolean isOver(AttemptId other) {
        return other.equals(attempt) ? status.isTerminal() : aborted.containsKey(other);
    }
}
