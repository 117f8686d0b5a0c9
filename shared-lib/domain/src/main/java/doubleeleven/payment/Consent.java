package doubleeleven.payment;

/**
 * How the payer agreed, recorded with the payment.
 *
 * @param id the token's {@code jti}, or the mandate's id
 */
public record Consent(Kind kind, String id) {
    public enum Kind {
        TOKEN,
        MANDATE
    }
}
