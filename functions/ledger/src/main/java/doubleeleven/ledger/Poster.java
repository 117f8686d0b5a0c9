package doubleeleven.ledger;

import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import java.time.Instant;
import java.util.List;

/**
 * Takes entries into a bucket's balance, each exactly once, by single-item writes alone.
 *
 * <p>The order is what makes it safe: the batch number is read before the entries, so entries that another poster takes meanwhile make the
 * write fail; the balance names what it took until all of it is marked, so a crash is finished by whoever comes next.
 */
public final class Poster {
    /** Keeps the list of keys, and with it the balance item, small. */
    static final int BATCH_MAX = 50;
    /** Each lost round means that another poster got ahead; so many of them mean something is broken. */
    private static final int LOST_MAX = 50;

    private final Balances balances;

    public Poster(Balances balances) {
        this.balances = balances;
    }

    /**
     * Posts everything that was decided at that time or later.
     *
     * @return how many entries this call took
     */
    public int post(Bucket bucket, Instant from) {
        int posted = 0;
        int lost = 0;
        while (lost < LOST_MAX) {
            Fund balance = balances.read(bucket);
            finish(bucket, balance);
            long batch = balance.batch() == null ? 0 : balance.batch();
            List<Entry> entries = balances.unposted(bucket, from, BATCH_MAX);
            if (entries.isEmpty()) {
                return posted;
            }
            if (balances.take(bucket, batch, entries)) {
                posted += entries.size();
                markAll(bucket, entries.stream().map(Entry::sortKey).toList(), batch + 1);
            } else {
                lost++;
            }
        }
        throw new IllegalStateException("other posters kept getting ahead on " + bucket);
    }

    /** What an earlier poster took but did not get to mark. */
    private void finish(Bucket bucket, Fund balance) {
        List<String> posting = balance.posting();
        if (posting != null && balance.batch() != null) {
            markAll(bucket, posting, balance.batch());
        }
    }

    private void markAll(Bucket bucket, List<String> entries, long batch) {
        entries.forEach(entry -> balances.mark(bucket, entry, batch));
        balances.forget(bucket, batch);
    }
}
