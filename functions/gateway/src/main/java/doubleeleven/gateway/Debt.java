package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import doubleeleven.credit.RefundSplit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a payment on credit left to be paid back: the loan, and the bills that may list parts of it. */
record Debt(Loan loan, Credits.Bills bills) {
    /** Where so much of it goes when it is given back. */
    RefundSplit split(long amountMinor) {
        return RefundSplit.of(amountMinor, loan, bills.statements(), bills.owed());
    }

    /** The principal of the bills that list the loan. */
    List<Owed> billed() {
        Set<AccountKey> listing = bills.statements().stream()
                .filter(bill -> bill.principalOf(loan.id()) > 0)
                .map(bill -> Owed.keyOf(bill.key(), Owed.Kind.PRINCIPAL))
                .collect(Collectors.toSet());
        return bills.owed().stream()
                .filter(owed -> listing.contains(owed.key()))
                .toList();
    }
}
