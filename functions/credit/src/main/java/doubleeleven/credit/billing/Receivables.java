package doubleeleven.credit.billing;

import doubleeleven.credit.Bill;
import doubleeleven.credit.Interest;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import doubleeleven.credit.Part;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/** What customers owe. All reads are strong; every write is one conditional write of one item, and may be repeated. */
public interface Receivables {
    /** All loans of a customer, oldest first. */
    List<Loan> loans(String customer);

    Optional<Bill> bill(String customer, YearMonth month);

    /** All bills of a customer and what is owed on them. */
    Bills bills(String customer);

    /**
     * Takes a part of a loan.
     *
     * @return false where another run took that part, or what is to be taken is held by now
     */
    boolean take(Loan loan, Part part);

    /** False where the month's bill is there already. */
    boolean put(Bill bill);

    /** Puts what is owed on a bill; what is there already stays as it is. */
    void put(Owed owed);

    /** Seals the parts of a loan that a bill lists. */
    void seal(Loan loan, Bill bill);

    /** Charges interest; nothing happens where another run charged any of its days. */
    void charge(Owed interest, Interest.Accrual accrual);
}
