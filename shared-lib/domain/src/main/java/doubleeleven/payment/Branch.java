package doubleeleven.payment;

import doubleeleven.account.AccountKey;

/** One participant of a payment. The amount is in minor units of the payment's currency. */
public record Branch(BranchKind kind, AccountKey account, long amountMinor) {
    public Branch {
        if (amountMinor <= 0) {
            throw new IllegalArgumentException("a branch moves a positive amount: " + amountMinor);
        }
    }
}
