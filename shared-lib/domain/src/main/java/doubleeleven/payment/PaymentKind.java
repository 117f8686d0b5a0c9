package doubleeleven.payment;

/** What a payment moves, and in which direction. All kinds run the same protocol. */
public enum PaymentKind {
    /** From a customer's funding sources to a merchant. */
    PAYMENT,
    /** From the merchant back to the customer, never more than was paid. */
    REFUND,
    /** From outside into an account. */
    DEPOSIT,
    /** From a customer's balance to another customer's, whichever units serve the two. */
    TRANSFER,
    /** From a customer's balance to the customer's credit line, and to the lender what credit costs. */
    REPAYMENT;

    /** A customer's money leaves by it: risk judges it, and remembers it. */
    public boolean spends() {
        return this == PAYMENT || this == TRANSFER;
    }

    /** Money goes back to whom it came from: taken on while new payments are refused. */
    public boolean givesBack() {
        return this == REFUND || this == REPAYMENT;
    }
}
