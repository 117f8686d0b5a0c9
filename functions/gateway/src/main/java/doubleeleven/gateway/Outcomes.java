package doubleeleven.gateway;

import doubleeleven.gateway.Units.Outcome;
import doubleeleven.ids.AttemptId;
import doubleeleven.payment.Command;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what became of an attempt into the answer of the call that made it, the same for the first call and for every repetition. */
final class Outcomes {
    private final Dispatcher dispatcher;
    private final Payments payments;
    private final Journal journal;

    Outcomes(Dispatcher dispatcher, Payments payments, Journal journal) {
        this.dispatcher = dispatcher;
        this.payments = payments;
        this.journal = journal;
    }

    /**
     * Runs the attempt and answers, unless there is too much to do. A repetition asks for nothing new, so it is answered all the same:
     * it costs a read, and only where it would be refused.
     */
    Checked<Answer> run(Caller caller, Attempt attempt) {
        return switch (dispatcher.dispatch(caller, attempt)) {
            case Dispatcher.Fate.Refused(Problem problem) ->
                replay(attempt).orElseGet(() -> new Checked.Refused<>(problem));
            case Dispatcher.Fate.Nowhere() -> new Checked.Refused<>(Problem.noUnit());
            case Dispatcher.Fate.Known(Outcome outcome, List<String> reasons) -> {
                journal.count(
                        attempt.command().kind() + "_" + outcome,
                        "kind",
                        attempt.command().kind().name());
                yield outcome == Outcome.CONFLICT
                        ? conflict(attempt)
                        : answer(attempt.command(), outcome, Optional.empty(), reasons);
            }
        };
    }

    /** The stored outcome, where this very request was made before; what makes it refusable now no longer matters then. */
    Optional<Checked<Answer>> replay(Attempt attempt) {
        return replay(payments.find(attempt.order()), attempt.command(), attempt.id());
    }

    /** The same for an item that was read already, and for requests whose attempts are planned on what was seen. */
    Optional<Checked<Answer>> replay(Optional<Payment> item, Command asked, AttemptId attempt) {
        @Nullable Payment payment = item.orElse(null);
        @Nullable Command stored = payment == null ? null : payment.command();
        if (payment == null || stored == null) {
            return Optional.empty();
        }
        boolean own = payment.attempt().equals(attempt) || sameRequest(stored, asked);
        if (!own) {
            return Optional.empty();
        }
        return Optional.of(
                answer(stored, outcomeOf(payment.status()), Optional.of(payment.status()), payment.reasons()));
    }

    static boolean sameRequest(Command stored, Command asked) {
        return stored.key().equals(asked.key()) && stored.fingerprint().equals(asked.fingerprint());
    }

    static Outcome outcomeOf(PaymentStatus status) {
        return switch (status) {
            case TRYING -> Outcome.OPEN;
            case COMMITTED, SUCCEEDED -> Outcome.PAID;
            case ABORTED, CLOSED -> Outcome.DECLINED;
        };
    }

    /** Another attempt owns the order: maybe this same request in another guise, maybe this key with another content. */
    private Checked<Answer> conflict(Attempt attempt) {
        Optional<Payment> item = payments.find(attempt.order());
        return replay(item, attempt.command(), attempt.id())
                .orElseGet(() -> new Checked.Refused<>(superseded(item, attempt.command())));
    }

    /** Why an order that another attempt owns is refused to this one, which was never started. */
    static Problem inTheWay(Optional<Payment> item, Command asked) {
        Problem problem = refusal(
                item,
                asked,
                ProblemType.ORDER_IN_FLIGHT,
                "Another attempt is not settled yet. Nothing was started."
                        + " Make the same call again in a moment, with the same idempotency key.");
        return problem.type() == ProblemType.ORDER_IN_FLIGHT ? problem.retrySoon() : problem;
    }

    /** The same for an attempt that was started and lost: it is fenced off for good, even where the owner is declined later. */
    private static Problem superseded(Optional<Payment> item, Command asked) {
        return refusal(
                item,
                asked,
                ProblemType.ATTEMPT_SUPERSEDED,
                "Another attempt was at work on the order, so this one is over and took nothing."
                        + " Where the order stays unpaid, try again with a new idempotency key.");
    }

    private static Problem refusal(Optional<Payment> item, Command asked, ProblemType unpaid, String detail) {
        Optional<Command> owner = item.map(Payment::command);
        if (owner.filter(stored -> stored.key().equals(asked.key())).isPresent()) {
            return withLink(
                    Problem.of(
                            ProblemType.IDEMPOTENCY_KEY_REUSED,
                            "Use a new key for another request, and the same content with the same key."),
                    asked);
        }
        boolean paid = item.map(Payment::status).filter(PaymentStatus::isPaid).isPresent();
        Problem problem = paid
                ? Problem.of(ProblemType.ORDER_ALREADY_PAID, "Another attempt paid this order. It can be paid once.")
                : Problem.of(unpaid, detail);
        return withLink(problem, asked);
    }

    private static Problem withLink(Problem problem, Command asked) {
        return problem.withMore("links", Map.of("payment", Representation.address(asked)));
    }

    private static Checked<Answer> answer(
            Command command, Outcome outcome, Optional<PaymentStatus> stored, List<String> reasons) {
        if (outcome == Outcome.DECLINED) {
            Optional<Problem> problem = notDeclined(command, reasons);
            if (problem.isPresent()) {
                return new Checked.Refused<>(problem.get());
            }
        }
        PaymentStatus status = stored.orElse(
                switch (outcome) {
                    case PAID -> PaymentStatus.COMMITTED;
                    case DECLINED -> PaymentStatus.ABORTED;
                    case OPEN, CONFLICT -> PaymentStatus.TRYING;
                });
        Map<String, Object> body = Representation.of(command, status, reasons);
        String address = Representation.address(command);
        return new Checked.Passed<>(
                switch (outcome) {
                    case PAID -> Answer.of(201, body).with("Location", address);
                    case DECLINED -> Answer.of(200, body);
                    case OPEN, CONFLICT ->
                        Answer.of(202, body).with("Location", address).with("Retry-After", "1");
                });
    }

    /** What ended an attempt without anybody having said no to it. It is over, so each of these asks for a new key. */
    private static Optional<Problem> notDeclined(Command command, List<String> reasons) {
        if (reasons.equals(List.of(DeclineReason.SUPERSEDED.name()))) {
            return Optional.of(superseded(Optional.empty(), command));
        }
        boolean saidNo =
                reasons.stream().anyMatch(reason -> !isFault(reason) && !reason.equals(DeclineReason.CONTENDED.name()));
        if (saidNo || reasons.isEmpty()) {
            return Optional.empty();
        }
        Problem problem = reasons.stream().anyMatch(Outcomes::isFault)
                ? Problem.of(
                        ProblemType.ATTEMPT_FAILED,
                        "A fault of the platform ended this attempt; nothing was taken. Try again with a new idempotency key.")
                : Problem.of(
                        ProblemType.ATTEMPT_CONTENDED,
                        "Others changed an account at the same moment; nothing was taken. Try again with a new idempotency key.");
        return Optional.of(withLink(problem.withMore("reasons", reasons), command));
    }

    static boolean isFault(String reason) {
        return Arrays.stream(DeclineReason.values())
                .anyMatch(known -> known.name().equals(reason) && known.isFault());
    }
}
