package doubleeleven.payment.phasetwo;

import doubleeleven.payment.Payee;
import java.time.Instant;

/** Asks for a payee's new entries to be taken into the balance. */
@FunctionalInterface
public interface Postings {
    /**
     * Returns once the request is durable.
     *
     * @param from when the payment was decided
     * @param trace the payment's trace
     */
    void request(Payee payee, Instant from, String trace);
}
