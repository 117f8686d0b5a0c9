package doubleeleven.gateway.failover;

/** The steps of the workflows {@code unit-failover} and {@code unit-failback}. */
public enum Step {
    /** AWAY: the rule says that the unit serves nobody. */
    FORBID,
    /** AWAY: what the unit left open ends. */
    SETTLE,
    /** BACK: the unit is asked, and refuses by the rule in force. */
    REACH,
    /** BACK: the unit gets one shard. */
    TRY_OUT,
    /** BACK: it serves that shard. */
    CHECK,
    /** BACK: it gets everything. */
    RESTORE,
    /** BACK: it gets nothing. */
    WITHDRAW,
    /** Each shard is paid for by a synthetic payment. */
    PROBE,
    /** What the workflow could not do. */
    GIVE_UP
}
