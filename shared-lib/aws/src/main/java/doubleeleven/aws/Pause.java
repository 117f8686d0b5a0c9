package doubleeleven.aws;

import java.time.Duration;

/** Real time that passes. */
public final class Pause {
    private Pause() {}

    /**
     * Waits; not at all where the duration is not positive.
     *
     * @throws IllegalStateException where the thread is interrupted, which nobody does while a function serves
     */
    public static void of(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a pause", e);
        }
    }
}
