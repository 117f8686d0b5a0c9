package doubleeleven.account;

import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import java.time.Instant;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.jspecify.annotations.Nullable;

/**
 * The credit of one payment to one payee, written once: its key is made of the attempt and the time of its decision, both fixed by then.
 *
 * @param posted the batch that took it into the balance, or null
 * @param refundableMinor what refunds may still take of this payee's share; null where the payment has no other payee, and so its own
 *     refundable rest says it
 * @param holds refunds of this share under way, by their attempt
 */
public record Entry(
        String partition,
        String sortKey,
        long amountMinor,
        CurrencyUnit currency,
        OrderHash order,
        @Nullable Long posted,
        @Nullable Long refundableMinor,
        Map<AttemptId, Hold> holds) {
    private static final String PREFIX = "E#";

    public static Entry of(
            String merchant,
            int bucket,
            AttemptId attempt,
            Instant decidedAt,
            long amountMinor,
            CurrencyUnit currency,
            OrderHash order) {
        return new Entry(
                AccountKey.bucketPartition(merchant, bucket),
                sortKeyFrom(decidedAt) + "#" + attempt,
                amountMinor,
                currency,
                order,
                null,
                null,
                Map.of());
    }

    /** The same as one of several shares: its refunds are held on it, so that racing ones never exceed it. */
    public Entry asShare() {
        return new Entry(partition, sortKey, amountMinor, currency, order, posted, amountMinor, holds);
    }

    public AccountKey key() {
        return new AccountKey(partition, sortKey);
    }

    /** Whether an item of the account table with that sort key is an entry. */
    public static boolean isSortKey(String sortKey) {
        return sortKey.startsWith(PREFIX);
    }

    /** The lowest sort key of entries decided at that time or later: a poster reads a short range, never the whole partition. */
    public static String sortKeyFrom(Instant decidedAt) {
        return PREFIX + String.format("%013d", decidedAt.toEpochMilli());
    }

    /** Above every entry's sort key. */
    public static String sortKeyEnd() {
        return PREFIX + "~";
    }
}
