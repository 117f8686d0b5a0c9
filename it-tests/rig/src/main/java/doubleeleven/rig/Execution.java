package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.Json;
import doubleeleven.testkit.asl.DynamoDbIntegration;
import doubleeleven.testkit.asl.StateFailed;
import doubleeleven.testkit.asl.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What one execution of a deployed workflow meets: its own tables and functions, over the course. */
class Execution implements Surroundings {
    /** What an input or a result may have at most, as UTF-8. */
    static final int PAYLOAD_BYTES = 262_144;

    private static final String INVOKE = "arn:aws:states:::lambda:invoke";

    private final Deployed deployed;
    private final Compiled compiled;
    private final Course course;

    /**
     * One deployed state machine.
     *
     * @param name such as {@code RZ01-a/payment-tcc}
     * @param functions by the names that its definition is bound to
     */
    record Deployed(String name, DynamoDbClient tables, Map<String, Function> functions) {}

    Execution(Deployed deployed, Compiled compiled, Course course) {
        this.deployed = deployed;
        this.compiled = compiled;
        this.course = course;
    }

    @Override
    public Object call(Call call) {
        try {
            return withinPayload(call.state(), course.within(compiled.limitOf(call.state()), () -> serve(call)));
        } catch (Course.Cut e) {
            throw new StateFailed(StateFailed.TIMEOUT, call.state());
        }
    }

    private static Object withinPayload(String state, Object result) {
        if (!Map.of().equals(result) && Json.write(result).getBytes(UTF_8).length > PAYLOAD_BYTES) {
            throw new StateFailed(StateFailed.TOO_LARGE, "the result of " + state);
        }
        return result;
    }

    private Object serve(Call call) {
        if (DynamoDbIntegration.serves(call.resource())) {
            return DynamoDbIntegration.call(deployed.tables(), call.resource(), call.arguments());
        }
        if (call.resource().equals(INVOKE) || call.resource().equals(INVOKE + ".waitForTaskToken")) {
            return invoke(call.arguments());
        }
        throw new UnsupportedOperationException("a task that calls " + call.resource());
    }

    private Object invoke(Map<String, Object> arguments) {
        String name = String.valueOf(arguments.get("FunctionName"));
        Function function = Objects.requireNonNull(deployed.functions().get(name), () -> "no function " + name);
        byte[] payload = Json.write(Objects.requireNonNull(arguments.get("Payload"), "nothing to invoke with"))
                .getBytes(UTF_8);
        try {
            Object answer = course.bus()
                    .carry(
                            new Bus.ServiceCall(deployed.name(), "Lambda", "invoke", arguments),
                            () -> function.invoke(payload));
            return Map.of("Payload", Json.object(new String((byte[]) answer, UTF_8)));
        } catch (Function.Failed e) {
            throw new StateFailed("Lambda.Unknown", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void entered(String site, String state) {
        course.entered(deployed.name(), site);
    }

    @Override
    public long millis() {
        return course.clockOf(deployed.name()).millis();
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
