package doubleeleven.risk.model;

/** What came of asking a model. */
public sealed interface Answer {
    String model();

    String version();

    /** From the question until the score; where it is missed, how long it was waited for. */
    long micros();

    /** It answered in time. */
    record Scored(String model, String version, double score, long micros) implements Answer {}

    /**
     * It did not.
     *
     * @param detail of a failure; else empty
     */
    record Missed(String model, String version, Cause cause, String detail, long micros) implements Answer {}

    /** Why a model's score is missing. */
    enum Cause {
        /** Cut off at the deadline. */
        LATE,
        /** Not asked: an earlier call of it has not come back yet. */
        BUSY,
        /** It threw, or said what is no number. */
        FAILED
    }
}
