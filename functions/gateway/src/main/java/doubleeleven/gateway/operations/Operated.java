package doubleeleven.gateway.operations;

import doubleeleven.ids.AttemptId;
import java.time.Instant;

/**
 * What an operator did about a payment, as its item keeps it.
 *
 * @param id of the call that asked for it
 * @param key id of the operator's API key
 * @param reason the operator's own words
 * @param attempt which owned the order at the time
 */
public record Operated(
        String id, Instant at, String key, Action action, String reason, AttemptId attempt, Result result) {
    /** What may be done by hand. */
    public enum Action {
        /** Phase two was asked for again. */
        RETRY,
        /** The payment was aborted. */
        ABORT
    }

    /** What came of it. */
    public enum Result {
        /** On record, and nothing is known of what came of it: the operator's call may have died in the middle. */
        ASKED,
        /** The unit's queue, or its standby's, took the message. */
        SENT,
        /** No queue took the message. */
        NOT_SENT,
        /** The abort and this record are one write. */
        ABORTED
    }
}
