package doubleeleven.routing;

/**
 * A limit as a token bucket: a call takes a token, tokens come back at a steady rate, and no more of them are kept than a burst may take.
 *
 * @param ratePerSecond calls a second that may go on for ever
 * @param burst calls that may come at once after a pause
 */
public record Flow(long ratePerSecond, long burst) {
    public Flow {
        requireRate("ratePerSecond", ratePerSecond);
        requireRate("burst", burst);
    }

    private static void requireRate(String name, long value) {
        if (value < 1 || value > RuleDraft.MOST_A_SECOND) {
            throw new IllegalArgumentException(name + " is from 1 to " + RuleDraft.MOST_A_SECOND + ", not " + value);
        }
    }
}
