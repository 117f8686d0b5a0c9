package doubleeleven.gateway;

/**
 * How many second runs one environment begins beside first ones. Where everything is slow a second run helps nobody and is load besides;
 * so they stay a small part of all runs, however many payments are waited for.
 */
final class HedgeBudget {
    /** Second runs for each hundred payments: several times as many as are slower than the delay while all is well. */
    static final int PERCENT = 5;
    /** As many as it takes to give up on two units. */
    static final int BURST = 2 * Breaker.FAILURES;

    private static final int WHOLE = 100;

    private int level = BURST * WHOLE;

    /** A payment begins. */
    synchronized void earn() {
        level = Math.min(BURST * WHOLE, level + PERCENT);
    }

    /** Whether there is one to take, which is taken. */
    synchronized boolean take() {
        if (level < WHOLE) {
            return false;
        }
        level -= WHOLE;
        return true;
    }

    /** Undoes a {@link #take} that came to nothing. */
    synchronized void giveBack() {
        level = Math.min(BURST * WHOLE, level + WHOLE);
    }
}
