package doubleeleven.gateway;

import doubleeleven.gateway.stress.Runs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Admitting stress tests and stopping them, for operators. A test runs where the live and the shadow's operators both admitted it. */
final class StressTestDesk {
    private static final int MOST_MINUTES = 24 * 60;

    private final StressTests tests;
    private final Runs runs;
    private final OperatorJournal journal;
    private final Clock clock;

    StressTestDesk(StressTests tests, Runs runs, Journal journal, Clock clock) {
        this.tests = tests;
        this.runs = runs;
        this.journal = new OperatorJournal(journal);
        this.clock = clock;
    }

    /** What is asked for. */
    record Wish(String stressTest, String publicKey, Duration length, String reason) {
        static Checked<Wish> read(Map<String, @Nullable Object> json) {
            return Fields.read(json, fields -> {
                String publicKey = fields.text("publicKey", Text.PUBLIC_KEY);
                if (!publicKey.isEmpty() && PublicKeys.decode(publicKey).isEmpty()) {
                    fields.wrong("publicKey", "is not a point of Ed25519 that can sign");
                }
                return new Wish(
                        fields.text("stressTest", Text.ID),
                        publicKey,
                        Duration.ofMinutes(fields.integer("minutes", 1, MOST_MINUTES)),
                        fields.text("reason", Text.REASON));
            });
        }
    }

    /** Why a test is stopped. */
    record Stop(String reason) {
        static Checked<Stop> read(Map<String, @Nullable Object> json) {
            return Fields.read(json, fields -> new Stop(fields.text("reason", Text.REASON)));
        }
    }

    Checked<Answer> admit(Call call) {
        return Wish.read(call.body()).then(wish -> {
            Instant now = clock.instant();
            StressTest test = tests.admit(new StressTest(
                    wish.stressTest(),
                    wish.publicKey(),
                    now,
                    now.plus(wish.length()),
                    call.caller().keyId(),
                    wish.reason(),
                    Optional.empty(),
                    false));
            // A lost answer is asked for again; what was stopped does not begin anew under its name.
            if (!test.publicKey().equals(wish.publicKey()) || !test.isRunning(now)) {
                return new Checked.Refused<>(
                        Problem.of(ProblemType.ALREADY_OPENED, "There was another stress test of that name."));
            }
            record(call, "STRESS_TEST_ADMITTED", test.id(), wish.reason());
            return new Checked.Passed<>(Answer.of(201, body(test)));
        });
    }

    Checked<Answer> show(Call call) {
        return tests.find(call.variable("test"))
                .<Checked<Answer>>map(test -> new Checked.Passed<>(Answer.of(200, body(test))))
                .orElseGet(() -> new Checked.Refused<>(Problem.notFound()));
    }

    Checked<Answer> stop(Call call) {
        String id = call.variable("test");
        return Stop.read(call.body()).then(stop -> {
            if (tests.find(id).isEmpty()) {
                return new Checked.Refused<>(Problem.notFound());
            }
            tests.stop(id, clock.instant());
            record(call, "STRESS_TEST_STOPPED", id, stop.reason());
            return show(call);
        });
    }

    private void record(Call call, String action, String id, String reason) {
        journal.acted(call, action, Map.of("stressTest", id, "reason", reason));
    }

    private Map<String, Object> body(StressTest test) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("stressTest", test.id());
        body.put("publicKey", test.publicKey());
        body.put("running", test.isRunning(clock.instant()));
        body.put("admittedAt", test.admittedAt().toString());
        body.put("expiresAt", test.expiresAt().toString());
        test.stoppedAt().ifPresent(at -> body.put("stoppedAt", at.toString()));
        body.put("by", test.by());
        body.put("reason", test.reason());
        runs.find(test.id()).ifPresent(run -> body.put("run", run.shown()));
        body.put("links", Map.of("self", "/operations/stress-tests/" + test.id()));
        return body;
    }
}
