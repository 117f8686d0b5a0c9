package doubleeleven.payment.phasetwo;

import doubleeleven.payment.PaymentStatus;

/** How a task ended. Each is final for its message. */
public sealed interface Settlement {
    /** Phase two is complete; the payment has this terminal status. */
    record Finished(PaymentStatus status) implements Settlement {}

    /** The attempt was over before; stray holds of it, if any were named, are cancelled now. */
    record AlreadyOver() implements Settlement {}

    /** Nobody decided yet and the deadline has not passed: recovery will look at the deadline. */
    record Undecided() implements Settlement {}

    /** The attempt never owned the order or lost it: it is aborted, and its holds are cancelled. */
    record Reclaimed() implements Settlement {}
}
