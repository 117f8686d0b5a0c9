package doubleeleven.ids;

/**
 * One request to pay one order. A client's retry carries the same idempotency key and content and so is the same attempt; another
 * amount, payer or source, or a new try after a decline, is another attempt of the same order.
 *
 * @param value 26 characters of base32
 */
public record AttemptId(String value) {
    public AttemptId {
        Ids.requireBase32("attempt", value);
    }

    /**
     * Names the attempt.
     *
     * @param order the order's key, which covers merchant and order number
     * @param idempotencyKey as the client sent it
     * @param fingerprint digest of payer, funding sources, amounts and payee
     */
    public static AttemptId of(OrderHash order, String idempotencyKey, String fingerprint) {
        return new AttemptId(Fingerprint.of("ATTEMPT", order.value(), idempotencyKey, fingerprint));
    }

    @Override
    public String toString() {
        return value;
    }
}
