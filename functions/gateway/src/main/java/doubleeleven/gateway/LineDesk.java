package doubleeleven.gateway;

import doubleeleven.account.Fund;
import doubleeleven.gateway.operations.CreditLines;
import doubleeleven.gateway.operations.CreditLines.Action;
import doubleeleven.gateway.operations.CreditLines.Change;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What operators do to credit lines. */
final class LineDesk {
    /** A line changes with every payment on credit; so many lost rounds in a row mean that it is better to ask again. */
    private static final int ROUNDS = 5;

    private final CreditLines lines;
    private final OperatorJournal journal;
    private final Clock clock;

    LineDesk(CreditLines lines, Journal journal, Clock clock) {
        this.lines = lines;
        this.journal = new OperatorJournal(journal);
        this.clock = clock;
    }

    Checked<Answer> changeLimit(Call call) {
        return OperationsRequests.Limit.read(call.body())
                .then(request -> change(call, Action.CHANGE_LIMIT, request.limitMinor(), request.reason()));
    }

    Checked<Answer> freeze(Call call) {
        return byReason(call, Action.FREEZE);
    }

    Checked<Answer> thaw(Call call) {
        return byReason(call, Action.THAW);
    }

    Checked<Answer> close(Call call) {
        return byReason(call, Action.CLOSE);
    }

    private Checked<Answer> byReason(Call call, Action action) {
        return OperationsRequests.Retry.read(call.body()).then(request -> change(call, action, null, request.reason()));
    }

    private Checked<Answer> change(Call call, Action action, @Nullable Long limitMinor, String reason) {
        String customer = call.variable("customer");
        Change change =
                new Change(call.trace().spanId(), clock.instant(), call.caller().keyId(), action, limitMinor, reason);
        for (int round = 0; round < ROUNDS; round++) {
            Optional<Fund> line = lines.find(customer);
            Optional<Problem> problem = line.isEmpty() ? Optional.of(Problem.notFound()) : refusal(line.get(), change);
            if (problem.isPresent()) {
                return new Checked.Refused<>(problem.get());
            }
            lines.record(customer, change);
            if (lines.apply(line.orElseThrow(), change)) {
                journal.acted(call, "CREDIT_" + action, Map.of());
                return new Checked.Passed<>(Answer.of(200, body(customer, change)));
            }
        }
        return new Checked.Refused<>(Problem.of(
                        ProblemType.ATTEMPT_CONTENDED, "The line kept changing. Make the same call again in a moment.")
                .retrySoon());
    }

    private static Optional<Problem> refusal(Fund line, Change change) {
        if (change.action() != Action.THAW && Fund.CLOSED.equals(line.frozen())) {
            return Optional.of(Problem.of(ProblemType.NOTHING_TO_DO, "The line is closed."));
        }
        return switch (change.action()) {
            case CHANGE_LIMIT -> {
                long used = line.outstandingMinor() + line.heldMinor();
                long least = Math.max(1, used);
                Long limit = change.limitMinor();
                yield refusedUnless(
                        limit != null && limit >= least,
                        Problem.invalid(
                                "limit",
                                "must be an integer from " + least + " to " + Limits.MOST_MINOR + "; " + used
                                        + " is owed or held"));
            }
            case FREEZE ->
                refusedUnless(
                        !Fund.OPERATOR.equals(line.frozen()),
                        Problem.of(ProblemType.NOTHING_TO_DO, "The line is frozen by an operator."));
            case THAW ->
                refusedUnless(
                        Fund.OPERATOR.equals(line.frozen()),
                        Problem.of(
                                ProblemType.NOTHING_TO_DO,
                                line.frozen() == null
                                        ? "The line is not frozen."
                                        : "Only what an operator froze is thawed by one; this line is " + line.frozen()
                                                + "."));
            case CLOSE ->
                refusedUnless(
                        line.outstandingMinor() == 0
                                && line.heldMinor() == 0
                                && line.incoming().isEmpty(),
                        Problem.of(
                                ProblemType.DECISION_NOT_SAFE,
                                "A line is closed when nothing is owed or under way on it; " + line.outstandingMinor()
                                        + " is owed and " + line.heldMinor() + " held."));
        };
    }

    private static Optional<Problem> refusedUnless(boolean allowed, Problem problem) {
        return allowed ? Optional.empty() : Optional.of(problem);
    }

    private static Map<String, Object> body(String customer, Change change) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("customer", customer);
        body.put("action", change.action().name());
        if (change.limitMinor() != null) {
            body.put("limit", change.limitMinor());
        }
        body.put("at", change.at().toString());
        body.put("key", change.key());
        body.put("reason", change.reason());
        body.put("links", Map.of("credit", "/customers/" + customer + "/credit"));
        return body;
    }
}
