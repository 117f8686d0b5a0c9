package doubleeleven.payment.phasetwo;

import doubleeleven.ids.OrderHash;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;

/**
 * Finishes what was left open. A unit looks after its own payments as they fall due, after those of the units it stands by for a little
 * later, and after everybody else's last of all: a dead unit's payments are finished by others without anybody having to notice first.
 */
public final class Recovery {
    private final Payments payments;
    private final Consumer<SettlementTask> phaseTwo;
    private final Consumer<Payment> listeners;
    private final Setbacks setbacks;
    private final Clock clock;
    private final int workers;

    /**
     * Creates a recovery.
     *
     * @param phaseTwo sends a task to the phase-two queue: phase two always goes through it
     * @param listeners tells those who want to know of a decision and may not have heard of it: a payment that is late was perhaps
     *     decided where no relay works any more
     * @param workers how many payments are brought on at once; each waits for the database most of its time
     */
    public Recovery(
            Payments payments,
            Consumer<SettlementTask> phaseTwo,
            Consumer<Payment> listeners,
            Setbacks setbacks,
            Clock clock,
            int workers) {
        this.payments = payments;
        this.phaseTwo = phaseTwo;
        this.listeners = listeners;
        this.setbacks = setbacks;
        this.clock = clock;
        this.workers = workers;
    }

    /**
     * What one look at the index came to.
     *
     * @param aborted payments past their deadline that this sweep decided
     * @param driven decided payments whose phase two was asked for again
     * @param failed payments that could not be read or brought on
     */
    public record Sweep(int aborted, int driven, int failed) {
        public static final Sweep NONE = new Sweep(0, 0, 0);

        public Sweep plus(Sweep other) {
            return new Sweep(aborted + other.aborted, driven + other.driven, failed + other.failed);
        }
    }

    /**
     * Looks once at all of one unit's open payments. One that fails is reported and left to the next sweep.
     *
     * @param patience how long after its due time a payment is left to those nearer to it
     * @param timeIsLeft asked before each payment; once it is not, the rest is left to the next sweep
     */
    public Sweep sweep(String unit, Duration patience, BooleanSupplier timeIsLeft) {
        Instant by = clock.instant().minus(patience);
        return payments.due(unit, by)
                .takeWhile(key -> timeIsLeft.getAsBoolean())
                .gather(Gatherers.mapConcurrent(workers, key -> recover(key, by)))
                .reduce(Sweep.NONE, Sweep::plus);
    }

    /** How long a unit's oldest open payment is open, whether it is due now or was only just postponed. */
    public Duration oldest(String unit) {
        Instant now = clock.instant();
        return payments.oldestOpen(unit)
                .filter(since -> since.isBefore(now))
                .map(since -> Duration.between(since, now))
                .orElse(Duration.ZERO);
    }

    private Sweep recover(String key, Instant by) {
        String trace = null;
        try {
            Payment payment = payments.find(new OrderHash(key)).orElse(null);
            if (payment == null || !isDue(payment, by)) {
                return Sweep.NONE;
            }
            trace = traceOf(payment);
            return recover(payment, clock.instant());
        } catch (RuntimeException e) {
            setbacks.notRecovered(key, trace, e);
            return new Sweep(0, 0, 1);
        }
    }

    private Sweep recover(Payment payment, Instant now) {
        if (payment.status() == PaymentStatus.TRYING) {
            if (!payments.abort(payment.order(), payment.attempt(), DeclineReason.EXPIRED, now)) {
                return Sweep.NONE;
            }
            phaseTwo.accept(taskFor(payment));
            return new Sweep(1, 0, 0);
        }
        // The later the payment, the longer until the next look: a backlog is not fed by those who watch it.
        if (!payments.postpone(payment, now.plus(backoff(payment, now)))) {
            return Sweep.NONE;
        }
        // Before the payment is driven: once it is finished no sweep finds it again.
        tell(payment);
        phaseTwo.accept(taskFor(payment));
        return new Sweep(0, 1, 0);
    }

    /** Money does not wait for those who only listen. */
    private void tell(Payment payment) {
        try {
            listeners.accept(payment);
        } catch (RuntimeException e) {
            setbacks.notTold(payment, e);
        }
    }

    private static SettlementTask taskFor(Payment payment) {
        return new SettlementTask(payment.order(), payment.attempt(), List.of(), traceOf(payment));
    }

    private static @Nullable String traceOf(Payment payment) {
        return payment.command() == null ? null : payment.command().trace();
    }

    private static Duration backoff(Payment payment, Instant now) {
        Duration age = payment.decidedAt() == null ? Duration.ZERO : Duration.between(payment.decidedAt(), now);
        return Duration.ofSeconds(Math.clamp(age.toSeconds() / 2, 5, 60));
    }

    private static boolean isDue(Payment payment, Instant by) {
        return !payment.status().isTerminal()
                && payment.dueAt() != null
                && !payment.dueAt().isAfter(by);
    }
}
