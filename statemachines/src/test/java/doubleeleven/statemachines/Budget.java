package doubleeleven.statemachines;

import static doubleeleven.statemachines.StepFunctions.object;
import static doubleeleven.testkit.asl.StateFailed.CONFLICT;

import doubleeleven.aws.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/** What the ways through a definition cost, read from the definition; a map has one item. */
final class Budget {
    /**
     * The cost of a state, or of several.
     *
     * @param rounds writes that wait for each other
     * @param states states entered, and calls repeated
     */
    record Cost(int rounds, int writes, int states, int seconds) {
        static final Cost NONE = new Cost(0, 0, 0, 0);

        Cost then(Cost next) {
            return new Cost(rounds + next.rounds, writes + next.writes, states + next.states, seconds + next.seconds);
        }

        Cost beside(Cost other) {
            return new Cost(
                    Math.max(rounds, other.rounds),
                    writes + other.writes,
                    states + other.states,
                    Math.max(seconds, other.seconds));
        }

        private Cost most(Cost other) {
            return new Cost(
                    Math.max(rounds, other.rounds),
                    Math.max(writes, other.writes),
                    Math.max(states, other.states),
                    Math.max(seconds, other.seconds));
        }

        private Cost least(Cost other) {
            return other.states < states ? other : this;
        }
    }

    /** How a task spends its tries. */
    private enum Tries {
        /** The first call is answered. */
        ONE,
        /** Every write meets as many conflicts as it repeats, each answered at once. */
        CONFLICTS,
        /** Every retrier is used up, each call answered at the last moment. */
        ALL
    }

    private final Map<String, Object> machine;

    Budget(Map<String, Object> machine) {
        this.machine = machine;
    }

    /** Every way from the first state to an end. */
    List<List<String>> paths() {
        return paths(machine);
    }

    /** The shortest run of that path which enters those inner states. */
    Cost usual(List<String> path, Set<String> via) {
        return path(machine, path, Tries.ONE, via);
    }

    /** As usual, but between Regions each write meets as many conflicts as it repeats. */
    Cost contended(List<String> path, Set<String> via) {
        return path(machine, path, Tries.CONFLICTS, via);
    }

    /** The longest run of that path. */
    Cost worst(List<String> path) {
        return path(machine, path, Tries.ALL, Set.of());
    }

    Cost usual() {
        return inner(machine, Tries.ONE, Set.of());
    }

    Cost worst() {
        return inner(machine, Tries.ALL, Set.of());
    }

    private static Cost inner(Map<String, Object> machine, Tries tries, Set<String> via) {
        Set<String> here = new LinkedHashSet<>(via);
        here.retainAll(object(machine.get("States")).keySet());
        BinaryOperator<Cost> better = tries == Tries.ALL ? Cost::most : Cost::least;
        return paths(machine).stream()
                .filter(path -> path.containsAll(here))
                .map(path -> path(machine, path, tries, via))
                .reduce(better)
                .orElseThrow();
    }

    private static Cost path(Map<String, Object> machine, List<String> path, Tries tries, Set<String> via) {
        return path.stream()
                .map(name -> state(object(object(machine.get("States")).get(name)), tries, via))
                .reduce(Cost.NONE, Cost::then);
    }

    private static Cost state(Map<String, Object> state, Tries tries, Set<String> via) {
        Cost entered = new Cost(0, 0, 1, 0);
        return switch ((String) state.get("Type")) {
            case "Parallel" ->
                entered.then(Json.objects(state, "Branches").stream()
                        .map(branch -> inner(branch, tries, via))
                        .reduce(Cost.NONE, Cost::beside));
            case "Map" -> entered.then(inner(object(state.get("ItemProcessor")), tries, via));
            case "Task" -> task(state, tries);
            default -> entered;
        };
    }

    private static Cost task(Map<String, Object> task, Tries tries) {
        int calls = 1;
        int pauses = 0;
        for (Map<String, Object> retrier : Json.objects(task, "Retry")) {
            boolean used = tries == Tries.ALL
                    || (tries == Tries.CONFLICTS && List.of(CONFLICT).equals(retrier.get("ErrorEquals")));
            if (used) {
                calls += number(retrier, "MaxAttempts");
                pauses += pauses(retrier);
            }
        }
        int write = "arn:aws:states:::dynamodb:updateItem".equals(task.get("Resource")) ? 1 : 0;
        int waits = tries == Tries.ALL ? calls * number(task, "TimeoutSeconds") : 0;
        return new Cost(write, write, calls, waits + pauses);
    }

    private static int pauses(Map<String, Object> retrier) {
        int sum = 0;
        int pause = 0;
        for (int i = 0; i < number(retrier, "MaxAttempts"); i++) {
            pause = i == 0 ? number(retrier, "IntervalSeconds") : pause * number(retrier, "BackoffRate");
            pause = retrier.containsKey("MaxDelaySeconds")
                    ? Math.min(pause, number(retrier, "MaxDelaySeconds"))
                    : pause;
            sum += pause;
        }
        return sum;
    }

    private static int number(Map<String, Object> object, String field) {
        return Math.toIntExact(Json.integer(object, field));
    }

    private static List<List<String>> paths(Map<String, Object> machine) {
        List<List<String>> found = new ArrayList<>();
        extend(machine, List.of((String) machine.get("StartAt")), found);
        return found;
    }

    private static void extend(Map<String, Object> machine, List<String> path, List<List<String>> found) {
        Map<String, Object> state = object(object(machine.get("States")).get(path.getLast()));
        if (Boolean.TRUE.equals(state.get("End")) || "Succeed".equals(state.get("Type"))) {
            found.add(path);
        }
        for (String next : nexts(state)) {
            if (path.contains(next)) {
                throw new IllegalArgumentException("a loop has no budget: " + path + " to " + next);
            }
            List<String> longer = new ArrayList<>(path);
            longer.add(next);
            extend(machine, List.copyOf(longer), found);
        }
    }

    private static Set<String> nexts(Map<String, Object> state) {
        Set<String> nexts = new LinkedHashSet<>();
        if (state.get("Next") instanceof String next) {
            nexts.add(next);
        }
        Json.objects(state, "Choices").forEach(choice -> nexts.add((String) choice.get("Next")));
        if (state.get("Default") instanceof String next) {
            nexts.add(next);
        }
        Json.objects(state, "Catch").forEach(caught -> nexts.add((String) caught.get("Next")));
        return nexts;
    }
}
