package doubleeleven.gateway.operations;

import doubleeleven.payment.Payment;
import org.jspecify.annotations.Nullable;

/** Asks phase two to look at a payment. */
@FunctionalInterface
public interface Settlements {
    /**
     * Sends a message to the phase-two queue of the unit that the payment is stamped with or, where that cannot be reached, of its standby.
     *
     * @throws RuntimeException where no queue took it
     */
    void ask(Payment payment, @Nullable String trace);
}
