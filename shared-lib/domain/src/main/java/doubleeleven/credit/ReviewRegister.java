package doubleeleven.credit;

import doubleeleven.account.AccountKey;

/** Where the credit table notes which applications wait for an operator, the oldest first. An entry is written before the application waits. */
public final class ReviewRegister {
    public static final String PARTITION = "REVIEWS";

    private ReviewRegister() {}

    public static AccountKey keyOf(Application application) {
        return new AccountKey(
                PARTITION,
                String.format("%013d", application.receivedAt().toEpochMilli()) + "#" + application.customer() + "#"
                        + application.number());
    }
}
