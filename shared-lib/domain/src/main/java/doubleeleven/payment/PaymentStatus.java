package doubleeleven.payment;

/** Where a payment stands. {@link Lifecycle} lists how it gets from one to the next. */
public enum PaymentStatus {
    /** Claimed by one attempt; holds are being taken. */
    TRYING,
    /** Decided: the attempt's holds will be confirmed. */
    COMMITTED,
    /** Decided: the attempt's holds will be given back. */
    ABORTED,
    /** Terminal: confirmed, and the payee credited. */
    SUCCEEDED,
    /** Terminal for the attempt: everything given back. The order may be claimed by another attempt. */
    CLOSED;

    public boolean isDecided() {
        return this == COMMITTED || this == ABORTED;
    }

    public boolean isTerminal() {
        return this == SUCCEEDED || this == CLOSED;
    }

    /** The attempt in the item was, or is being, paid. */
    public boolean isPaid() {
        return this == COMMITTED || this == SUCCEEDED;
    }
}
