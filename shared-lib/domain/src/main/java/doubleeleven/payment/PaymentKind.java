package doubleeleven.payment;

/** What a payment moves, and in which direction. All kinds run the same protocol. */
public enum PaymentKind {
    /** From a customer's funding sources to a merchant. */
    PAYMENT,
    /** From the merchant back to the customer, never more than was paid. */
    REFUND,
    /** From outside into an account. */
    DEPOSIT
}
