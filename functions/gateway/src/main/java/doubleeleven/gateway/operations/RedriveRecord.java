package doubleeleven.gateway.operations;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * A redrive as the control table keeps it.
 *
 * @param id of the call that asked for it
 * @param key id of the operator's API key
 * @param most how many messages; empty for all
 * @param result what came of it; ASKED where that is not known
 */
public record RedriveRecord(
        String id, Instant at, String key, DeadLetterQueue queue, String reason, OptionalInt most, String result) {
    static final String ASKED = "ASKED";

    RedriveRecord with(String otherResult) {
        return new RedriveRecord(id, at, key, queue, reason, most, otherResult);
    }

    /** Where redrives are on record. */
    public interface Store {
        void record(RedriveRecord redrive);

        void conclude(RedriveRecord redrive);

        /** Redrives of a queue on that day and the one before, the latest first, no more than a preview shows. */
        List<RedriveRecord> recent(DeadLetterQueue queue, Instant now);
    }
}
