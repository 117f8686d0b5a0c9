package doubleeleven.credit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where the refund of a credit payment goes: it first takes away what is still owed for that payment, and only what was repaid already comes
 * back as money.
 *
 * @param owed what it takes from the loan and its bills; all of it principal, so the credit line gets it back
 * @param balanceMinor what the customer's balance gets
 */
public record RefundSplit(List<Share> owed, long balanceMinor) {
    /** What the credit line gets back, in minor units. */
    public long lineMinor() {
        return Share.sum(owed);
    }

    /**
     * Takes from the end of the loan's plan: first what is unbilled, then the principal owed on the bills that list the loan, newest first, from
     * each at most what it lists for the loan.
     *
     * @param creditMinor the part of the refund that was paid by credit
     * @param bills of the customer, in any order; those that do not list the loan do not matter
     * @param owed on those bills, in any order
     */
    public static RefundSplit of(long creditMinor, Loan loan, List<Bill> bills, List<Owed> owed) {
        List<Share> most = new ArrayList<>();
        most.add(new Share(loan.key(), loan.unbilledMinor(), true));
        for (Bill bill : bills.stream()
                .sorted(Comparator.comparing(Bill::month).reversed())
                .toList()) {
            owed.stream()
                    .filter(each -> each.key().equals(Owed.keyOf(bill.key(), Owed.Kind.PRINCIPAL)))
                    .map(each ->
                            new Share(each.key(), Math.min(each.availableMinor(), bill.principalOf(loan.id())), true))
                    .forEach(most::add);
        }
        List<Share> shares = Share.fill(creditMinor, most);
        return new RefundSplit(shares, creditMinor - Share.sum(shares));
    }
}
