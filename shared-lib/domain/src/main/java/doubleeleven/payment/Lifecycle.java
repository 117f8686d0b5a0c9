package doubleeleven.payment;

import static doubleeleven.payment.PaymentStatus.ABORTED;
import static doubleeleven.payment.PaymentStatus.CLOSED;
import static doubleeleven.payment.PaymentStatus.COMMITTED;
import static doubleeleven.payment.PaymentStatus.SUCCEEDED;
import static doubleeleven.payment.PaymentStatus.TRYING;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every transition of a payment item; there is no other. Each is one conditional write whose condition names {@link #from}.
 */
public enum Lifecycle {
    CLAIM(null, TRYING),
    /** Another attempt, after an earlier one was aborted and settled. */
    RECLAIM(CLOSED, TRYING),
    COMMIT(TRYING, COMMITTED),
    ABORT(TRYING, ABORTED),
    /** Recovery found a hold whose claim never landed: the attempt is aborted before its hold is touched. */
    ABORT_UNCLAIMED(null, ABORTED),
    FINISH_COMMIT(COMMITTED, SUCCEEDED),
    FINISH_ABORT(ABORTED, CLOSED);

    private final @Nullable PaymentStatus from;
    private final PaymentStatus to;

    Lifecycle(@Nullable PaymentStatus from, PaymentStatus to) {
        this.from = from;
        this.to = to;
    }

    /** The status the item must have; empty where it must not exist. */
    public Optional<PaymentStatus> from() {
        return Optional.ofNullable(from);
    }

    public PaymentStatus to() {
        return to;
    }

    /** The transition that ends phase two of a decided payment. */
    public static Lifecycle finishOf(PaymentStatus decided) {
        return Arrays.stream(new Lifecycle[] {FINISH_COMMIT, FINISH_ABORT})
                .filter(transition -> transition.from == decided)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a decided status: " + decided));
    }
}
