package doubleeleven.credit;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

/** What becomes of an amount that a customer wants to repay. */
public sealed interface Repayment {
    /**
     * The amount is spread over what is owed.
     *
     * @param shares in the order in which they were filled; they sum to the amount
     */
    record Allocated(List<Share> shares) implements Repayment {
        /** What the credit line gets back, in minor units. */
        public long principalMinor() {
            return Share.sum(shares.stream().filter(Share::principal).toList());
        }

        /** Fees and interest: what the lender gets, in minor units. */
        public long costMinor() {
            return Share.sum(shares) - principalMinor();
        }
    }

    /**
     * The amount is none that can be repaid now.
     *
     * @param most all that is owed and not held by another repayment or refund; zero where nothing is
     */
    record OutOfRange(Money least, Money most) implements Repayment {}

    /**
     * Fills the oldest bill first, on each bill its fees, then its interest, then its principal; then the oldest loan's unbilled principal. What
     * is held by others is left alone.
     *
     * @param owed on the customer's bills, in any order
     * @param loans of the customer, in any order
     * @throws IllegalArgumentException where something is owed in another currency
     */
    static Repayment of(Money amount, List<Owed> owed, List<Loan> loans) {
        CurrencyUnit currency = amount.getCurrencyUnit();
        Stream.concat(owed.stream().map(Owed::currency), loans.stream().map(Loan::currency))
                .filter(other -> !other.equals(currency))
                .findAny()
                .ifPresent(other -> {
                    throw new IllegalArgumentException("what is owed in " + other + " cannot be repaid in " + currency);
                });
        List<Share> most = Stream.concat(
                        owed.stream()
                                .sorted(Comparator.comparing(Owed::bill).thenComparing(Owed::kind))
                                .map(each -> new Share(
                                        each.key(), each.availableMinor(), each.kind() == Owed.Kind.PRINCIPAL)),
                        loans.stream()
                                .sorted(Comparator.comparing(Loan::id))
                                .map(loan -> new Share(loan.key(), loan.unbilledMinor(), true)))
                .toList();
        long amountMinor = amount.getAmountMinorLong();
        if (amountMinor <= 0 || amountMinor > Share.sum(most)) {
            return new OutOfRange(Money.ofMinor(currency, 1), Money.ofMinor(currency, Share.sum(most)));
        }
        return new Allocated(Share.fill(amountMinor, most));
    }
}
