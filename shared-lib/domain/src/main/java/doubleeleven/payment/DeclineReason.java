package doubleeleven.payment;

/** Why an attempt was not paid. The names are part of the API and of stored items: they are added to, never renamed. */
public enum DeclineReason {
    INSUFFICIENT_FUNDS,
    NO_SUCH_ACCOUNT,
    CURRENCY_MISMATCH,
    EXPIRED_SOURCE,
    /** The amount exceeds what is left of the credit line. */
    CREDIT_LIMIT_EXCEEDED,
    /** The credit line is frozen: a bill is overdue, an operator froze it, or it is closed. */
    CREDIT_LINE_FROZEN,
    /** The repayment exceeds what is owed by now. */
    NOT_OWED,
    /** The account has as many open holds as it may have. */
    TOO_MANY_HOLDS,
    /** The refund exceeds what is left of the payment or of the payee's share, or the payment is not settled yet. */
    NOT_REFUNDABLE,
    /** The item changed between the refused write and the look at it; a new attempt may well succeed. */
    CONTENDED,
    /** The attempt was over when this request of it arrived. */
    ATTEMPT_OVER,
    /** The order has been tried too often. */
    TOO_MANY_ATTEMPTS,
    /** Another attempt owns the order. */
    SUPERSEDED,
    /** Nobody decided before the deadline. */
    EXPIRED,
    /** A step could not be carried out: a fault, not the customer's doing. */
    UNAVAILABLE,
    RISK_AMOUNT_LIMIT,
    RISK_VELOCITY_COUNT,
    RISK_VELOCITY_AMOUNT,
    /** A large payment that is too unusual for its payer. */
    RISK_ANOMALY,
    /** No risk decision came in time; without one nothing is paid. */
    RISK_UNAVAILABLE;

    /** True where the platform failed, so that the caller is told of a fault rather than a decline. */
    public boolean isFault() {
        return this == UNAVAILABLE || this == EXPIRED || this == RISK_UNAVAILABLE;
    }
}
