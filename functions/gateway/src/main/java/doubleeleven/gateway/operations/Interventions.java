package doubleeleven.gateway.operations;

import doubleeleven.gateway.operations.Books.Sight;
import doubleeleven.gateway.operations.Operated.Action;
import doubleeleven.gateway.operations.Operated.Result;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.routing.Traffic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What operators may do about one payment. Each action is on the payment's item before it is carried out. */
public final class Interventions {
    /** An item that changes under every look is being worked on, which is what was wanted. */
    private static final int ROUNDS = 5;

    private final Books books;
    private final Settlements settlements;
    private final Traffic traffic;
    private final Clock clock;

    public Interventions(Books books, Settlements settlements, Traffic traffic, Clock clock) {
        this.books = books;
        this.settlements = settlements;
        this.traffic = traffic;
        this.clock = clock;
    }

    /**
     * Who wants something.
     *
     * @param id of the call
     * @param key id of the operator's API key
     * @param trace the call's W3C {@code traceparent}
     */
    public record Wish(String id, String key, String reason, String trace) {}

    /** A decision that somebody would like to be made. */
    public enum Decision {
        ABORT,
        COMMIT
    }

    /** The item as it is; empty where there is none. */
    public Optional<Sight> look(String key) {
        return Optional.ofNullable(books.read(List.of(key)).get(key));
    }

    public Explanation explain(JournalItem item) {
        return Explanation.of(item, books, traffic, clock.instant());
    }

    /** Asks phase two again, now and not only when recovery looks next. */
    public Intervention retry(String key, Predicate<JournalItem> meant, Wish wish) {
        return onItem(key, meant, this::retry, wish);
    }

    /** Aborts what nobody decided by its deadline. Nothing else is ever decided by hand. */
    public Intervention decide(String key, Predicate<JournalItem> meant, Decision decision, Wish wish) {
        return onItem(
                key,
                meant,
                (item, who) -> decision == Decision.ABORT
                        ? abort(item, who)
                        : new Intervention.NotSafe(
                                "COMMIT is never safe by hand: only the attempt's own workflow has seen that every hold was granted and that risk"
                                        + " agreed, and a payment committed without a hold would take money that is not there."),
                wish);
    }

    private Intervention onItem(
            String key,
            Predicate<JournalItem> meant,
            BiFunction<JournalItem, Wish, @Nullable Intervention> action,
            Wish wish) {
        for (int round = 0; round < ROUNDS; round++) {
            switch (look(key).orElse(null)) {
                case null -> {
                    return new Intervention.NoSuchPayment();
                }
                case Sight.Unreadable(String why) -> {
                    return new Intervention.NotSafe(
                            "Its item cannot be read, by phase two no more than here, so nothing can be said of what it would do: "
                                    + why);
                }
                case Sight.Seen(JournalItem item)
                when !meant.test(item) -> {
                    return new Intervention.NoSuchPayment();
                }
                case Sight.Seen(JournalItem item) -> {
                    Intervention intervention = action.apply(item, wish);
                    if (intervention != null) {
                        return intervention;
                    }
                }
            }
        }
        throw new IllegalStateException("payment " + key + " kept changing while an operator looked at it");
    }

    private @Nullable Intervention retry(JournalItem item, Wish wish) {
        Payment payment = item.payment();
        Instant now = clock.instant();
        if (payment.status().isTerminal()) {
            return new Intervention.NothingToDo("It is " + payment.status() + " since " + payment.finishedAt()
                    + ": phase two has nothing left to do.");
        }
        if (payment.status() == PaymentStatus.TRYING
                && now.isBefore(item.asHint().deadline())) {
            return new Intervention.NothingToDo("Its workflow may decide it until "
                    + item.asHint().deadline() + "; phase two leaves it alone until then.");
        }
        JournalItem before = item.before(wish.id());
        if (!item.has(wish.id())) {
            if (item.isFull()) {
                return full();
            }
            if (!books.record(item, operated(wish, now, Action.RETRY, payment, Result.ASKED))) {
                return null;
            }
        }
        try {
            settlements.ask(
                    payment,
                    payment.command() == null ? wish.trace() : payment.command().trace());
        } catch (RuntimeException e) {
            books.conclude(before, operated(wish, now, Action.RETRY, payment, Result.NOT_SENT));
            return new Intervention.NotSent(
                    "No phase-two queue took the message, neither the unit's nor its standby's: "
                            + e.getClass().getSimpleName() + ". The try is on record; recovery goes on as before.");
        }
        Operated sent = operated(wish, now, Action.RETRY, payment, Result.SENT);
        books.conclude(before, sent);
        return new Intervention.Done(before, sent);
    }

    private @Nullable Intervention abort(JournalItem item, Wish wish) {
        Payment payment = item.payment();
        Optional<Operated> own = item.operated().stream()
                .filter(each -> each.id().equals(wish.id()))
                .findFirst();
        if (own.isPresent()) {
            return new Intervention.Done(item.before(wish.id()), own.get());
        }
        if (payment.status() != PaymentStatus.TRYING) {
            return new Intervention.NotSafe(
                    "It was decided " + (payment.status().isPaid() ? "COMMITTED" : "ABORTED") + " at "
                            + payment.decidedAt() + " and is " + payment.status() + ": a decision is never reversed.");
        }
        Instant now = clock.instant();
        Instant deadline = item.asHint().deadline();
        if (now.isBefore(deadline)) {
            return new Intervention.NotSafe(
                    "Its workflow may still be at work and about to commit what the payer agreed to. It may be"
                            + " aborted by hand from " + deadline + " on, in "
                            + Duration.between(now, deadline).toSeconds() + " s; recovery does so by itself then.");
        }
        if (item.isFull()) {
            return full();
        }
        Operated aborted = operated(wish, now, Action.ABORT, payment, Result.ABORTED);
        return books.abort(item, aborted, now.plus(OpenHint.PHASE_TWO)) ? new Intervention.Done(item, aborted) : null;
    }

    private static Intervention full() {
        return new Intervention.TooMany(
                "Operators acted on this payment " + JournalItem.MOST_ACTIONS
                        + " times, the most that its record has room for. What did not help so often needs another remedy: explain it, and mend the cause.");
    }

    private static Operated operated(Wish wish, Instant now, Action action, Payment payment, Result result) {
        return new Operated(wish.id(), now, wish.key(), action, wish.reason(), payment.attempt(), result);
    }
}
