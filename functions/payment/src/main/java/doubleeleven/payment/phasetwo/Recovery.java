package doubleeleven.payment.phasetwo;

import doubleeleven.ids.OrderHash;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finishes what was left open. A unit looks after its own payments as they fall due, after those of the units it stands by for a little
 * later, and after everybody else's last of all: a dead unit's payments are finished by others without anybody having to notice first.
 */
public final class Recovery {
    private final Payments payments;
    private final Consumer<SettlementTask> phaseTwo;
    private final Clock clock;

    /**
     * Creates a recovery.
     *
     * @param phaseTwo sends a task to the phase-two queue: phase two always goes through it
     */
    public Recovery(Payments payments, Consumer<SettlementTask> phaseTwo, Clock clock) {
        this.payments = payments;
        this.phaseTwo = phaseTwo;
        this.clock = clock;
    }

    /**
     * What one look at the index came to.
     *
     * @param aborted payments past their deadline that this sweep decided
     * @param driven decided payments whose phase two was asked for again
     * @param oldest how long the most overdue one had been due
     */
    public record Sweep(int aborted, int driven, Duration oldest) {
        public Sweep plus(Sweep other) {
            return new Sweep(
                    aborted + other.aborted,
                    driven + other.driven,
                    oldest.compareTo(other.oldest) > 0 ? oldest : other.oldest);
        }
    }

    /**
     * Looks once at one unit's open payments.
     *
     * @param patience how long after its due time a payment is left to those nearer to it
     */
    public Sweep sweep(String unit, Duration patience) {
        Instant now = clock.instant();
        Sweep sweep = new Sweep(0, 0, Duration.ZERO);
        for (OrderHash order : payments.due(unit, now.minus(patience))) {
            Optional<Payment> payment = payments.find(order).filter(found -> isDue(found, now.minus(patience)));
            if (payment.isPresent()) {
                sweep = sweep.plus(recover(payment.get(), now));
            }
        }
        return sweep;
    }

    private Sweep recover(Payment payment, Instant now) {
        Duration overdue = payment.dueAt() == null ? Duration.ZERO : Duration.between(payment.dueAt(), now);
        if (payment.status() == PaymentStatus.TRYING) {
            if (!payments.abort(payment.order(), payment.attempt(), DeclineReason.EXPIRED, now)) {
                return new Sweep(0, 0, overdue);
            }
            phaseTwo.accept(taskFor(payment));
            return new Sweep(1, 0, overdue);
        }
        // The later the payment, the longer until the next look: a backlog is not fed by those who watch it.
        if (!payments.postpone(payment, now.plus(backoff(payment, now)))) {
            return new Sweep(0, 0, overdue);
        }
        phaseTwo.accept(taskFor(payment));
        return new Sweep(0, 1, overdue);
    }

    private static SettlementTask taskFor(Payment payment) {
        return new SettlementTask(payment.order(), payment.attempt(), java.util.List.of());
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
