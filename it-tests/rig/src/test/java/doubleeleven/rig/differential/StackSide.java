package doubleeleven.rig.differential;

import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Api;
import doubleeleven.it.client.Pause;
import doubleeleven.it.client.Sandbox;
import doubleeleven.it.client.Sandbox.Rule;
import doubleeleven.it.client.Stack;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The deployed stack. */
final class StackSide implements Side {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration INTERVAL = Duration.ofMillis(300);
    /** Faults end by themselves: a test that dies leaves none behind. */
    private static final int FAULT_SECONDS = 300;
    /** Longer than it takes to stop an execution, shorter than the task waits. */
    private static final int RISK_MILLIS = 4_500;

    /** What a task fails with that is no refusal of a service: too slow, or a fault of the stack's own. Injected faults have other names. */
    private static final Set<String> UNORDERED =
            Set.of("States.Timeout", "States.Runtime", "DynamoDB.AmazonDynamoDBException");

    private final Stack stack = Stack.fromEnvironment();
    private final Sandbox sandbox =
            Sandbox.fromEnvironment().orElseThrow(() -> new IllegalStateException("needs the local stack"));
    private final Map<String, Sites> sites = Sites.ofWorkflows();

    private final String operatorKey = String.valueOf(stack.operator().key());

    @Override
    public String operatorKey() {
        return operatorKey;
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public Answer call(Call call) {
        Api api = new Api(stack.door(call.region()), call.key());
        return switch (call.method()) {
            case "GET" -> api.get(call.path());
            case "POST" ->
                api.postText(call.path(), call.body(), call.idempotencyKey().isEmpty() ? null : call.idempotencyKey());
            default -> throw new IllegalArgumentException(call.method());
        };
    }

    @Override
    public Answer callThatDies(Call call, int executions) {
        // Every function is slow meanwhile, so that the workflow waits for one of them.
        Sandbox.Fault slow = sandbox.inject(Rule.mode("slow")
                .delayMillis(RISK_MILLIS)
                .call("lambda", "Invoke")
                .seconds(FAULT_SECONDS));
        try {
            CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> call(call));
            String order = new Answer(0, call.body(), Map.of()).text("merchantOrder");
            for (int i = 1; i <= executions; i++) {
                int number = i;
                await("an execution that waits for risk alone", () -> {
                    List<Map<String, Object>> begun = sandbox.executions(order);
                    return begun.size() == number && waitsForOneTask(begun.getLast());
                });
                List<List<String>> stopped = sandbox.stopWorkflows("*-payment-tcc", 1, 0);
                if (!stopped.equals(List.of(List.of("ScoreRisk")))) {
                    throw new AssertionError("stopped at " + stopped);
                }
            }
            return answer.join();
        } finally {
            slow.remove();
        }
    }

    private static boolean waitsForOneTask(Map<String, Object> execution) {
        List<String> types = ((List<?>) execution.get("events"))
                .stream()
                        .map(event -> String.valueOf(((Map<?, ?>) event).get("type")))
                        .toList();
        return "RUNNING".equals(execution.get("status"))
                && types.contains("MapStateExited")
                && Collections.frequency(types, "TaskStateEntered")
                        == Collections.frequency(types, "TaskStateExited") + 1;
    }

    @Override
    public Injected inject(Breakage breakage) {
        Rule rule = Rule.mode(breakage.mode().name().toLowerCase(Locale.ROOT))
                .call(breakage.service(), breakage.operation())
                .contains(breakage.contains().toArray(String[]::new))
                .count(breakage.count())
                .seconds(FAULT_SECONDS);
        Sandbox.Fault fault =
                sandbox.inject(breakage.mode() == Breakage.Mode.DUPLICATE ? rule.delayMillis(1_000) : rule);
        return new Injected() {
            @Override
            public long hits() {
                return fault.hits();
            }

            @Override
            public void remove() {
                fault.remove();
            }
        };
    }

    @Override
    public void pass(Duration time) {
        Pause.millis(time.toMillis());
    }

    @Override
    public void await(String what, BooleanSupplier condition) {
        if (!Pause.until(PATIENCE, INTERVAL, condition)) {
            throw new AssertionError("never came: " + what);
        }
    }

    @Override
    public boolean isIdle(String text) {
        return sandbox.copiesOnTheWay() == 0
                // What a merchant does not take waits for hours, and touches nothing that is compared.
                && sandbox.queuesWith(text).stream()
                        .allMatch(queue -> queue.endsWith("-dlq") || queue.endsWith("-notifications"));
    }

    @Override
    public List<Map<String, AttributeValue>> items(String table) {
        return Snapshot.scan(stack.dynamoDb(stack.regions().getFirst()), table);
    }

    @Override
    public List<Execution> executions(String text) {
        return sandbox.executions(text).stream().map(this::execution).toList();
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as names
    private Execution execution(Map<String, Object> told) {
        List<Map<String, Object>> events = (List<Map<String, Object>>) told.get("events");
        return new Execution(
                String.valueOf(told.get("name")),
                String.valueOf(told.get("workflow")),
                "SUCCEEDED".equals(told.get("status")),
                told.get("output") instanceof Map<?, ?> output ? (Map<String, Object>) output : Map.of(),
                sitesOf(String.valueOf(told.get("workflow"))).of(events),
                events.stream()
                        .filter(event -> UNORDERED.contains(String.valueOf(event.get("error"))))
                        .map(event -> event.get("error") + ": " + event.get("cause"))
                        .collect(Collectors.joining("; ")));
    }

    private Sites sitesOf(String workflow) {
        return sites.entrySet().stream()
                .filter(each -> workflow.endsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        // The stack is somebody else's.
    }
}
