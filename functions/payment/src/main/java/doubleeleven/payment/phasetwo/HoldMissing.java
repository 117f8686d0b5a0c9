package doubleeleven.payment.phasetwo;

import doubleeleven.account.AccountKey;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;

/** Confirm met neither the hold nor its tombstone. Money would have to be guessed, so an operator must look: alarm, never guess. */
public final class HoldMissing extends RuntimeException {
    private static final long serialVersionUID = 1;

    HoldMissing(OrderHash order, AttemptId attempt, AccountKey account) {
        super("payment " + order + " is committed, but attempt " + attempt + " has neither hold nor tombstone on "
                + account);
    }
}
