package doubleeleven.credit;

import doubleeleven.account.AccountKey;
import doubleeleven.ids.Shard;

/** Where the credit table notes who has a credit line, so that billing finds a shard's customers. An entry is written before its line. */
public final class LineRegister {
    private LineRegister() {}

    /** The partition of a shard's entries; their sort keys are the customers. */
    public static String partitionOf(Shard shard) {
        return "LINES#" + shard;
    }

    public static AccountKey keyOf(String customer) {
        return new AccountKey(partitionOf(Shard.of(customer)), customer);
    }
}
