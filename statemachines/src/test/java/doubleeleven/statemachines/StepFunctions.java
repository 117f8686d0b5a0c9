package doubleeleven.statemachines;

import doubleeleven.aws.Json;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.asl.DynamoDbIntegration;
import doubleeleven.testkit.asl.PaymentTcc;
import doubleeleven.testkit.asl.StateFailed;
import doubleeleven.testkit.asl.StateMachine;
import doubleeleven.testkit.asl.Surroundings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The payment workflow on a real database, one call after the other and without pauses, so that every run is the same. */
final class StepFunctions implements Surroundings {
    private final LocalTables tables;
    private final StateMachine machine;
    private final Map<String, Object> variables = new HashMap<>();
    private final Map<String, Consumer<Map<String, Object>>> before = new HashMap<>();
    private final Map<String, Consumer<Map<String, Object>>> after = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final List<String> entered = new ArrayList<>();
    private Map<String, Object> verdict = Map.of(
            "decision", "APPROVE", "reasons", List.of(), "policy", "rules-1", "degraded", false, "elapsedMicros", 900);

    StepFunctions(LocalTables tables) {
        this.tables = tables;
        this.machine = StateMachine.of(Json.object(PaymentTcc.definition(Orders.UNIT)));
    }

    /** What the risk function answers. */
    StepFunctions risk(String decision, String... reasons) {
        verdict = new HashMap<>(verdict);
        verdict.put("decision", decision);
        verdict.put("reasons", List.of(reasons));
        return this;
    }

    /** Happens before each call of that task, with its input; may fail it. */
    StepFunctions before(String state, Consumer<Map<String, Object>> event) {
        before.put(state, event);
        return this;
    }

    /** Happens after each call of that task, before its answer is seen; may lose the answer. */
    StepFunctions after(String state, Consumer<Map<String, Object>> event) {
        after.put(state, event);
        return this;
    }

    /** Fails the first calls. */
    static Consumer<Map<String, Object>> times(int times, String error) {
        int[] left = {times};
        return _ -> {
            if (left[0]-- > 0) {
                throw new StateFailed(error, "as the test wants it");
            }
        };
    }

    static Consumer<Map<String, Object>> always(String error) {
        return times(Integer.MAX_VALUE, error);
    }

    /** Sets variables as earlier states would have. */
    StepFunctions with(Map<String, Object> values) {
        variables.putAll(values);
        return this;
    }

    /** Every try of every task, in turn, without reads of the route. */
    List<String> calls() {
        return calls;
    }

    List<String> entered() {
        return entered;
    }

    /** Runs the workflow to its end. */
    Map<String, Object> run(Map<String, Object> input) {
        return object(machine.run(input, this));
    }

    /** Enters one state, without its retriers and catchers, and answers its output. */
    Object only(String name, Object input) {
        return machine.enter(name, input, variables, this);
    }

    @Override
    public Object call(Call call) {
        if (!call.state().startsWith("Admit")) {
            calls.add(call.state());
        }
        Map<String, Object> seen = call.input() instanceof Map<?, ?> ? object(call.input()) : Map.of();
        before.getOrDefault(call.state(), _ -> {}).accept(seen);
        Object result = call.resource().equals("arn:aws:states:::lambda:invoke")
                ? Map.of("Payload", verdict)
                : DynamoDbIntegration.call(tables.client(), call.resource(), call.arguments());
        after.getOrDefault(call.state(), _ -> {}).accept(seen);
        return result;
    }

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public void entered(String site, String state) {
        entered.add(state);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object object) {
        return (Map<String, Object>) object;
    }
}
