package doubleeleven.gateway.stress;

import java.util.Map;

/** The doors as any client calls them. */
@FunctionalInterface
public interface Doors {
    /** What came of a call. */
    sealed interface Reply {
        /**
         * An answer.
         *
         * @param ours whether the platform's own functions gave it, which say so by the trace that each answer carries: what the door itself
         *     answers looks the same otherwise
         */
        record Answered(int status, boolean ours, Map<String, ?> body) implements Reply {}

        /** None in time. */
        record TimedOut() implements Reply {}

        /** No connection, or one that broke. */
        record Unreached(String why) implements Reply {}
    }

    /**
     * Makes a call and waits for its answer.
     *
     * @param path below the door's address
     */
    Reply post(String door, String path, Map<String, String> headers, Map<String, ?> body);
}
