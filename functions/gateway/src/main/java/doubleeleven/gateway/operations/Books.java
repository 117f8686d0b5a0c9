package doubleeleven.gateway.operations;

import doubleeleven.account.Entry;
import doubleeleven.ids.AttemptId;
import doubleeleven.payment.Branch;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Payment items and accounts as operators see them. Reads by key are strong; each write is one conditional write on one item. */
public interface Books {
    /** What reading one payment item came to. */
    sealed interface Sight {
        record Seen(JournalItem item) implements Sight {}

        /** It is there, and no schema fits it. */
        record Unreadable(String why) implements Sight {}
    }

    /** What lies on an account for one attempt. */
    enum Lying {
        HOLD,
        INCOMING,
        /** Confirmed or cancelled before. */
        TOMBSTONE,
        NOTHING,
        NO_ACCOUNT
    }

    /** What became of a payee's entry. */
    enum Credited {
        NOT_YET,
        /** Written, and waits for posting. */
        ENTERED,
        POSTED
    }

    /** A unit's open payments in no order. Hints. */
    Stream<OpenHint> open(String unit);

    /** Items by their keys; what does not exist is left out. */
    Map<String, Sight> read(List<String> keys);

    Lying lyingOn(Branch branch, AttemptId attempt);

    Credited credited(Entry expected);

    /** Adds to the record of an item that still has the status, the attempt and the record that were seen. */
    boolean record(JournalItem seen, Operated operated);

    /** Says what came of an action that {@link #record} put on record. */
    void conclude(JournalItem seen, Operated operated);

    /** TRYING to ABORTED, past its deadline, with the record of who did it in the same write. */
    boolean abort(JournalItem seen, Operated operated, Instant phaseTwoDue);
}
