package doubleeleven.rig;

/** What invokes a function by itself: a queue, or a Region's part of the payment table's stream. */
public interface Source {
    /** Such as {@code RZ01-a/phase-two}. */
    String name();

    /** The Region whose function it invokes. */
    String region();

    /**
     * Delivers one batch, if there is something to deliver now, and waits until it is handled.
     *
     * @return how many messages were delivered
     */
    int poll();
}
