package doubleeleven.gateway.operations;

import doubleeleven.account.Fund;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Credit lines, as operators change them. Every change is on record before it is made, and is one conditional write. */
public interface CreditLines {
    /** What operators may do to a line. */
    enum Action {
        CHANGE_LIMIT,
        FREEZE,
        THAW,
        CLOSE
    }

    /**
     * A change as it is on record.
     *
     * @param id of the call that asked for it
     * @param key id of the operator's API key
     * @param limitMinor the new limit, of a change of the limit
     */
    record Change(
            String id,
            Instant at,
            String key,
            Action action,
            @Nullable Long limitMinor,
            String reason) {}

    /** Reads strongly. */
    Optional<Fund> find(String customer);

    void record(String customer, Change change);

    /**
     * Makes a change.
     *
     * @param seen the line that the change was asked for on; false where it is another one by now
     */
    boolean apply(Fund seen, Change change);
}
