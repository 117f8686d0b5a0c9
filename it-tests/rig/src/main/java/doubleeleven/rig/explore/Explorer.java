package doubleeleven.rig.explore;

import doubleeleven.rig.explore.Scenario.Attempt;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.asl.StateMachine;
import java.util.ArrayList;
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
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Frame(int number, List<Step> steps, int[] next, double[] histories) {}

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
     * @param histories ways from the beginning to an end
     * @param steps steps between states
     * @param asked distinct pairs of items and call that DynamoDB Local was asked
     * @param complete whether every state was reached within the limit
     * @param violation the first one that was met, if any
     */
    record Result(
            Scenario scenario,
            long states,
            double histories,
            long steps,
            int asked,
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
        List<Frame> path = new ArrayList<>();
        List<Step> taken = new ArrayList<>();
        long walked = 0;
        int[] begin = start();
        Frame frame = frame(visited.add(begin), begin);
        String wrong = wrong(begin, frame.steps());
        while (wrong.isEmpty()) {
            int at = frame.next()[0];
            if (at == frame.steps().size()) {
                visited.set(frame.number(), frame.steps().isEmpty() ? 1 : frame.histories()[0]);
                if (path.isEmpty()) {
                    return new Result(
                            scenario, visited.size(), frame.histories()[0], walked, slots.asked(), true, null);
                }
                double histories = frame.steps().isEmpty() ? 1 : frame.histories()[0];
                frame = path.removeLast();
                taken.removeLast();
                frame.histories()[0] += histories;
                continue;
            }
            frame.next()[0]++;
            Step step = frame.steps().get(at);
            walked++;
            if (!step.wrong().isEmpty()) {
                taken.add(step);
                wrong = step.wrong();
                break;
            }
            int number = visited.add(step.to());
            if (number < 0) {
                double known = visited.histories(-number - 1);
                if (known == Visited.UNDER_WAY) {
                    taken.add(step);
                    wrong = "it goes round in circles";
                    break;
                }
                frame.histories()[0] += known;
                continue;
            }
            if (visited.size() > most) {
                return new Result(scenario, visited.size(), Double.NaN, walked, slots.asked(), false, null);
            }
            path.add(frame);
            taken.add(step);
            frame = frame(number, step.to());
            wrong = wrong(step.to(), frame.steps());
        }
        return new Result(
                scenario,
                visited.size(),
                Double.NaN,
                walked,
                slots.asked(),
                false,
                new Violation(
                        wrong,
                        taken.stream()
                                .map(step -> step.told(requests, messages))
                                .toList()));
    }

    private Frame frame(int number, int[] state) {
        return new Frame(number, steps.from(state), new int[1], new double[1]);
    }

    private String wrong(int[] state, List<Step> steps) {
        String wrong = invariants.check(state);
        for (int k = 0; k < states.executions() && wrong.isEmpty(); k++) {
            int node = state[states.execution(k)];
            if (node >= 0 && parts.node(node).outcome() instanceof Map<?, ?> output) {
                wrong = invariants.answer(state, attemptOf(k), output);
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

    private Attempt attemptOf(int execution) {
        return scenario.attempts().get(scenario.executions().get(execution).attempt());
    }
}
