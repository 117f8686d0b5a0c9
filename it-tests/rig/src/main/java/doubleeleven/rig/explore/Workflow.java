package doubleeleven.rig.explore;

import doubleeleven.rig.Clients;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.asl.DynamoDbIntegration;
import doubleeleven.testkit.asl.StateMachine;
import doubleeleven.testkit.asl.Surroundings;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** An execution of the deployed definition; it comes to the execution's output. */
final class Workflow implements Parts.Code, Surroundings {
    /** What the risk function is asked; its answer is the explorer's choice. */
    static final Object RISK = "risk";

    private record Mark(String state, Object input, Map<String, Object> variables) {}

    private final Parts parts;
    private final StateMachine machine;
    private final Map<String, Object> input;
    private final DynamoDbClient client;

    Workflow(Parts parts, StateMachine machine, Map<String, Object> input) {
        this.parts = parts;
        this.machine = machine;
        this.input = input;
        this.client = Clients.over(parts, "workflow", DynamoDbClient.class, null);
    }

    @Override
    public Object run(@Nullable Object mark) {
        return mark instanceof Mark(String state, Object before, Map<String, Object> variables)
                ? machine.resume(state, before, variables, this)
                : machine.run(input, this);
    }

    @Override
    public Object call(Call call) {
        if (LocalTables.CONTROL.equals(call.arguments().get("TableName"))) {
            // Nobody changes a route here, so that reading it commutes with everything.
            return Map.of();
        }
        return parts.at(
                call.site() + "#" + call.tried(),
                () -> DynamoDbIntegration.serves(call.resource())
                        ? DynamoDbIntegration.call(client, call.resource(), call.arguments())
                        : Map.of("Payload", parts.ask(RISK)));
    }

    @Override
    public void reached(String state, Object before, Map<String, Object> variables) {
        parts.mark(new Mark(state, before, variables));
    }

    @Override
    public List<Object> fork(List<Supplier<Object>> branches) {
        return parts.branches(branches);
    }

    @Override
    public long millis() {
        return Fixture.NOW.toEpochMilli();
    }
}
