package doubleeleven.account;

import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import java.time.Instant;
import org.joda.money.CurrencyUnit;
import org.jspecify.annotations.Nullable;

/**
 * The credit of one payment to its payee, written once: its key is made of the attempt and the time of its decision, both fixed by then.
 *
 * @param posted the batch that took it into the balance, or null
 */
public record Entry(
        String partition,
        String sortKey,
        long amountMinor,
        CurrencyUnit currency,
        OrderHash order,
        @Nullable Long posted) {
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
                null);
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
