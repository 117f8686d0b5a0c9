package doubleeleven.gateway.failover;

/** What a step came to, and what comes next. */
public record Turn(Next next, Failover failover) {
    /** Where a workflow goes on. */
    public enum Next {
        /** With the step that follows. */
        ON,
        /** With the same step, after a pause. */
        AGAIN,
        /** With the withdrawal of what was tried. */
        UNDO,
        /** Nowhere: the state of the failover is its last. */
        END
    }
}
