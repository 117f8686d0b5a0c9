package doubleeleven.ledger;

import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import java.time.Instant;
import java.util.List;

/** Balances of buckets and their entries. Every write is one conditional write that answers false where somebody else was first. */
public interface Balances {
    /** Reads the balance strongly. */
    Fund read(Bucket bucket);

    /** Reads entries decided at that time or later that are not posted, strongly; at most {@code max}. */
    List<Entry> unposted(Bucket bucket, Instant from, int max);

    /** Takes entries into the balance as one batch and remembers which, if no batch came between. */
    boolean take(Bucket bucket, long batch, List<Entry> entries);

    /** Marks an entry as posted by a batch; marked before changes nothing. */
    void mark(Bucket bucket, String entrySortKey, long batch);

    /** Forgets which entries a batch took, once all are marked. */
    boolean forget(Bucket bucket, long batch);
}
