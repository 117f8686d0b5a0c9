package doubleeleven.ids;

/**
 * The key of a payment item. It names the merchant's order and nothing else, so an order can be paid once, whoever pays.
 *
 * @param value 26 characters of base32
 */
public record OrderHash(String value) {
    public OrderHash {
        Ids.requireBase32("order hash", value);
    }

    /** The key of a merchant's order. */
    public static OrderHash ofOrder(String merchant, String order) {
        return new OrderHash(Fingerprint.of("PAYMENT", merchant, order));
    }

    /** The key of one refund of this order, by the merchant's own refund number. */
    public OrderHash refund(String refundNumber) {
        return new OrderHash(Fingerprint.of("REFUND", value, refundNumber));
    }

    /** The key of one refund of that merchant's share of this order: each of several payees has refund numbers of its own. */
    public OrderHash refund(String merchant, String refundNumber) {
        return new OrderHash(Fingerprint.of("REFUND", value, merchant, refundNumber));
    }

    /** The key of a deposit into an account, by the operator's own reference. */
    public static OrderHash ofDeposit(String owner, String reference) {
        return new OrderHash(Fingerprint.of("DEPOSIT", owner, reference));
    }

    /** The key of a transfer, by the number its caller gave it among the payer's. */
    public static OrderHash ofTransfer(String payer, String number) {
        return new OrderHash(Fingerprint.of("TRANSFER", payer, number));
    }

    /** The key of a repayment, by the number its caller gave it among the customer's. */
    public static OrderHash ofRepayment(String customer, String number) {
        return new OrderHash(Fingerprint.of("REPAYMENT", customer, number));
    }

    @Override
    public String toString() {
        return value;
    }
}
