package doubleeleven.gateway.stress;

/** What became of one payment of the load. The names are those of stored reports: they are added to, never renamed. */
public enum Outcome {
    PAID,
    /** With reasons, as it should be. */
    DECLINED,
    /** Begun, and nobody knew the end in time. */
    OPEN,
    /** The shadow sheds load: its own limits of flow. */
    REFUSED,
    /** Our own answer of 500 or more. */
    FAILED,
    /** The mark was not taken, or the shadow gave no answer. */
    TURNED_AWAY,
    /** The door itself refused, before anything of ours: live callers go through the same. */
    DOOR_BUSY,
    /** The door, or the gateway that live callers share, broke. */
    DOOR_FAILED,
    /** No answer in time. */
    TIMED_OUT,
    /** No connection, or one that broke. */
    UNREACHED,
    /** An answer that is none to what was asked. */
    WRONG,
    /** Due, and never sent: too many before it were unanswered, or the door turned all of them away. */
    NOT_SENT;

    boolean isGood() {
        return this == PAID || this == DECLINED;
    }
}
