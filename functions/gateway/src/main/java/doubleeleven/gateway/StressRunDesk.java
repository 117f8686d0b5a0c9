package doubleeleven.gateway;

import doubleeleven.gateway.stress.Run;
import doubleeleven.gateway.stress.RunWorkflows;
import doubleeleven.gateway.stress.Runs;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Beginning with the load of a stress test that was admitted, for operators. It is shown and stopped with its test. */
final class StressRunDesk {
    private final StressTests tests;
    private final Runs runs;
    private final RunWorkflows workflows;
    private final Predicate<String> isDoor;
    private final String region;
    private final OperatorJournal journal;
    private final Clock clock;
    private final Marks marks;

    StressRunDesk(
            StressTests tests,
            Runs runs,
            RunWorkflows workflows,
            Predicate<String> isDoor,
            String region,
            Journal journal,
            Clock clock) {
        this.tests = tests;
        this.runs = runs;
        this.workflows = workflows;
        this.isDoor = isDoor;
        this.region = region;
        this.journal = new OperatorJournal(journal);
        this.clock = clock;
        this.marks = new Marks(tests, clock);
    }

    Checked<Answer> begin(Call call) {
        String id = call.variable("test");
        return tests.find(id)
                .<Checked<StressTest>>map(Checked.Passed::new)
                .orElseGet(() -> new Checked.Refused<>(Problem.notFound()))
                .then(test ->
                        StressRunRequest.read(id, call.body(), isDoor).then(request -> begin(call, test, request)));
    }

    private Checked<Answer> begin(Call call, StressTest test, StressRunRequest request) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (!test.isRunning(now)) {
            return new Checked.Refused<>(
                    Problem.of(ProblemType.NOTHING_TO_DO, "The test was stopped, or its time is over."));
        }
        if (marks.read(request.credentials().marks().getFirst())
                .filter(marked -> marked.id().equals(test.id()))
                .isEmpty()) {
            return new Checked.Refused<>(Problem.invalid("marks[0]", "must be a mark of this test that is good now"));
        }
        if (now.plusSeconds(request.plan().seconds()).isAfter(test.expiresAt())) {
            return new Checked.Refused<>(Problem.invalid(
                    "stepSeconds",
                    "must be less: all of it takes up to " + request.plan().seconds() + " s, and the test ends at "
                            + test.expiresAt()));
        }
        Run run = Run.asked(test.id(), request.plan(), region, call.caller().keyId(), request.reason(), now);
        if (!runs.save(run)) {
            Run known = runs.find(test.id()).orElseThrow();
            // A lost answer is asked for again.
            if (!known.plan().equals(run.plan())) {
                return new Checked.Refused<>(
                        Problem.of(ProblemType.ALREADY_OPENED, "The test has another run. Admit a test for each."));
            }
            run = known;
        }
        if (!workflows.start(run, request.credentials())) {
            return new Checked.Refused<>(Problem.of(
                    ProblemType.WORKFLOW_UNREACHABLE, "Nothing is known to have begun. Make the same call again."));
        }
        journal.acted(call, "STRESS_TEST_BEGUN", Map.of("stressTest", test.id(), "reason", request.reason()));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("stressTest", test.id());
        body.put("run", run.shown());
        body.put("links", Map.of("self", "/operations/stress-tests/" + test.id()));
        return new Checked.Passed<>(Answer.of(202, body).with("Location", "/operations/stress-tests/" + test.id()));
    }
}
