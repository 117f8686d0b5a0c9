package doubleeleven.gateway.release;

/** What became of one run of a payment at a unit. The names are those of stored counts: they are added to, never renamed. */
public enum Ending {
    PAID,
    /** A source, or who asked, was refused. */
    DECLINED,
    /** Risk said no. */
    RISK_DECLINED,
    /** It was begun and nobody knows the end: somebody else has to find out. */
    OPEN,
    /** It could not be begun, broke, or ended because a part of the platform did. */
    FAILED;

    boolean isAnswer() {
        return this == PAID || this == DECLINED || this == RISK_DECLINED;
    }
}
