package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.aws.Json;
import doubleeleven.testkit.ManualClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;

/** Standard workflows of the rig: durable, started once, and ended by whoever has the token. */
class StandardWorkflowTest {
    private static final String ARN =
            "arn:aws:states:us-east-1:000000000000:stateMachine:double11-rz01-a-credit-decision";
    private static final Map<String, Object> APPLICATION = Map.of("application", Map.of("customer", "alice"));

    private final ManualClock clock = new ManualClock();
    private final List<String> calls = new ArrayList<>();
    private final List<String> sites = new ArrayList<>();
    private final Workflows workflows = new Workflows(new Dying());
    private String outcome = "REVIEW";
    private String token = "";
    private boolean failing;
    private int deathAt;
    private StandardWorkflow decisions;

    @BeforeEach
    void deploy() {
        Course course = new Dying();
        decisions = workflows.add(
                Workflows.CREDIT_DECISION,
                ARN,
                "us-east-1",
                new Execution.Deployed(
                        "RZ01-a/credit-decision",
                        Clients.over(Bus.DIRECT, "none", DynamoDbClient.class, null),
                        Map.of(
                                Workflows.ASSESS,
                                new Function(Workflows.ASSESS, Duration.ofSeconds(30), () -> this::assess, course),
                                Workflows.APPLICATIONS,
                                new Function(
                                        Workflows.APPLICATIONS, Duration.ofSeconds(30), () -> this::step, course))));
    }

    @Test
    void anExecutionThatDiesAnywhereGoesOnAndCallsNoTaskAgainThatHasAnswered() {
        for (int death = 1; death <= 5; death++) {
            calls.clear();
            sites.clear();
            deathAt = death;
            outcome = "APPROVE";
            start("death-" + death);
            drain();

            assertThat(decisions.output("death-" + death)).contains(Map.of("status", "APPROVED"));
            assertThat(calls.stream().distinct()).containsExactly("ASSESS", "APPROVE");
            // The call under which it died may have landed; it is made once more.
            assertThat(calls).hasSizeLessThanOrEqualTo(3);
            assertThat(sites).containsExactly("Receive", "Assess", "Assessed", "Approve");
        }
    }

    @Test
    void anExecutionWaitsForItsTokenAndGoesOnWithTheAnswer() {
        start("first");
        drain();
        assertThat(decisions.running()).isZero();
        assertThat(decisions.output("first")).isEmpty();

        answer(token, "{\"outcome\": \"APPROVE\", \"limit\": 5, \"review\": {}}");
        drain();

        assertThat(decisions.output("first")).contains(Map.of("status", "APPROVED"));
        assertThat(calls).containsExactly("ASSESS", "REVIEW", "APPROVE");
    }

    @Test
    @DisplayName("A token is good once, and until the task's time is over (AWS Step Functions API Reference,"
            + " 'SendTaskSuccess')")
    void aTokenIsGoodOnceAndUntilTheTasksTimeIsOver() {
        start("first");
        drain();
        clock.pass(Duration.ofDays(8));
        assertThatThrownBy(() -> answer(token, "{}")).isInstanceOf(TaskTimedOutException.class);
        drain();
        assertThat(calls).containsExactly("ASSESS", "REVIEW", "DECLINE");

        start("second");
        drain();
        answer(token, "{\"outcome\": \"DECLINE\", \"review\": {}}");
        assertThatThrownBy(() -> answer(token, "{}")).isInstanceOf(TaskTimedOutException.class);
        assertThatThrownBy(() -> answer("another", "{}")).isInstanceOf(InvalidTokenException.class);
    }

    @Test
    @DisplayName("An execution is started once by its name (AWS Step Functions API Reference, 'StartExecution')")
    void anExecutionIsStartedOnceByItsName() {
        start("first");
        start("first");
        drain();
        assertThat(calls).containsExactly("ASSESS", "REVIEW");
        start("first");
        assertThatThrownBy(() -> workflows.startExecution(
                        request -> request.stateMachineArn(ARN).name("first").input("{}")))
                .isInstanceOf(ExecutionAlreadyExistsException.class);
        answer(token, "{\"outcome\": \"DECLINE\", \"review\": {}}");
        drain();
        assertThatThrownBy(() -> start("first")).isInstanceOf(ExecutionAlreadyExistsException.class);
    }

    @Test
    void whatFailedForGoodGoesOnWhereItFailedOnceItIsRedriven() {
        outcome = "APPROVE";
        failing = true;
        start("first");
        drain();
        assertThat(decisions.failures()).hasSize(1);
        failing = false;
        calls.clear();

        decisions.redrive();
        drain();

        assertThat(calls).containsExactly("APPROVE");
        assertThat(decisions.output("first")).contains(Map.of("status", "APPROVED"));
    }

    private void start(String name) {
        workflows.startExecution(
                request -> request.stateMachineArn(ARN).name(name).input(Json.write(APPLICATION)));
    }

    private void answer(String to, String output) {
        workflows.sendTaskSuccess(request -> request.taskToken(to).output(output));
    }

    private void drain() {
        while (decisions.poll() > 0) {
            // Until nothing is left to run.
        }
    }

    private void assess(InputStream in, OutputStream out, Object context) throws IOException {
        calls.add("ASSESS");
        Json.write(Map.of("outcome", outcome, "limit", 7, "reasons", List.of("UNCLEAR")), out);
    }

    private void step(InputStream in, OutputStream out, Object context) throws IOException {
        Map<String, Object> input = Json.object(in);
        String step = Json.text(input, "step");
        calls.add(step);
        if (failing) {
            throw new IllegalStateException("as the test wants it");
        }
        token = step.equals("REVIEW") ? Json.text(input, "token") : token;
        Json.write(Map.of("status", step.equals("APPROVE") ? "APPROVED" : step), out);
    }

    /** An execution dies at one of the states and calls that follow. */
    private final class Dying implements Course.Beside {
        private final Course direct = Course.direct(Bus.DIRECT, clock);

        @Override
        public Course other() {
            return direct;
        }

        @Override
        public void pause(Duration pause) {
            clock.pass(pause);
        }

        @Override
        public <T> T run(String part, Duration limit, Supplier<T> work) {
            try {
                T result = work.get();
                if (!part.endsWith("/credit-decision")) {
                    dieIfItIsTime();
                }
                return result;
            } catch (Death e) {
                if (part.endsWith("/credit-decision")) {
                    throw new Cut(part + " died");
                }
                throw e;
            }
        }

        @Override
        public void entered(String part, String site) {
            sites.add(site);
            dieIfItIsTime();
        }

        private void dieIfItIsTime() {
            if (--deathAt == 0) {
                throw new Death();
            }
        }
    }

    private static final class Death extends Error {
        private static final long serialVersionUID = 1;
    }
}
