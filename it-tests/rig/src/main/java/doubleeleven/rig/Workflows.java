package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.Json;
import doubleeleven.rig.Execution.Deployed;
import doubleeleven.routing.Traffic;
import doubleeleven.testkit.asl.Definitions;
import doubleeleven.testkit.asl.PaymentTcc;
import doubleeleven.testkit.asl.StateFailed;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.InvalidExecutionInputException;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.SendTaskSuccessRequest;
import software.amazon.awssdk.services.sfn.model.SendTaskSuccessResponse;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartExecutionResponse;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionResponse;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.SyncExecutionStatus;

/** The workflows of all units and colours, by their ARNs: the deployed definitions, with their own functions and clients bound. */
final class Workflows implements SfnClient {
    static final String CREDIT_DECISION = "credit-decision";
    static final String ASSESS = "assess-credit";
    static final String APPLICATIONS = "applications";
    static final String CREDIT_DAY = "credit-day";
    static final String PLAN = "credit-plan";
    static final String BILLING = "billing";
    static final String OVERDUE = "overdue";
    static final String FAILOVER = "failover";
    static final String UNIT_FAILOVER = "unit-failover";
    static final String UNIT_FAILBACK = "unit-failback";
    static final String RELEASE = "release";
    static final String RELEASE_STEP = "release-step";
    static final String STRESS_TEST = "stress-test";
    static final String STRESS_STEP = "stress-step";
    static final String STRESS_LOAD = "stress-load";

    private final Traffic traffic;
    private final Course course;
    private final UnaryOperator<String> paymentTcc;
    /** Definitions of the Standard workflows. */
    private final Map<String, Compiled> definitions = new HashMap<>();

    private final Map<String, Express> express = new HashMap<>();
    private final Map<String, StandardWorkflow> standard = new LinkedHashMap<>();

    /** As they are deployed. */
    Workflows(Course course) {
        this(Traffic.LIVE, course, UnaryOperator.identity());
    }

    /** @param paymentTcc the payment workflow that is run, made of the one that is deployed */
    Workflows(Traffic traffic, Course course, UnaryOperator<String> paymentTcc) {
        this.traffic = traffic;
        this.course = course;
        this.paymentTcc = paymentTcc;
        define(CREDIT_DECISION, Map.of("AssessFunction", ASSESS, "ApplicationsFunction", APPLICATIONS));
        define(CREDIT_DAY, Map.of("PlanFunction", PLAN, "BillingFunction", BILLING, "OverdueFunction", OVERDUE));
        define(UNIT_FAILOVER, Map.of("FailoverFunction", FAILOVER));
        define(UNIT_FAILBACK, Map.of("FailoverFunction", FAILOVER));
        define(RELEASE, Map.of("ReleaseFunction", RELEASE_STEP));
        define(STRESS_TEST, Map.of("StepFunction", STRESS_STEP, "LoadFunction", STRESS_LOAD));
    }

    private void define(String workflow, Map<String, String> functions) {
        definitions.put(workflow, new Compiled(course, Definitions.read(workflow, functions)));
    }

    /** An Express workflow, bound to its unit. */
    private record Express(Deployed deployed, Compiled compiled) {}

    void addPaymentTcc(String arn, String unit, Deployed deployed) {
        express.put(
                arn,
                new Express(
                        deployed,
                        new Compiled(course, paymentTcc.apply(PaymentTcc.definition(unit, traffic.name(""))))));
    }

    /** @param name of the definition */
    StandardWorkflow add(String name, String arn, String region, Deployed deployed) {
        StandardWorkflow workflow = new StandardWorkflow(arn, region, deployed, existing(definitions, name), course);
        standard.put(arn, workflow);
        return workflow;
    }

    List<String> arns() {
        return Stream.concat(express.keySet().stream(), standard.keySet().stream())
                .sorted()
                .toList();
    }

    /** Those whose executions outlive what dies. */
    Collection<StandardWorkflow> standard() {
        return Collections.unmodifiableCollection(standard.values());
    }

    @Override
    public StartSyncExecutionResponse startSyncExecution(StartSyncExecutionRequest request) {
        Express workflow = existing(express, request.stateMachineArn());
        Map<String, Object> input = input(request.input());
        StartSyncExecutionResponse.Builder response = StartSyncExecutionResponse.builder();
        try {
            Object output = course.run(
                    workflow.deployed().name(),
                    workflow.compiled().limit(),
                    () -> workflow.compiled()
                            .run(input, new Execution(workflow.deployed(), workflow.compiled(), course)));
            return response.status(SyncExecutionStatus.SUCCEEDED)
                    .output(Json.write(output))
                    .build();
        } catch (StateFailed e) {
            return response.status(SyncExecutionStatus.FAILED)
                    .error(e.error())
                    .cause(e.getMessage())
                    .build();
        } catch (Course.Cut e) {
            return response.status(SyncExecutionStatus.TIMED_OUT)
                    .error(StateFailed.TIMEOUT)
                    .build();
        }
    }

    @Override
    public StartExecutionResponse startExecution(StartExecutionRequest request) {
        String name = request.name() == null ? UUID.randomUUID().toString() : request.name();
        existing(standard, request.stateMachineArn()).start(name, input(request.input()));
        return StartExecutionResponse.builder()
                .executionArn(request.stateMachineArn().replace(":stateMachine:", ":execution:") + ":" + name)
                .startDate(course.clock().instant())
                .build();
    }

    @Override
    public SendTaskSuccessResponse sendTaskSuccess(SendTaskSuccessRequest request) {
        List<String> token = List.of(request.taskToken().split("\\|", -1));
        StandardWorkflow workflow = token.size() == 3 ? standard.get(token.getFirst()) : null;
        if (workflow == null) {
            throw InvalidTokenException.builder()
                    .message("no such token")
                    .statusCode(400)
                    .build();
        }
        workflow.succeed(token.get(1), token.get(2), Json.object(request.output()));
        return SendTaskSuccessResponse.builder().build();
    }

    private static <W> W existing(Map<String, W> workflows, String arn) {
        @Nullable W found = workflows.get(arn);
        if (found == null) {
            throw StateMachineDoesNotExistException.builder()
                    .message("no state machine " + arn)
                    .statusCode(400)
                    .build();
        }
        return found;
    }

    private static Map<String, Object> input(String json) {
        if (json.getBytes(UTF_8).length > Execution.PAYLOAD_BYTES) {
            throw InvalidExecutionInputException.builder()
                    .message("an input of more than " + Execution.PAYLOAD_BYTES + " bytes")
                    .statusCode(400)
                    .build();
        }
        return Json.object(json);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
