package doubleeleven.payment.phasetwo;

import doubleeleven.account.AccountKey;
import doubleeleven.payment.Payment;
import org.jspecify.annotations.Nullable;

/** Hears of what failed without stopping the work around it. Somebody must look: nothing is lost silently. */
public interface Setbacks {
    /** A payment that recovery could not read or bring on. It stays in the index, so the next sweep tries again. */
    void notRecovered(String order, @Nullable String trace, RuntimeException cause);

    /** A decision that those who listen to decisions could not be told by recovery. It is told by the next sweep, if the payment is open then. */
    void notTold(Payment payment, RuntimeException cause);

    /** Old tombstones that stayed on an account. They cost room, not money; the account's next settlement tries again. */
    void notPruned(SettlementTask task, AccountKey account, RuntimeException cause);
}
