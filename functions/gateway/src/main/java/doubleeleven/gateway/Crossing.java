package doubleeleven.gateway;

import doubleeleven.routing.Traffic;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Where live and shadow traffic part, before anything else of a call is looked at. What carries a mark never goes on as live, good or bad;
 * what carries no good one never goes on as shadow, whoever sent it. What anybody may read is no traffic: it is read where it is asked for.
 */
final class Crossing {
    private static final String MARK = "Double11-Shadow";

    private final Traffic traffic;
    private final Door door;
    private final Marks marks;
    private final Optional<ShadowGateway> shadow;
    private final ShadowSeen seen;
    private final Journal journal;
    private final RandomGenerator random;

    /**
     * Opens a crossing.
     *
     * @param traffic whose calls the door takes
     * @param shadow where live traffic's crossing sends what is marked
     * @param seen told of each call of a load that is judged by live payments
     */
    Crossing(
            Traffic traffic,
            Door door,
            Marks marks,
            Optional<ShadowGateway> shadow,
            ShadowSeen seen,
            Journal journal,
            RandomGenerator random) {
        this.traffic = traffic;
        this.door = door;
        this.marks = marks;
        this.shadow = shadow;
        this.seen = seen;
        this.journal = journal;
        this.random = random;
    }

    Answer answer(Request request) {
        if (door.isSign(request)) {
            return door.answer(request);
        }
        Optional<String> mark = mark(request);
        return switch (traffic) {
            case LIVE -> mark.map(given -> cross(given, request)).orElseGet(() -> door.answer(request));
            case SHADOW ->
                mark.flatMap(marks::read)
                        .map(_ -> door.answer(request))
                        .orElseGet(() -> refuse(request, "This call takes the mark of a stress test that runs."));
        };
    }

    private Answer cross(String mark, Request request) {
        Optional<StressTest> test = marks.read(mark);
        if (test.isEmpty()) {
            return refuse(request, "The mark is not that of a stress test that runs. Nothing was done.");
        }
        if (test.get().watched()) {
            seen.now();
        }
        Optional<Answer> answer = shadow.flatMap(gateway -> gateway.answer(request));
        journal.info(
                "shadow call",
                Map.of(
                        "stressTest",
                        test.get().id(),
                        "status",
                        answer.map(Answer::status).orElse(0)));
        journal.count("ShadowCalls", "outcome", answer.isPresent() ? "ANSWERED" : "UNANSWERED");
        return answer.orElseGet(
                () -> refuse(request, "The shadow gives no answer. Nothing was done to what is live; stop the test."));
    }

    private Answer refuse(Request request, String detail) {
        journal.count("ShadowCalls", "outcome", "REFUSED");
        return refused(request, detail, random);
    }

    /** For calls that no stress test makes. */
    static Optional<Answer> refusalOfMarked(Request request, RandomGenerator random) {
        return mark(request)
                .map(_ -> refused(
                        request,
                        "Operators act on live traffic here, and on shadow traffic by a call of its function.",
                        random));
    }

    private static Optional<String> mark(Request request) {
        return request.header(MARK);
    }

    private static Answer refused(Request request, String detail, RandomGenerator random) {
        TraceParent trace = TraceParent.continuing(request.header("traceparent"), random);
        return Answer.of(Problem.of(ProblemType.SHADOW_REFUSED, detail), request.path(), trace)
                .with("traceparent", trace.toString());
    }
}
