package doubleeleven.gateway;

import doubleeleven.gateway.operations.Reviews;
import doubleeleven.gateway.operations.Reviews.Waiting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Applications that no model could decide: an operator does. */
final class ReviewDesk {
    private static final int MOST = 50;

    private final Reviews reviews;
    private final OperatorJournal journal;

    ReviewDesk(Reviews reviews, Journal journal) {
        this.reviews = reviews;
        this.journal = new OperatorJournal(journal);
    }

    Checked<Answer> list(Call call) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(
                "applications",
                reviews.waiting(MOST).stream().map(ApplicationDesk::body).toList());
        return new Checked.Passed<>(Answer.of(200, body));
    }

    Checked<Answer> decide(Call call) {
        return OperationsRequests.Verdict.read(call.body()).then(verdict -> {
            Optional<Waiting> waiting = reviews.find(call.variable("customer"), call.variable("application"));
            if (waiting.isEmpty()) {
                return new Checked.Refused<>(
                        Problem.of(ProblemType.NOTHING_TO_DO, "No such application waits for a decision."));
            }
            long requested = waiting.get().application().requested().getAmountMinorLong();
            long limit = Objects.requireNonNullElse(verdict.limitMinor(), requested);
            if (limit > requested) {
                return new Checked.Refused<>(Problem.invalid(
                        "limit", "must be an integer from 1 to " + requested + ", what the customer asked for"));
            }
            return answer(call, verdict, limit, waiting.get());
        });
    }

    private Checked<Answer> answer(Call call, OperationsRequests.Verdict verdict, long limitMinor, Waiting waiting) {
        Map<String, Object> output = new LinkedHashMap<>();
        output.put("outcome", verdict.approved() ? "APPROVE" : "DECLINE");
        if (verdict.approved()) {
            output.put("limit", limitMinor);
        }
        output.put("review", Map.of("reviewer", call.caller().keyId(), "reason", verdict.reason()));
        return switch (reviews.answer(waiting, output)) {
            case TAKEN -> {
                journal.acted(call, "CREDIT_REVIEW", Map.of());
                yield new Checked.Passed<>(Answer.of(202, ApplicationDesk.body(waiting.application())));
            }
            case TOO_LATE ->
                new Checked.Refused<>(Problem.of(
                        ProblemType.NOTHING_TO_DO, "The application was decided in the meantime, or waited too long."));
            case UNREACHABLE -> new Checked.Refused<>(Problem.noUnit());
        };
    }
}
