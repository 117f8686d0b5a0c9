package doubleeleven.gateway;

import doubleeleven.gateway.operations.DeadLetterQueue;
import doubleeleven.gateway.operations.DeadLetters;
import doubleeleven.gateway.operations.DeadLetters.Depth;
import doubleeleven.gateway.operations.DeadLetters.Redriven;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Dead letters of this Region, for operators. */
final class DeadLetterDesk {
    private final DeadLetters deadLetters;
    private final OperatorJournal journal;

    DeadLetterDesk(DeadLetters deadLetters, Journal journal) {
        this.deadLetters = deadLetters;
        this.journal = new OperatorJournal(journal);
    }

    Checked<Answer> list(Call call) {
        return Fields.read(call.queryFields(), fields -> call)
                .then(asked -> new Checked.Passed<>(Answer.of(
                        200,
                        Map.of(
                                "queues",
                                deadLetters.list().stream()
                                        .map(OperationsRepresentation::of)
                                        .toList()))));
    }

    Checked<Answer> preview(Call call) {
        return OperationsRequests.Look.read(call.queryFields())
                .then(look -> onQueue(
                        call,
                        queue -> new Checked.Passed<>(Answer.of(
                                200, OperationsRepresentation.of(deadLetters.preview(queue, look.limit()))))));
    }

    Checked<Answer> redrive(Call call) {
        return OperationsRequests.Redrive.read(call.body())
                .then(request -> onQueue(call, queue -> redrive(call, queue, request)));
    }

    private Checked<Answer> redrive(Call call, DeadLetterQueue queue, OperationsRequests.Redrive request) {
        return switch (deadLetters.redrive(queue, request.most(), OperationsDesk.wish(call, request.reason()))) {
            case Redriven.Moving(Depth depth) -> done(call, 202, depth, "moving", depth.waiting());
            case Redriven.Moved(Depth depth, int messages) -> done(call, 200, depth, "moved", messages);
            case Redriven.NothingToDo(String why) -> new Checked.Refused<>(Problem.of(ProblemType.NOTHING_TO_DO, why));
            case Redriven.Nowhere(String why) -> new Checked.Refused<>(Problem.of(ProblemType.NOT_REDRIVABLE, why));
        };
    }

    private Checked<Answer> done(Call call, int status, Depth depth, String what, long messages) {
        journal.acted(call, "REDRIVE", Map.of("queue", depth.queue().name(), what, messages));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("queue", depth.queue().name());
        body.put("source", depth.queue().source().orElseThrow());
        body.put(what, messages);
        return new Checked.Passed<>(Answer.of(status, body));
    }

    private Checked<Answer> onQueue(Call call, Function<DeadLetterQueue, Checked<Answer>> action) {
        return deadLetters
                .find(call.variable("queue"))
                .map(action)
                .orElseGet(() -> new Checked.Refused<>(Problem.notFound()));
    }
}
