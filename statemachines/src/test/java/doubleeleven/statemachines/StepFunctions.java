package doubleeleven.statemachines;

import static com.dashjoin.jsonata.Jsonata.jsonata;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import doubleeleven.aws.Json;
import doubleeleven.testkit.LocalTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Runs a definition as Step Functions does: its expressions evaluated, its DynamoDB calls sent to a real database, its retriers and
 * catchers obeyed. Branches run one after the other and pauses between tries are left out, so that every run is the same.
 */
final class StepFunctions {
    static final String REFUSED = "DynamoDB.ConditionalCheckFailedException";
    static final String CONFLICT = "DynamoDB.ReplicatedWriteConflictException";
    static final String TIMEOUT = "States.Timeout";

    /** Such as {@code DynamoDB.ConditionalCheckFailedException}. */
    static final class StateFailed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String error;

        StateFailed(String error, String cause) {
            super(error + ": " + cause);
            this.error = error;
        }

        String error() {
            return error;
        }
    }

    private record Step(Object output, String next) {}

    private final DynamoDbClient client;
    private final Map<String, Object> definition;
    private final Map<String, Map<String, Object>> states = new HashMap<>();
    private final Map<String, Object> variables = new HashMap<>();
    private final Map<String, Consumer<Map<String, Object>>> before = new HashMap<>();
    private final Map<String, Consumer<Map<String, Object>>> after = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final List<String> entered = new ArrayList<>();
    private Map<String, Object> verdict = Map.of(
            "decision", "APPROVE", "reasons", List.of(), "policy", "rules-1", "degraded", false, "elapsedMicros", 900);

    StepFunctions(LocalTables tables) {
        this.client = tables.client();
        this.definition = Json.object(definitionText()
                .replace("${PaymentTable}", LocalTables.PAYMENT)
                .replace("${AccountTable}", LocalTables.ACCOUNT)
                .replace("${ScoreRiskFunction}", "score-risk"));
        collect(definition);
    }

    static String definitionText() {
        try {
            return Files.readString(Path.of("payment-tcc.asl.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** Every try of every task, in turn. */
    List<String> calls() {
        return calls;
    }

    List<String> entered() {
        return entered;
    }

    /** Runs the workflow to its end. */
    Map<String, Object> run(Map<String, Object> input) {
        return object(machine(definition, input));
    }

    /** Enters one state, without its retriers and catchers, and answers its output. */
    Object only(String name, Object input) {
        Map<String, Object> state = states.get(name);
        return leave(state, input, perform(name, state, input)).output();
    }

    private Object machine(Map<String, Object> machine, Object start) {
        Map<String, Object> all = object(machine.get("States"));
        String name = (String) machine.get("StartAt");
        Object input = start;
        while (true) {
            Map<String, Object> state = object(all.get(name));
            entered.add(name);
            Step step = "Choice".equals(state.get("Type")) ? choose(state, input) : attempt(name, state, input);
            if (step.next() == null) {
                return step.output();
            }
            input = step.output();
            name = step.next();
        }
    }

    private Step choose(Map<String, Object> state, Object input) {
        for (Map<String, Object> choice : Json.objects(state, "Choices")) {
            if (Boolean.TRUE.equals(evaluate(choice.get("Condition"), context(input, "input", input)))) {
                return new Step(input, (String) choice.get("Next"));
            }
        }
        return new Step(input, (String) state.get("Default"));
    }

    private Step attempt(String name, Map<String, Object> state, Object input) {
        Map<Map<String, Object>, Integer> used = new HashMap<>();
        while (true) {
            try {
                return leave(state, input, perform(name, state, input));
            } catch (StateFailed e) {
                Map<String, Object> retrier = matching(state, "Retry", e.error());
                if (retrier != null && used.merge(retrier, 1, Integer::sum) <= most(retrier)) {
                    continue;
                }
                return caught(state, input, e);
            }
        }
    }

    private Step caught(Map<String, Object> state, Object input, StateFailed e) {
        Map<String, Object> catcher = matching(state, "Catch", e.error());
        if (catcher == null) {
            throw e;
        }
        Object error = Map.of("Error", e.error(), "Cause", String.valueOf(e.getMessage()));
        Step step = leave(catcher, error, context(input, "errorOutput", error));
        return new Step(step.output(), (String) catcher.get("Next"));
    }

    private Object perform(String name, Map<String, Object> state, Object input) {
        Map<String, Object> context = context(input, "input", input);
        return switch ((String) state.get("Type")) {
            case "Pass", "Succeed" -> input;
            case "Parallel" ->
                Json.objects(state, "Branches").stream()
                        .map(branch -> machine(branch, input))
                        .toList();
            case "Map" -> map(state, context);
            case "Task" -> call(name, state, input, object(evaluate(state.get("Arguments"), context)));
            default -> throw new IllegalArgumentException("no such type of state: " + state.get("Type"));
        };
    }

    private Object map(Map<String, Object> state, Map<String, Object> context) {
        if (evaluate(state.get("Items"), context) instanceof List<?> items) {
            Map<String, Object> each = object(state.get("ItemProcessor"));
            List<Object> results = new ArrayList<>();
            items.forEach(item -> results.add(machine(each, item)));
            return results;
        }
        throw new StateFailed("States.QueryEvaluationError", "items are not a list");
    }

    private Object call(String name, Map<String, Object> state, Object input, Map<String, Object> arguments) {
        calls.add(name);
        Map<String, Object> seen = input instanceof Map<?, ?> ? object(input) : Map.of();
        before.getOrDefault(name, _ -> {}).accept(seen);
        Object result = send((String) state.get("Resource"), arguments);
        after.getOrDefault(name, _ -> {}).accept(seen);
        return result;
    }

    private Object send(String resource, Map<String, Object> arguments) {
        try {
            return switch (resource) {
                case "arn:aws:states:::lambda:invoke" -> Map.of("Payload", verdict);
                case "arn:aws:states:::dynamodb:getItem" -> get(arguments);
                case "arn:aws:states:::dynamodb:updateItem" -> update(arguments);
                default -> throw new IllegalArgumentException("no such call: " + resource);
            };
        } catch (DynamoDbException e) {
            throw new StateFailed("DynamoDB." + e.awsErrorDetails().errorCode(), e.getMessage());
        }
    }

    private Object get(Map<String, Object> arguments) {
        var answer = client.getItem(request -> request.tableName(Json.text(arguments, "TableName"))
                .key(attributes(object(arguments.get("Key"))))
                .consistentRead((Boolean) arguments.get("ConsistentRead")));
        return answer.hasItem() ? Map.of("Item", typed(answer.item())) : Map.of();
    }

    private Object update(Map<String, Object> arguments) {
        Map<String, String> names = new HashMap<>();
        object(arguments.get("ExpressionAttributeNames")).forEach((name, value) -> names.put(name, (String) value));
        client.updateItem(request -> request.tableName(Json.text(arguments, "TableName"))
                .key(attributes(object(arguments.get("Key"))))
                .updateExpression(Json.text(arguments, "UpdateExpression"))
                .conditionExpression(Json.text(arguments, "ConditionExpression"))
                .expressionAttributeNames(names)
                .expressionAttributeValues(attributes(object(arguments.get("ExpressionAttributeValues")))));
        return Map.of();
    }

    private Step leave(Map<String, Object> state, Object input, Object result) {
        return leave(state, result, context(input, "result", result));
    }

    private Step leave(Map<String, Object> state, Object otherwise, Map<String, Object> context) {
        Object output = state.containsKey("Output") ? evaluate(state.get("Output"), context) : otherwise;
        Map<String, Object> assigned = new HashMap<>();
        if (state.get("Assign") instanceof Map<?, ?> assign) {
            assign.forEach((name, value) -> assigned.put((String) name, evaluate(value, context)));
        }
        variables.putAll(assigned);
        return new Step(output, (String) state.get("Next"));
    }

    private static Map<String, Object> context(Object input, String name, Object value) {
        Map<String, Object> context = new HashMap<>();
        context.put("input", input);
        context.put(name, value);
        return context;
    }

    private Object evaluate(Object part, Map<String, Object> context) {
        return switch (part) {
            case String text when text.startsWith("{%") -> expression(text, context);
            case Map<?, ?> map -> {
                Map<String, Object> values = new LinkedHashMap<>();
                map.forEach((name, value) -> values.put((String) name, evaluate(value, context)));
                yield values;
            }
            case List<?> list ->
                list.stream().map(each -> evaluate(each, context)).toList();
            default -> part;
        };
    }

    private Object expression(String text, Map<String, Object> context) {
        Object value;
        try {
            Jsonata expression = jsonata(text.substring(2, text.length() - 2));
            Jsonata.Frame frame = expression.createFrame();
            variables.forEach(frame::bind);
            frame.bind("states", context);
            value = expression.evaluate(null, frame);
        } catch (JException e) {
            throw new StateFailed("States.QueryEvaluationError", text + ": " + e.getMessage());
        }
        if (value == null) {
            throw new StateFailed("States.QueryEvaluationError", "nothing came of " + text);
        }
        return value;
    }

    private static int most(Map<String, Object> retrier) {
        return ((Number) retrier.getOrDefault("MaxAttempts", 3)).intValue();
    }

    private static Map<String, Object> matching(Map<String, Object> state, String field, String error) {
        return Json.objects(state, field).stream()
                .filter(each -> {
                    List<?> errors = (List<?>) each.get("ErrorEquals");
                    return errors.contains(error) || errors.contains("States.ALL");
                })
                .findFirst()
                .orElse(null);
    }

    private static Map<String, AttributeValue> attributes(Map<String, Object> typed) {
        Map<String, AttributeValue> attributes = new HashMap<>();
        typed.forEach((name, value) -> attributes.put(name, attribute(object(value))));
        return attributes;
    }

    /** As strict as the service: a number is written as a text, a list is a list even with one element. */
    private static AttributeValue attribute(Map<String, Object> typed) {
        Map.Entry<String, Object> only = typed.entrySet().iterator().next();
        return switch (only.getKey()) {
            case "S" -> AttributeValue.fromS((String) only.getValue());
            case "N" -> AttributeValue.fromN((String) only.getValue());
            case "BOOL" -> AttributeValue.fromBool((Boolean) only.getValue());
            case "L" ->
                AttributeValue.fromL(((List<?>) only.getValue())
                        .stream().map(each -> attribute(object(each))).toList());
            case "M" -> AttributeValue.fromM(attributes(object(only.getValue())));
            default -> throw new IllegalArgumentException("no such type of attribute: " + only.getKey());
        };
    }

    private static Map<String, Object> typed(Map<String, AttributeValue> attributes) {
        Map<String, Object> typed = new HashMap<>();
        attributes.forEach((name, value) -> typed.put(name, typed(value)));
        return typed;
    }

    private static Object typed(AttributeValue value) {
        return switch (value.type()) {
            case S -> Map.of("S", value.s());
            case N -> Map.of("N", value.n());
            case BOOL -> Map.of("BOOL", value.bool());
            case L -> Map.of("L", value.l().stream().map(StepFunctions::typed).toList());
            case M -> Map.of("M", typed(value.m()));
            default -> throw new IllegalArgumentException("no such type of attribute: " + value.type());
        };
    }

    private void collect(Object part) {
        if (part instanceof Map<?, ?> map) {
            if (map.get("States") instanceof Map<?, ?> named) {
                named.forEach((name, state) -> states.put((String) name, object(state)));
            }
            map.values().forEach(this::collect);
        } else if (part instanceof List<?> list) {
            list.forEach(this::collect);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object object) {
        return (Map<String, Object>) object;
    }
}
