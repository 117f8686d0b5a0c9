package doubleeleven.statemachines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.aws.Json;
import doubleeleven.testkit.asl.Definitions;
import doubleeleven.testkit.asl.StateFailed;
import doubleeleven.testkit.asl.StateMachine;
import doubleeleven.testkit.asl.Surroundings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The workflow of a release: it does what its steps say is next, and whatever fails ends in a rollback. */
class ReleaseWorkflowTest {
    private static final String TEXT = Definitions.read("release", Map.of("ReleaseFunction", "release-step"));
    private static final Map<String, Object> DEFINITION = Json.object(TEXT);
    /** No gateway holds a rule for longer. */
    private static final int OBEYED_SECONDS = 10;
    /** A gateway hands in its counts once a second, and another Region has them a second later. */
    private static final int COUNTED_SECONDS = 2;

    private final List<String> steps = new ArrayList<>();
    private final List<Object> faults = new ArrayList<>();
    private final Map<String, Deque<String>> answers = new HashMap<>();
    private final List<Duration> slept = new ArrayList<>();
    private Object decision = Map.of();

    /** Answers of one step, in turn; the last one again and again. An answer of "!" is a failure. */
    private void answering(String step, String... nexts) {
        answers.put(step, new ArrayDeque<>(Arrays.asList(nexts)));
    }

    private Object run() {
        return StateMachine.of(DEFINITION).run(Map.of("unit", "RZ01", "release", "R1"), new Surroundings() {
            @Override
            public Object call(Call call) {
                return invoke(call);
            }

            @Override
            public long millis() {
                return 0;
            }

            @Override
            public String token(String site) {
                return "token-1";
            }

            @Override
            public void sleep(String site, Duration time) {
                slept.add(time);
            }
        });
    }

    private Object invoke(Surroundings.Call call) {
        assertThat(call.arguments()).containsEntry("FunctionName", "release-step");
        Map<String, Object> payload = Json.child(call.arguments(), "Payload");
        assertThat(payload).containsEntry("unit", "RZ01").containsEntry("release", "R1");
        String step = Json.text(payload, "step");
        steps.add(step);
        if (payload.containsKey("fault")) {
            faults.add(payload.get("fault"));
        }
        if (step.equals("AWAIT")) {
            assertThat(payload).containsEntry("token", "token-1");
            return decision;
        }
        if (step.equals("DECIDED")) {
            assertThat(payload).containsEntry("decision", decision);
        }
        Deque<String> nexts = answers.get(step);
        String next = nexts.size() > 1 ? nexts.remove() : nexts.getFirst();
        if (next.equals("!")) {
            throw new StateFailed("Lambda.Unknown", "it broke");
        }
        return Map.of("Payload", Map.of("next", next));
    }

    @Test
    void itShiftsWaitsAndVerifiesUntilThereIsNothingLeft() {
        answering("BEGIN", "SHIFT");
        answering("SHIFT", "WAIT");
        answering("VERIFY", "WAIT", "SHIFT", "WAIT", "DONE");

        assertThat(run()).isEqualTo(Map.of("unit", "RZ01", "release", "R1"));

        assertThat(steps).containsExactly("BEGIN", "SHIFT", "VERIFY", "VERIFY", "SHIFT", "VERIFY", "VERIFY");
        assertThat(slept).containsOnly(Duration.ofSeconds(10)).hasSize(4);
    }

    @Test
    void aVerdictAgainstTheColourRollsItBack() {
        answering("BEGIN", "SHIFT");
        answering("SHIFT", "WAIT");
        answering("VERIFY", "ROLL_BACK");
        answering("ROLL_BACK", "DONE");

        run();

        assertThat(steps).containsExactly("BEGIN", "SHIFT", "VERIFY", "ROLL_BACK");
        assertThat(faults).containsExactly("");
    }

    @Test
    void anApprovalIsWaitedForByItsTokenAndHandedOn() {
        decision = Map.of("approve", true, "by", "op-1", "reason", "a quiet day");
        answering("BEGIN", "APPROVE");
        answering("DECIDED", "SHIFT");
        answering("SHIFT", "WAIT");
        answering("VERIFY", "DONE");

        run();

        assertThat(steps).containsExactly("BEGIN", "AWAIT", "DECIDED", "SHIFT", "VERIFY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BEGIN", "SHIFT", "VERIFY"})
    void whateverFailsIsTriedAgainAndThenRolledBackWithTheFault(String failing) {
        answering("BEGIN", "SHIFT");
        answering("SHIFT", "WAIT");
        answering("VERIFY", "WAIT");
        answering("ROLL_BACK", "DONE");
        answering(failing, "!");

        run();

        assertThat(steps).endsWith(failing, failing, "ROLL_BACK");
        assertThat(faults).singleElement().asString().contains("Lambda.Unknown", "it broke");
    }

    @Test
    void aStepThatNobodyKnowsRollsBackToo() {
        answering("BEGIN", "SOMETHING_ELSE");
        answering("ROLL_BACK", "DONE");

        run();

        assertThat(steps).containsExactly("BEGIN", "ROLL_BACK");
    }

    @Test
    void aRollbackIsRepeatedUntilItIsDone() {
        answering("BEGIN", "!");
        answering(
                "ROLL_BACK",
                IntStream.rangeClosed(0, 500)
                        .mapToObj(i -> i < 500 ? "!" : "DONE")
                        .toArray(String[]::new));

        run();

        assertThat(steps.stream().filter("ROLL_BACK"::equals)).hasSize(501);
    }

    @Test
    void aRollbackThatIsNeverDoneFailsTheExecutionForItsAlarm() {
        answering("BEGIN", "!");
        answering("ROLL_BACK", "!");

        assertThatThrownBy(this::run).isInstanceOf(StateFailed.class);
    }

    /** From the moment on at which a payment of the bad colour ends, at the latest: by the definition's own numbers. */
    @Test
    void aBadColourIsGoneWithinAMinute() {
        Map<String, Object> states = Json.child(DEFINITION, "States");
        long seconds = COUNTED_SECONDS + Json.integer(Json.child(states, "Wait"), "Seconds");
        Map<String, Object> verify = Json.child(states, "Verify");
        Map<String, Object> retry = Json.objects(verify, "Retry").getFirst();
        long tries = 1 + Json.integer(retry, "MaxAttempts");
        seconds +=
                tries * Json.integer(verify, "TimeoutSeconds") + (tries - 1) * Json.integer(retry, "IntervalSeconds");
        seconds += Json.integer(Json.child(states, "RollBack"), "TimeoutSeconds");
        seconds += OBEYED_SECONDS;

        assertThat(seconds).isEqualTo(53);
    }

    /** A Standard execution may have 25,000 events in its history; a look is seven at least, and ten are allowed for. */
    @Test
    void theMostPatientReleaseFitsIntoOneExecutionsHistoryAndTime() {
        int looks = 10 * 30 * 6;

        assertThat(looks * 10 + 10 * 20).isLessThan(25_000);
        assertThat(86_400 + looks * (10 + 21) + 8 * 3_600).isLessThan((int) Json.integer(DEFINITION, "TimeoutSeconds"));
    }
}
