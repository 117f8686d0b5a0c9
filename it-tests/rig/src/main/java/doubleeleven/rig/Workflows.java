package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.Json;
import doubleeleven.testkit.asl.DynamoDbIntegration;
import doubleeleven.testkit.asl.PaymentTcc;
import doubleeleven.testkit.asl.StateFailed;
import doubleeleven.testkit.asl.StateMachine;
import doubleeleven.testkit.asl.Surroundings;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.InvalidExecutionInputException;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionResponse;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.SyncExecutionStatus;

/** The Express workflows of all units and colours, by their ARNs: the deployed definition, with its own function and clients bound. */
final class Workflows implements SfnClient {
    /** What an input or a result may have at most, as UTF-8. */
    private static final int PAYLOAD_BYTES = 262_144;

    private static final String INVOKE = "arn:aws:states:::lambda:invoke";

    private final Course course;
    private final Map<String, Object> definition;
    private final Duration limit;
    private final Map<String, Duration> limitsOfTasks = new HashMap<>();
    private final Map<String, Machine> byArn = new HashMap<>();
    /** Compiled definitions that nobody runs just now. */
    private final Deque<StateMachine> idle = new ConcurrentLinkedDeque<>();

    /** One deployed state machine. */
    private record Machine(String name, DynamoDbClient tables, Function scoreRisk) {}

    Workflows(Course course) {
        this.course = course;
        this.definition = Json.object(PaymentTcc.definition());
        this.limit = seconds(definition);
        collectLimits(definition);
    }

    void add(String arn, String name, DynamoDbClient tables, Function scoreRisk) {
        byArn.put(arn, new Machine(name, tables, scoreRisk));
    }

    @Override
    public StartSyncExecutionResponse startSyncExecution(StartSyncExecutionRequest request) {
        Machine machine = byArn.get(request.stateMachineArn());
        if (machine == null) {
            throw StateMachineDoesNotExistException.builder()
                    .message("no state machine " + request.stateMachineArn())
                    .statusCode(400)
                    .build();
        }
        if (request.input().getBytes(UTF_8).length > PAYLOAD_BYTES) {
            throw InvalidExecutionInputException.builder()
                    .message("an input of more than " + PAYLOAD_BYTES + " bytes")
                    .statusCode(400)
                    .build();
        }
        StartSyncExecutionResponse.Builder response = StartSyncExecutionResponse.builder();
        try {
            Object output = course.run(machine.name(), limit, () -> run(machine, Json.object(request.input())));
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

    private Object run(Machine machine, Map<String, Object> input) {
        StateMachine found = course.isOneAtATime() ? idle.peek() : idle.poll();
        StateMachine compiled = found == null ? StateMachine.of(definition) : found;
        if (course.isOneAtATime() && found == null) {
            idle.push(compiled);
        }
        try {
            return compiled.run(input, new Execution(machine));
        } finally {
            if (!course.isOneAtATime()) {
                idle.push(compiled);
            }
        }
    }

    /** What one execution meets. */
    private final class Execution implements Surroundings {
        private final Machine machine;

        Execution(Machine machine) {
            this.machine = machine;
        }

        @Override
        public Object call(Call call) {
            Duration patience = Objects.requireNonNull(
                    limitsOfTasks.get(call.state()), () -> call.state() + " has no TimeoutSeconds");
            try {
                return withinPayload(call.state(), course.within(patience, () -> serve(call)));
            } catch (Course.Cut e) {
                throw new StateFailed(StateFailed.TIMEOUT, call.state());
            }
        }

        private Object withinPayload(String state, Object result) {
            if (!Map.of().equals(result) && Json.write(result).getBytes(UTF_8).length > PAYLOAD_BYTES) {
                throw new StateFailed(StateFailed.TOO_LARGE, "the result of " + state);
            }
            return result;
        }

        private Object serve(Call call) {
            if (DynamoDbIntegration.serves(call.resource())) {
                return DynamoDbIntegration.call(machine.tables(), call.resource(), call.arguments());
            }
            if (call.resource().equals(INVOKE)
                    && PaymentTcc.SCORE_RISK.equals(call.arguments().get("FunctionName"))) {
                return invoke(call.arguments());
            }
            throw new UnsupportedOperationException("a task that calls " + call.resource());
        }

        private Object invoke(Map<String, Object> arguments) {
            byte[] payload = Json.write(Objects.requireNonNull(arguments.get("Payload"), "nothing to invoke with"))
                    .getBytes(UTF_8);
            try {
                Object answer = course.bus()
                        .carry(
                                new Bus.ServiceCall(machine.name(), "Lambda", "invoke", arguments),
                                () -> machine.scoreRisk().invoke(payload));
                return Map.of("Payload", Json.object(new String((byte[]) answer, UTF_8)));
            } catch (Function.Failed e) {
                throw new StateFailed("Lambda.Unknown", String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void entered(String site, String state) {
            course.entered(machine.name(), site);
        }

        @Override
        public long millis() {
            return course.clock().millis();
        }

        @Override
        public void pause(Duration pause) {
            course.pause(pause);
        }

        @Override
        public List<Object> fork(List<Supplier<Object>> branches) {
            return course.fork(branches);
        }
    }

    private void collectLimits(Object part) {
        if (part instanceof List<?> list) {
            list.forEach(this::collectLimits);
        } else if (part instanceof Map<?, ?> object) {
            if (object.get("States") instanceof Map<?, ?> states) {
                states.forEach((name, state) -> {
                    if (state instanceof Map<?, ?> fields && fields.containsKey("TimeoutSeconds")) {
                        limitsOfTasks.put((String) name, seconds(fields));
                    }
                });
            }
            object.values().forEach(this::collectLimits);
        }
    }

    private static Duration seconds(Map<?, ?> part) {
        if (part.get("TimeoutSeconds") instanceof Number seconds) {
            return Duration.ofSeconds(seconds.longValue());
        }
        throw new IllegalStateException("a part of the definition has no TimeoutSeconds");
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
