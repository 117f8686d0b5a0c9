package doubleeleven.rig.explore;

import doubleeleven.rig.explore.Scenario.Bounds;
import java.util.Arrays;

/**
 * How a state is written down: the items, how far each execution and each worker has got, the messages under way, what has gone wrong so
 * far, then the calls that may still land. States that differ only in which of equal executions or equal workers is which are written alike.
 */
final class States {
    static final int IDLE = -1;
    static final int DEAD = -2;
    /** Two equal messages may be handled at once; a third adds nothing. */
    private static final int SAME_MESSAGES = 2;

    private final Scenario scenario;
    private final Bounds bounds;
    private final int items;
    private final int executions;
    private final int firstWorker;
    private final int firstMessage;
    private final int faultsAt;
    private final int earlyAt;
    private final int width;

    States(Scenario scenario, int messages) {
        this.scenario = scenario;
        this.bounds = scenario.bounds();
        this.items = scenario.items().size();
        this.executions = scenario.executions().size();
        this.firstWorker = items + executions;
        this.firstMessage = firstWorker + 2 * bounds.workers();
        this.faultsAt = firstMessage + messages;
        this.earlyAt = faultsAt + 1;
        this.width = earlyAt + 1;
    }

    /** Nothing is there, nobody has begun, and nothing is under way. */
    int[] empty() {
        int[] state = new int[width];
        Arrays.fill(state, items, firstMessage, IDLE);
        return state;
    }

    int executions() {
        return executions;
    }

    int workers() {
        return bounds.workers();
    }

    /** Where it says how far an execution has got. */
    int execution(int number) {
        return items + number;
    }

    /** Where it says how far a worker has got; what it works on is said next to it. */
    int worker(int number) {
        return firstWorker + 2 * number;
    }

    /** Where a worker is that has nothing to do; negative where there is none. */
    int freeWorker(int[] state) {
        for (int w = 0; w < bounds.workers(); w++) {
            if (state[worker(w)] == IDLE) {
                return worker(w);
            }
        }
        return -1;
    }

    /** How often a message is under way. */
    int underWay(int[] state, int message) {
        return state[firstMessage + message];
    }

    /** Puts a message under way, in place. */
    void send(int[] state, int message) {
        if (message >= 0) {
            state[firstMessage + message] = Math.min(SAME_MESSAGES, state[firstMessage + message] + 1);
        }
    }

    void take(int[] state, int message) {
        state[firstMessage + message]--;
    }

    int faultsLeft(int[] state) {
        return bounds.faults() - state[faultsAt];
    }

    void fault(int[] state) {
        state[faultsAt]++;
    }

    boolean mayInterfere(int[] state) {
        return state[earlyAt] < bounds.early();
    }

    void interfere(int[] state) {
        state[earlyAt]++;
    }

    /** The first of the calls that may still land; they fill the rest of the state. */
    int firstLate() {
        return width;
    }

    static int[] with(int[] state, int late) {
        int[] longer = Arrays.copyOf(state, state.length + 1);
        longer[state.length] = late;
        return longer;
    }

    static int[] without(int[] state, int late) {
        int[] shorter = new int[state.length - 1];
        System.arraycopy(state, 0, shorter, 0, late);
        System.arraycopy(state, late + 1, shorter, late, state.length - late - 1);
        return shorter;
    }

    boolean areAlike(int one, int other) {
        return scenario.executions().get(one).equals(scenario.executions().get(other));
    }

    /** Equal executions and workers in a fixed order, and the calls that may land sorted, in place. */
    int[] canonical(int[] state) {
        for (int i = 1; i < executions; i++) {
            for (int k = i; k > 0 && areAlike(k - 1, k) && state[items + k - 1] > state[items + k]; k--) {
                swap(state, items + k - 1, items + k);
            }
        }
        for (int i = 1; i < bounds.workers(); i++) {
            for (int k = worker(i); k > firstWorker && state[k - 2] > state[k]; k -= 2) {
                swap(state, k - 2, k);
                swap(state, k - 1, k + 1);
            }
        }
        Arrays.sort(state, width, state.length);
        return state;
    }

    private static void swap(int[] state, int one, int other) {
        int kept = state[one];
        state[one] = state[other];
        state[other] = kept;
    }
}
