package doubleeleven.payment.phasetwo;

import doubleeleven.account.Entry;
import doubleeleven.account.Tombstone;
import doubleeleven.credit.Loan;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Branch;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** The items that holds lie on, payees' entries and payers' loans. */
public interface Accounts {
    /** Takes the hold, or adds the announced credit, and leaves a tombstone. */
    Applied confirm(Branch branch, AttemptId attempt, OrderHash order, Instant now);

    /** Gives the hold back, or withdraws the announced credit, and leaves a tombstone also where there was none. */
    Applied cancel(Branch branch, AttemptId attempt, OrderHash order, Instant now);

    /** Writes a payee's entry once; a second write of the same entry changes nothing. */
    void credit(Entry entry);

    /** Writes down once what a payer borrowed; a second write of the same loan changes nothing. */
    void lend(Loan loan);

    /** Removes tombstones. */
    void prune(Branch branch, Set<AttemptId> attempts);

    /** What one write on an account met. */
    sealed interface Applied {
        /**
         * The write took effect.
         *
         * @param tombstones all that lie on the item now
         */
        record Done(Map<AttemptId, Tombstone> tombstones) implements Applied {}

        /** An earlier delivery did it: the tombstone is there. */
        record DoneBefore() implements Applied {}

        /** The item does not exist, so nothing can be held on it. */
        record NoAccount() implements Applied {}

        /** Neither hold nor tombstone, and none could be left. This must never be: it is reported, never guessed. */
        record NothingThere() implements Applied {}
    }
}
