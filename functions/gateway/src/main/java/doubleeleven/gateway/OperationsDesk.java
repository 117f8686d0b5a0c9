package doubleeleven.gateway;

import doubleeleven.gateway.operations.Books.Sight;
import doubleeleven.gateway.operations.Explanation;
import doubleeleven.gateway.operations.Intervention;
import doubleeleven.gateway.operations.Interventions;
import doubleeleven.gateway.operations.Interventions.Wish;
import doubleeleven.gateway.operations.JournalItem;
import doubleeleven.gateway.operations.OpenPayments;
import doubleeleven.ids.PaymentId;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Open payments, for operators. */
final class OperationsDesk {
    /** Log lines and alarms name the item; only an API answer, with the shard before it, is a payment's id. */
    private static final Pattern KEY = Pattern.compile("[a-z2-7]{26}");

    private final OpenPayments open;
    private final Interventions interventions;
    private final List<String> units;
    private final OperatorJournal journal;
    private final Clock clock;

    OperationsDesk(OpenPayments open, Interventions interventions, List<String> units, Journal journal, Clock clock) {
        this.open = open;
        this.interventions = interventions;
        this.units = List.copyOf(units);
        this.journal = new OperatorJournal(journal);
        this.clock = clock;
    }

    Checked<Answer> list(Call call) {
        return OperationsRequests.Listing.read(call.queryFields(), units).then(listing -> {
            OpenPayments.Page page = open.list(new OpenPayments.Wanted(
                    listing.unit().map(List::of).orElse(units), listing.stuckOnly(), listing.limit(), listing.next()));
            Instant now = clock.instant();
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("at", now.toString());
            body.put(
                    "payments",
                    page.rows().stream()
                            .map(row -> OperationsRepresentation.of(row, now))
                            .toList());
            body.put("complete", page.complete());
            page.next().ifPresent(end -> body.put("next", OperationsRequests.Page.write(end)));
            return new Checked.Passed<>(Answer.of(200, body));
        });
    }

    Checked<Answer> explain(Call call) {
        Optional<Meant> meant = Meant.by(call.variable("id"));
        Optional<Sight> sight = meant.flatMap(known -> interventions.look(known.key()));
        return switch (sight.orElse(null)) {
            case Sight.Seen(JournalItem item)
            when meant.orElseThrow().test().test(item) -> {
                Explanation explanation = interventions.explain(item);
                yield new Checked.Passed<>(Answer.of(200, OperationsRepresentation.of(explanation, clock.instant())));
            }
            case Sight.Unreadable(String why) ->
                new Checked.Passed<>(Answer.of(
                        200,
                        OperationsRepresentation.unreadable(meant.orElseThrow().key(), why, clock.instant())));
            case Sight.Seen _ -> new Checked.Refused<>(Problem.notFound());
            case null -> new Checked.Refused<>(Problem.notFound());
        };
    }

    Checked<Answer> retry(Call call) {
        return OperationsRequests.Retry.read(call.body())
                .then(request -> answer(
                        call,
                        202,
                        Meant.by(call.variable("id"))
                                .map(meant ->
                                        interventions.retry(meant.key(), meant.test(), wish(call, request.reason())))));
    }

    Checked<Answer> decide(Call call) {
        return OperationsRequests.Forced.read(call.body())
                .then(request -> answer(
                        call,
                        200,
                        Meant.by(call.variable("id"))
                                .map(meant -> interventions.decide(
                                        meant.key(), meant.test(), request.decision(), wish(call, request.reason())))));
    }

    /** The call's own span tells its actions apart, also where a caller sends one trace with several calls. */
    static Wish wish(Call call, String reason) {
        return new Wish(
                call.trace().spanId(),
                call.caller().keyId(),
                reason,
                call.trace().toString());
    }

    private Checked<Answer> answer(Call call, int status, Optional<Intervention> intervention) {
        return switch (intervention.orElseGet(Intervention.NoSuchPayment::new)) {
            case Intervention.Done(JournalItem before, var operated) -> {
                // A repeated call is on record under whoever made the first one.
                journal.acted(
                        call,
                        operated.action().name(),
                        Map.of("payment", before.payment().order().value(), "key", operated.key()));
                Map<String, Object> body = new LinkedHashMap<>();
                body.put("id", before.id());
                body.put("operated", OperationsRepresentation.of(operated));
                body.put("links", Map.of("explanation", "/operations/payments/" + before.id()));
                yield new Checked.Passed<>(Answer.of(status, body));
            }
            case Intervention.NoSuchPayment _ -> new Checked.Refused<>(Problem.notFound());
            case Intervention.NothingToDo(String why) -> refused(call, ProblemType.NOTHING_TO_DO, why);
            case Intervention.NotSafe(String why) -> refused(call, ProblemType.DECISION_NOT_SAFE, why);
            case Intervention.TooMany(String why) -> refused(call, ProblemType.TOO_MANY_ACTIONS, why);
            case Intervention.NotSent(String why) -> refused(call, ProblemType.UNIT_UNREACHABLE, why);
        };
    }

    private Checked<Answer> refused(Call call, ProblemType type, String why) {
        return journal.refused(call, Problem.of(type, why));
    }

    /**
     * Which payment an address means.
     *
     * @param key of its item
     * @param test whether the item is the one that is meant
     */
    private record Meant(String key, Predicate<JournalItem> test) {
        static Optional<Meant> by(String id) {
            if (KEY.matcher(id).matches()) {
                return Optional.of(new Meant(id, item -> true));
            }
            return PaymentId.parse(id)
                    .map(known ->
                            new Meant(known.order().value(), item -> item.id().equals(id)));
        }
    }
}
