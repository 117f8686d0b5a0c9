package doubleeleven.gateway.stress;

import java.time.Duration;

/** The time of one slice, and what runs at once in it. */
public interface Pace {
    /** Since the slice began. */
    Duration elapsed();

    /** Waits until so much has passed since the slice began; not at all where it has. */
    void await(Duration since);

    /**
     * Begins a call beside those that are under way.
     *
     * @return false where too many are
     */
    boolean begin(Runnable call);

    /** Waits for all that are under way. */
    void finish();
}
