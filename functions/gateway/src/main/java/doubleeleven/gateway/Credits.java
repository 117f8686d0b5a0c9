package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.credit.Application;
import doubleeleven.credit.Bill;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/** What customers asked to borrow, and owe, as the gateway reads it. Every read sees whatever was written before it began. */
public interface Credits {
    Optional<Loan> findLoan(AccountKey key);

    Optional<Application> findApplication(String customer, String number);

    /** Takes an application down, or changes nothing and answers the one that is there. */
    Optional<Application> receive(Application application);

    /** A customer's loans that were opened at that time or later, oldest first. */
    List<Loan> loans(String customer, Instant openedFrom);

    /** A customer's bills of that month and later ones, oldest first. */
    Bills bills(String customer, YearMonth from);

    /**
     * Statements with what is owed on them.
     *
     * @param owed three for each statement, once billing is through with it
     */
    record Bills(List<Bill> statements, List<Owed> owed) {
        static final Bills NONE = new Bills(List.of(), List.of());
    }
}
