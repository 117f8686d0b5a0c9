package doubleeleven.payment;

/**
 * Who is credited by an entry.
 *
 * @param bucket of the merchant's balance, where the entry lies
 * @param amountMinor the merchant's share of the payment, in minor units of its currency
 */
public record Payee(String merchant, int bucket, long amountMinor) {
    public Payee {
        if (amountMinor <= 0) {
            throw new IllegalArgumentException("a payee gets a positive amount: " + amountMinor);
        }
    }
}
