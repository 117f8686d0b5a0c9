package doubleeleven.credit;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Hold;
import doubleeleven.account.Tombstone;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

/**
 * The receivable of one credit payment, as read from its item. Its principal is unbilled at first; billing takes it part by part, refunds
 * and early repayments take from what is left.
 *
 * @param order the payment that the credit paid for
 * @param openedAt when that payment was decided
 * @param principalMinor what was lent
 * @param unbilledMinor what billing, refunds and early repayments may still take; holds are already subtracted
 * @param holds refunds and early repayments under way, by their attempt
 * @param billed how many parts billing took
 * @param parts those parts, in order
 */
public record Loan(
        AccountKey key,
        CurrencyUnit currency,
        OrderHash order,
        Instant openedAt,
        long principalMinor,
        InstalmentPlan plan,
        long unbilledMinor,
        Map<AttemptId, Hold> holds,
        Map<AttemptId, Tombstone> finished,
        int billed,
        List<Part> parts) {
    /** What every loan's sort key begins with. */
    public static final String PREFIX = "LOAN#";

    public Loan {
        parts = List.copyOf(parts);
        if (billed != parts.size()) {
            throw new IllegalArgumentException(key + " has " + parts.size() + " parts, but billing took " + billed);
        }
    }

    /** Made of the payment alone, so that whoever opens the loan again finds it there. */
    public static AccountKey keyOf(String customer, Instant decidedAt, AttemptId attempt) {
        return new AccountKey(AccountKey.partitionOf(customer), sortKeyFrom(decidedAt) + "#" + attempt);
    }

    /** The lowest sort key of loans that were opened at that time or later. */
    public static String sortKeyFrom(Instant openedFrom) {
        return PREFIX + String.format("%013d", openedFrom.toEpochMilli());
    }

    /**
     * The loan of a committed payment, with empty maps: every later write may rely on the maps being there.
     *
     * @throws IllegalArgumentException where the principal is not positive
     */
    public static Loan open(
            String customer,
            Instant decidedAt,
            AttemptId attempt,
            OrderHash order,
            Money principal,
            InstalmentPlan plan) {
        long principalMinor = principal.getAmountMinorLong();
        if (principalMinor <= 0) {
            throw new IllegalArgumentException("a loan's principal is positive: " + principal);
        }
        return new Loan(
                keyOf(customer, decidedAt, attempt),
                principal.getCurrencyUnit(),
                order,
                decidedAt,
                principalMinor,
                plan,
                principalMinor,
                Map.of(),
                Map.of(),
                0,
                List.of());
    }

    /** How the bills' lines name it: its sort key. */
    public String id() {
        return Objects.requireNonNull(key.sk());
    }

    /** What is neither billed nor taken by a refund or repayment that is confirmed. */
    public long owedMinor() {
        return unbilledMinor
                + holds.values().stream().mapToLong(Hold::amountMinor).sum();
    }

    /**
     * What billing takes for that month's bill: the next instalment, or what is left where that is less, and with the last one everything. The
     * fee shrinks with a part that is cut short.
     *
     * @return empty where nothing is there to take, where a part was taken for that bill or a later one, and where the loan was opened only
     *     when that bill had closed
     */
    public Optional<Part> nextPart(YearMonth bill) {
        if (unbilledMinor == 0
                || !openedAt.isBefore(Bill.closing(bill))
                || parts.stream().anyMatch(part -> !part.bill().isBefore(bill))) {
            return Optional.empty();
        }
        int number = billed + 1;
        if (number > plan.count()) {
            return Optional.of(new Part(number, bill, unbilledMinor, 0, false));
        }
        Instalment full = plan.instalment(principalMinor, number);
        long principal = number == plan.count() ? unbilledMinor : Math.min(unbilledMinor, full.principalMinor());
        long fee = principal < full.principalMinor()
                ? Rounding.halfUp(full.feeMinor(), principal, full.principalMinor())
                : full.feeMinor();
        return Optional.of(new Part(number, bill, principal, fee, principal + fee == 0));
    }

    /** The same with the parts sealed that a bill lists. */
    public Loan sealedBy(Bill bill) {
        return with(
                unbilledMinor,
                holds,
                parts.stream()
                        .map(part -> bill.lists(id(), part.number()) ? part.seal() : part)
                        .toList());
    }

    /** The same with what billing, refunds and early repayments change on it; billing took the parts that are there. */
    public Loan with(long newUnbilledMinor, Map<AttemptId, Hold> newHolds, List<Part> newParts) {
        return new Loan(
                key,
                currency,
                order,
                openedAt,
                principalMinor,
                plan,
                newUnbilledMinor,
                newHolds,
                finished,
                newParts.size(),
                newParts);
    }
}
