package doubleeleven.payment;

/** What Try does on a branch's item. */
public enum BranchKind {
    /** Money of an account is held; Confirm takes it. */
    DEBIT,
    /** An incoming credit is announced; Confirm adds it. */
    CREDIT,
    /** A part of the refundable rest of the original payment is held, so that racing refunds never exceed what was paid. */
    REFUNDABLE,
    /**
     * A part of the refundable rest of one payee's share is held, on the entry that credited it, where several merchants share the original
     * payment. It is a limit, not money: no posting.
     */
    SHARE,
    /** A part of a mandate's allowance is held. It is a limit, not money: no posting. */
    ALLOWANCE,
    /**
     * A part of what a customer owes, on a loan or on a bill, is held, so that racing repayments and refunds never take more than is owed. It
     * is a limit, not money: no posting.
     */
    OWED;

    /** CREDIT opens {@code incoming}; every other kind takes a hold. */
    public boolean isHold() {
        return this != CREDIT;
    }

    /** Lies on an item that can be held on only where it can be refunded: without its maps it takes no hold and needs no fence. */
    public boolean isRefundLimit() {
        return this == REFUNDABLE || this == SHARE;
    }

    /** Its amount is one side of the payment's balanced postings. */
    public boolean isMoney() {
        return this == DEBIT || this == CREDIT;
    }
}
