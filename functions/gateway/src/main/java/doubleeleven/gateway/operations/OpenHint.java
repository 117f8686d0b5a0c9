package doubleeleven.gateway.operations;

import doubleeleven.payment.PaymentStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * An open payment as the index of open payments shows it.
 *
 * @param key of its item
 * @param status as text, because what no schema can read stays in the index too
 * @param since when it was claimed
 * @param dueAt when recovery looks next
 */
public record OpenHint(String key, String status, Instant since, Optional<Instant> decidedAt, Instant dueAt) {
    /** Oldest first; the key makes the order one that a page can go on in. */
    static final Comparator<OpenHint> OLDEST_FIRST =
            Comparator.comparing(OpenHint::since).thenComparing(OpenHint::key);

    /** How long phase two has after the decision, as whoever decides stamps it. */
    static final Duration PHASE_TWO = Duration.ofSeconds(5);
    /** Recovery ends a payment within a minute after its deadline; what is open then is stuck. */
    public static final Duration STUCK = Duration.ofSeconds(60);

    /** When it must have been decided, or its phase two have ended. Unlike the due time, recovery does not move it. */
    public Instant deadline() {
        return status.equals(PaymentStatus.TRYING.name())
                ? dueAt
                : decidedAt.map(decided -> decided.plus(PHASE_TWO)).orElse(dueAt);
    }

    public boolean isLate(Instant now) {
        return deadline().isBefore(now);
    }

    boolean isStuck(Instant now) {
        return deadline().plus(STUCK).isBefore(now);
    }
}
