package doubleeleven.account;

import doubleeleven.ids.Shard;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an item that holds money lies: an account of a customer or a merchant, or a payment item (whose refundable rest is held like an
 * account's money), which has no sort key.
 */
public record AccountKey(String pk, @Nullable String sk) implements Comparable<AccountKey> {
    public static final String PROFILE = "PROFILE";
    public static final String BALANCE = "BALANCE";
    /** Sort key of a customer's credit line. */
    public static final String CREDIT = "CREDIT";

    private static final String CUSTOMER = "#C#";
    /** Digits of a shard. */
    private static final int SHARD = 2;

    private static final String COUPON = "COUPON#";
    private static final String MANDATE = "MANDATE#";

    public static AccountKey profileOfCustomer(String customer) {
        return new AccountKey(partitionOf(customer), PROFILE);
    }

    public static AccountKey balanceOf(String customer) {
        return new AccountKey(partitionOf(customer), BALANCE);
    }

    public static AccountKey creditLineOf(String customer) {
        return new AccountKey(partitionOf(customer), CREDIT);
    }

    public static AccountKey couponOf(String customer, String coupon) {
        return new AccountKey(partitionOf(customer), COUPON + coupon);
    }

    public static AccountKey mandateOf(String customer, String mandate) {
        return new AccountKey(partitionOf(customer), MANDATE + mandate);
    }

    public static AccountKey profileOfMerchant(String merchant) {
        return new AccountKey("M#" + merchant, PROFILE);
    }

    /** One bucket of a merchant's balance; a busy merchant has many, so that neither its credits nor its refunds meet on one item. */
    public static AccountKey bucketOf(String merchant, int bucket) {
        return new AccountKey(bucketPartition(merchant, bucket), BALANCE);
    }

    /** The partition that a bucket's balance shares with its entries. */
    public static String bucketPartition(String merchant, int bucket) {
        return "M#" + merchant + "#" + bucket;
    }

    /** The customer whose account it is; none for merchants' and for payment items. */
    public Optional<String> customer() {
        return pk.startsWith(CUSTOMER, SHARD) ? Optional.of(pk.substring(SHARD + CUSTOMER.length())) : Optional.empty();
    }

    /** Whether a customer owes what is taken from it. */
    public boolean isCreditLine() {
        return CREDIT.equals(sk);
    }

    /** The partition of everything that belongs to a customer. */
    public static String partitionOf(String customer) {
        return Shard.of(customer) + CUSTOMER + customer;
    }

    @Override
    public int compareTo(AccountKey other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return sk == null ? pk : pk + "/" + sk;
    }
}
