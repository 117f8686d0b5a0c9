package doubleeleven.testkit.asl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A definition in JSONata, compiled and ready to be run: every state type and field that our definitions use; on any other it fails loudly
 * instead of guessing.
 *
 * <p>An instance belongs to one thread at a time.
 */
public final class StateMachine {
    private static final Set<String> MACHINE =
            Set.of("Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "ProcessorConfig");
    private static final Set<String> EVERY = Set.of("Type", "Comment", "Next", "End", "Output", "Assign");
    private static final Map<String, Set<String>> MORE = Map.of(
            "Pass", Set.of(),
            "Succeed", Set.of(),
            "Fail", Set.of("Error", "Cause"),
            "Wait", Set.of("Seconds"),
            "Choice", Set.of("Choices", "Default"),
            "Parallel", Set.of("Branches", "Catch", "Retry"),
            "Map", Set.of("Items", "ItemSelector", "ItemProcessor", "MaxConcurrency", "Catch", "Retry"),
            "Task", Set.of("Resource", "TimeoutSeconds", "Arguments", "Catch", "Retry"));

    private final Map<String, State> everywhere = new HashMap<>();
    private final Machine top;

    /**
     * States that lead to each other.
     *
     * @param apart run as executions of their own, which see no variables of the one that started them
     */
    private record Machine(String startAt, Map<String, State> states, boolean apart) {}

    private record Choice(Expression condition, String next) {}

    private record Retrier(Set<String> errors, int most, long intervalSeconds, double rate, long longestSeconds) {}

    private record Catcher(Set<String> errors, Leaving leaving) {}

    /** How a state is left: what it outputs and assigns, and where it goes. */
    private record Leaving(
            @Nullable Expression output,
            Map<String, Expression> assign,
            @Nullable String next) {}

    private record State(
            String name,
            String type,
            Leaving leaving,
            List<Choice> choices,
            List<Machine> machines,
            @Nullable Expression items,
            @Nullable Expression selector,
            @Nullable String resource,
            @Nullable Expression arguments,
            @Nullable Expression error,
            @Nullable Expression cause,
            @Nullable Expression seconds,
            List<Retrier> retriers,
            List<Catcher> catchers) {}

    private record Step(Object output, @Nullable String next) {}

    private StateMachine(Map<String, Object> definition) {
        if (!"JSONata".equals(definition.get("QueryLanguage"))) {
            throw new IllegalArgumentException("only definitions in JSONata are run here");
        }
        this.top = machine(definition);
    }

    /** Compiles a definition, parsed from its JSON. */
    public static StateMachine of(Map<String, Object> definition) {
        return new StateMachine(definition);
    }

    /**
     * Runs the machine to its end.
     *
     * @return its output
     * @throws StateFailed where a state failed and nothing caught it
     */
    public Object run(Object input, Surroundings surroundings) {
        return run(top, top.startAt(), "", new Scope(null), input, surroundings);
    }

    /** Goes on from where a run was, as {@link Surroundings#reached} told. */
    public Object resume(String state, Object input, Map<String, Object> variables, Surroundings surroundings) {
        Scope scope = new Scope(null);
        scope.assign(variables);
        return run(top, state, "", scope, input, surroundings);
    }

    /**
     * Enters one state wherever it stands, once, without its retriers and catchers.
     *
     * @param variables as the states before would have assigned them
     * @return its output
     */
    public Object enter(String name, Object input, Map<String, Object> variables, Surroundings surroundings) {
        State state = everywhere.get(name);
        if (state == null) {
            throw new IllegalArgumentException("no such state: " + name);
        }
        Scope scope = new Scope(null);
        scope.assign(variables);
        Object result = perform(state, name, scope, input, 0, surroundings);
        Step step = leave(state.leaving(), result, "result", result, input, scope, surroundings);
        scope.copyTo(variables);
        return step.output();
    }

    private Object run(
            Machine machine, String startAt, String path, Scope scope, Object start, Surroundings surroundings) {
        String name = startAt;
        Object input = start;
        while (true) {
            State state = machine.states().get(name);
            if (state == null) {
                throw new IllegalArgumentException("no such state: " + name);
            }
            String site = path + name;
            surroundings.entered(site, name);
            if (path.isEmpty()) {
                Map<String, Object> variables = new HashMap<>();
                scope.copyTo(variables);
                surroundings.reached(name, input, variables);
            }
            Step step = state.type().equals("Choice")
                    ? choose(state, scope, input, surroundings)
                    : attempt(state, site, scope, input, surroundings);
            if (step.next() == null) {
                return step.output();
            }
            input = step.output();
            name = step.next();
        }
    }

    private static Step choose(State state, Scope scope, Object input, Surroundings surroundings) {
        for (Choice choice : state.choices()) {
            if (Boolean.TRUE.equals(choice.condition().evaluate(scope, Map.of("input", input), surroundings::millis))) {
                return new Step(input, choice.next());
            }
        }
        return new Step(input, state.leaving().next());
    }

    private Step attempt(State state, String site, Scope scope, Object input, Surroundings surroundings) {
        int[] used = new int[state.retriers().size()];
        for (int tried = 0; ; tried++) {
            try {
                Object result = perform(state, site, scope, input, tried, surroundings);
                return leave(state.leaving(), result, "result", result, input, scope, surroundings);
            } catch (StateFailed e) {
                int retrier = IntStream.range(0, used.length)
                        .filter(i -> matches(state.retriers().get(i).errors(), e.error()))
                        .findFirst()
                        .orElse(-1);
                if (retrier < 0
                        || used[retrier] >= state.retriers().get(retrier).most()) {
                    return caught(state, scope, input, e, surroundings);
                }
                surroundings.pause(pause(state.retriers().get(retrier), used[retrier]++));
            }
        }
    }

    /** The whole interval: with full jitter the service takes a random part of it. */
    private static Duration pause(Retrier retrier, int used) {
        double seconds = (double) retrier.intervalSeconds() * Math.pow(retrier.rate(), used);
        return Duration.ofMillis((long) (1000 * Math.min(seconds, (double) retrier.longestSeconds())));
    }

    private static Step caught(State state, Scope scope, Object input, StateFailed e, Surroundings surroundings) {
        for (Catcher catcher : state.catchers()) {
            if (matches(catcher.errors(), e.error())) {
                Object error = Map.of("Error", e.error(), "Cause", String.valueOf(e.getMessage()));
                return leave(catcher.leaving(), error, "errorOutput", error, input, scope, surroundings);
            }
        }
        throw e;
    }

    private static boolean matches(Set<String> errors, String error) {
        return errors.contains(error)
                || (errors.contains("States.ALL") && !StateFailed.PAST_EVERY_CATCHER.contains(error));
    }

    private Object perform(State state, String site, Scope scope, Object input, int tried, Surroundings surroundings) {
        return switch (state.type()) {
            case "Pass", "Succeed" -> input;
            case "Parallel" -> surroundings.fork(branches(state.machines(), site, scope, surroundings, _ -> input));
            case "Map" -> map(state, site, scope, input, surroundings);
            case "Task" -> call(state, site, scope, input, tried, surroundings);
            case "Wait" -> {
                surroundings.sleep(site, seconds(state, scope, input, surroundings));
                yield input;
            }
            case "Fail" -> throw failure(state, scope, input, surroundings);
            default -> throw new IllegalArgumentException("no such type of state: " + state.type());
        };
    }

    private List<Supplier<Object>> branches(
            List<Machine> machines, String site, Scope scope, Surroundings surroundings, IntFunction<Object> input) {
        List<Supplier<Object>> branches = new ArrayList<>();
        for (int i = 0; i < machines.size(); i++) {
            Machine machine = machines.get(i);
            String path = site + "/" + i + "/";
            Object its = input.apply(i);
            Scope outer = machine.apart() ? null : scope;
            branches.add(() -> run(machine, machine.startAt(), path, new Scope(outer), its, surroundings));
        }
        return branches;
    }

    private Object map(State state, String site, Scope scope, Object input, Surroundings surroundings) {
        Object items = value(state.items(), scope, Map.of("input", input), surroundings);
        if (!(items instanceof List<?> list)) {
            throw new StateFailed(StateFailed.EXPRESSION, "items are not a list");
        }
        List<Machine> each = Collections.nCopies(list.size(), state.machines().getFirst());
        return surroundings.fork(branches(
                each,
                site,
                scope,
                surroundings,
                i -> state.selector() == null
                        ? list.get(i)
                        : value(
                                state.selector(),
                                scope,
                                Map.of(
                                        "input",
                                        input,
                                        "context",
                                        Map.of("Map", Map.of("Item", Map.of("Index", i, "Value", list.get(i))))),
                                surroundings)));
    }

    private static Duration seconds(State state, Scope scope, Object input, Surroundings surroundings) {
        if (value(state.seconds(), scope, Map.of("input", input), surroundings) instanceof Number seconds) {
            return Duration.ofSeconds(seconds.longValue());
        }
        throw new StateFailed(StateFailed.EXPRESSION, "seconds of " + state.name() + " are no number");
    }

    private static StateFailed failure(State state, Scope scope, Object input, Surroundings surroundings) {
        Map<String, Object> states = Map.of("input", input);
        return new StateFailed(
                String.valueOf(value(state.error(), scope, states, surroundings)),
                String.valueOf(value(state.cause(), scope, states, surroundings)));
    }

    private static Object call(
            State state, String site, Scope scope, Object input, int tried, Surroundings surroundings) {
        Map<String, Object> states = Surroundings.Call.waitsForToken(state.resource())
                ? Map.of("input", input, "context", Map.of("Task", Map.of("Token", surroundings.token(site))))
                : Map.of("input", input);
        if (value(state.arguments(), scope, states, surroundings) instanceof Map<?, ?> arguments
                && state.resource() != null) {
            return surroundings.call(
                    new Surroundings.Call(site, state.name(), tried, state.resource(), object(arguments), input));
        }
        throw new IllegalArgumentException(state.name() + " has no resource or no arguments");
    }

    private static Object value(
            @Nullable Expression expression, Scope scope, Map<String, Object> states, Surroundings surroundings) {
        if (expression == null) {
            throw new IllegalArgumentException("a part of the definition is missing");
        }
        return expression.evaluate(scope, states, surroundings::millis);
    }

    private static Step leave(
            Leaving leaving,
            Object otherwise,
            String name,
            Object value,
            Object input,
            Scope scope,
            Surroundings surroundings) {
        Map<String, Object> states = Map.of("input", input, name, value);
        Object output =
                leaving.output() == null ? otherwise : leaving.output().evaluate(scope, states, surroundings::millis);
        Map<String, Object> assigned = new HashMap<>();
        leaving.assign()
                .forEach((variable, expression) ->
                        assigned.put(variable, expression.evaluate(scope, states, surroundings::millis)));
        scope.assign(assigned);
        return new Step(output, leaving.next());
    }

    // Compiling

    private Machine machine(Map<String, Object> definition) {
        require(definition, MACHINE, "a machine");
        Map<String, State> states = new HashMap<>();
        object(definition.get("States")).forEach((name, state) -> states.put(name, state(name, object(state))));
        everywhere.putAll(states);
        boolean apart = definition.get("ProcessorConfig") instanceof Map<?, ?> config
                && "DISTRIBUTED".equals(config.get("Mode"));
        return new Machine(text(definition, "StartAt"), states, apart);
    }

    private State state(String name, Map<String, Object> state) {
        String type = text(state, "Type");
        Set<String> more = MORE.get(type);
        if (more == null) {
            throw new IllegalArgumentException("state " + name + " is of a type that is not run here: " + type);
        }
        Map<String, Object> own = new HashMap<>(state);
        own.keySet().removeAll(more);
        require(own, EVERY, "state " + name);
        List<Machine> machines = new ArrayList<>();
        objects(state, "Branches").forEach(branch -> machines.add(machine(branch)));
        if (state.containsKey("ItemProcessor")) {
            machines.add(machine(object(state.get("ItemProcessor"))));
        }
        return new State(
                name,
                type,
                leaving(state, type.equals("Choice") ? "Default" : "Next"),
                objects(state, "Choices").stream()
                        .map(choice -> new Choice(expression(choice, "Condition"), text(choice, "Next")))
                        .toList(),
                machines,
                optional(state, "Items"),
                optional(state, "ItemSelector"),
                state.containsKey("Resource") ? text(state, "Resource") : null,
                optional(state, "Arguments"),
                optional(state, "Error"),
                optional(state, "Cause"),
                optional(state, "Seconds"),
                objects(state, "Retry").stream().map(StateMachine::retrier).toList(),
                objects(state, "Catch").stream().map(StateMachine::catcher).toList());
    }

    private static Leaving leaving(Map<String, Object> part, String next) {
        Map<String, Expression> assign = new HashMap<>();
        if (part.get("Assign") instanceof Map<?, ?> values) {
            values.forEach((variable, value) -> assign.put((String) variable, Expression.of(value)));
        }
        return new Leaving(optional(part, "Output"), assign, part.get(next) instanceof String name ? name : null);
    }

    private static Retrier retrier(Map<String, Object> retrier) {
        require(
                retrier,
                Set.of(
                        "ErrorEquals",
                        "IntervalSeconds",
                        "BackoffRate",
                        "MaxAttempts",
                        "MaxDelaySeconds",
                        "JitterStrategy"),
                "a retrier");
        return new Retrier(
                errors(retrier),
                number(retrier, "MaxAttempts", 3).intValue(),
                number(retrier, "IntervalSeconds", 1).longValue(),
                number(retrier, "BackoffRate", 2).doubleValue(),
                number(retrier, "MaxDelaySeconds", Integer.MAX_VALUE).longValue());
    }

    private static Catcher catcher(Map<String, Object> catcher) {
        require(catcher, Set.of("ErrorEquals", "Output", "Assign", "Next"), "a catcher");
        return new Catcher(errors(catcher), leaving(catcher, "Next"));
    }

    private static Set<String> errors(Map<String, Object> part) {
        List<?> names = (List<?>) part.getOrDefault("ErrorEquals", List.of());
        return Set.copyOf(names.stream().map(String.class::cast).toList());
    }

    private static @Nullable Expression optional(Map<String, Object> part, String field) {
        return part.containsKey(field) ? expression(part, field) : null;
    }

    private static Expression expression(Map<String, Object> part, String field) {
        Object value = part.get(field);
        if (value == null) {
            throw new IllegalArgumentException("no field " + field);
        }
        return Expression.of(value);
    }

    private static Number number(Map<String, Object> part, String field, Number otherwise) {
        return part.get(field) instanceof Number number ? number : otherwise;
    }

    private static String text(Map<String, Object> part, String field) {
        if (part.get(field) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no text in field " + field);
    }

    private static List<Map<String, Object>> objects(Map<String, Object> part, String field) {
        List<?> list = (List<?>) part.getOrDefault(field, List.of());
        return list.stream().map(StateMachine::object).toList();
    }

    private static void require(Map<String, Object> part, Set<String> known, String what) {
        for (String field : part.keySet()) {
            if (!known.contains(field)) {
                throw new IllegalArgumentException(what + " has a field that is not run here: " + field);
            }
        }
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as names
    private static Map<String, Object> object(@Nullable Object object) {
        if (object instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("not an object: " + object);
    }
}
