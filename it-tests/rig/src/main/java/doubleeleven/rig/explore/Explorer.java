package doubleeleven.rig.explore;

import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.asl.StateMachine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Explores a scenario: from each state every step that may come next, each state once.
 *
 * <p>A state is the items, how far each execution and each worker has got, the messages under way, the calls that may still land, and what
 * has gone wrong so far. Three things are left out because they cannot matter:
 *
 * <ul>
 *   <li>An execution that may begin begins, and risk is answered, before anything else: neither touches an item, neither can be prevented
 *       by any other step, and neither prevents any, so each history leads to the same states if it is put in that order. The steps that
 *       wait until nothing else moves, which are recovery in time and a client's late call, wait for these two as well.
 *   <li>Equal executions and equal workers are not told apart.
 *   <li>Of an execution that is over only its answer is kept, and only as long as the answer may still prove wrong: what was paid stays paid.
 * </ul>
 */
final class Explorer {
    /** A state on the way, and how far what leads on from it has been gone through. */
    private static final class Frame {
        final int number;
        final List<Step> steps;
        int taken;
        double histories;

        Frame(int number, List<Step> steps) {
            this.number = number;
            this.steps = steps;
            this.histories = steps.isEmpty() ? 1 : 0;
        }
    }

    private final Scenario scenario;
    private final Interned<Object> requests = new Interned<>();
    private final Slots slots;
    private final Messages messages;
    private final States states;
    private final Cast cast;
    private final Parts parts;
    private final Effects effects;
    private final Steps steps;
    private final Invariants invariants;

    /** A history that must not be. */
    record Violation(String what, List<String> history) {}

    /**
     * What was found.
     *
     * @param states distinct states
     * @param steps steps between states
     * @param histories ways from the beginning to an end
     * @param complete whether every state was reached within the limit
     * @param violation the first one that was met, if any
     */
    record Result(
            long states,
            long steps,
            double histories,
            boolean complete,
            @Nullable Violation violation) {}

    Explorer(Scenario scenario, LocalTables tables, StateMachine machine, Mutation mutation) {
        this.scenario = scenario;
        Interned<Answer> answers = new Interned<>();
        this.slots = new Slots(tables, List.copyOf(scenario.items().keySet()), requests, answers, mutation::request);
        this.messages = new Messages(scenario);
        this.states = new States(scenario, messages.count());
        this.cast = new Cast(scenario, slots, messages, requests, answers, machine);
        this.parts = cast.parts();
        this.effects = new Effects(scenario, states, slots, messages, parts, requests, answers, mutation);
        this.invariants = new Invariants(scenario, slots);
        this.steps = new Steps(scenario, states, slots, messages, cast, effects, requests, answers, invariants);
    }

    /**
     * Explores depth first.
     *
     * @param most states after which to give up
     */
    Result explore(long most) {
        try {
            return search(most);
        } finally {
            slots.clear();
        }
    }

    private Result search(long most) {
        Visited visited = new Visited();
        Deque<Frame> path = new ArrayDeque<>();
        int[] begin = start();
        Frame first = new Frame(visited.add(begin), steps.from(begin));
        path.addLast(first);
        String wrong = wrong(begin, first.steps);
        long walked = 0;
        while (wrong.isEmpty() && !path.isEmpty() && visited.size() <= most) {
            Frame frame = path.getLast();
            if (frame.taken == frame.steps.size()) {
                visited.set(frame.number, frame.histories);
                path.removeLast();
                if (!path.isEmpty()) {
                    path.getLast().histories += frame.histories;
                }
                continue;
            }
            Step step = frame.steps.get(frame.taken++);
            walked++;
            wrong = step.wrong();
            int number = visited.add(step.to());
            if (wrong.isEmpty() && number >= 0) {
                Frame next = new Frame(number, steps.from(step.to()));
                path.addLast(next);
                wrong = wrong(step.to(), next.steps);
            } else if (wrong.isEmpty()) {
                double known = visited.histories(-number - 1);
                frame.histories += known;
                wrong = known == Visited.UNDER_WAY ? "it goes round in circles" : "";
            }
        }
        boolean complete = path.isEmpty();
        return new Result(
                visited.size(),
                walked,
                complete ? first.histories : Double.NaN,
                complete,
                wrong.isEmpty() ? null : new Violation(wrong, told(path)));
    }

    private List<String> told(Deque<Frame> path) {
        return path.stream()
                .filter(frame -> frame.taken > 0)
                .map(frame -> frame.steps.get(frame.taken - 1).told(requests, messages))
                .toList();
    }

    private String wrong(int[] state, List<Step> steps) {
        String wrong = invariants.check(state);
        for (int k = 0; k < states.executions() && wrong.isEmpty(); k++) {
            int node = state[states.execution(k)];
            if (node >= 0 && parts.node(node).outcome() instanceof Map<?, ?> output) {
                wrong = invariants.answer(state, scenario.attemptOf(k), output);
            }
        }
        return wrong.isEmpty() && steps.isEmpty() ? invariants.end(state) : wrong;
    }

    private int[] start() {
        int[] state = states.empty();
        int slot = 0;
        for (Map<String, AttributeValue> item : scenario.items().values()) {
            state[slot++] = slots.id(item);
        }
        for (int order : cast.orders()) {
            int attempt = effects.decided(state[order]);
            if (attempt >= 0) {
                states.send(state, messages.decision(attempt));
            }
        }
        return state;
    }
}
