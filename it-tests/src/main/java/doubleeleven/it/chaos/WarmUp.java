package doubleeleven.it.chaos;

import doubleeleven.it.chaos.Load.Call;
import java.time.Duration;
import java.util.List;

/**
 * Load before the first fault, counted nowhere: the first calls on a stack wait for its functions to start, whatever breaks later.
 *
 * @param most how long it may last; not at all where zero
 */
public record WarmUp(Duration most) {
    /** Whoever waits longer has a stack that will never be quick. */
    static final int SECONDS_AT_MOST = 600;

    public static final WarmUp NONE = new WarmUp(Duration.ZERO);

    /** So many running: with each, another door, unit, colour or means of payment may have its first call. */
    private static final int CALLS = 20;

    private static final Duration QUICK = Duration.ofMillis(500);

    /**
     * Whether the latest calls were quick, one after the other; one without an answer has taken as long as it has lasted.
     *
     * @param calls in the order of their beginnings
     */
    static boolean isWarm(List<Call> calls, long now) {
        return calls.size() >= CALLS
                && calls.subList(calls.size() - CALLS, calls.size()).stream()
                        .allMatch(call -> call.lasted(now).compareTo(QUICK) <= 0);
    }

    /** How many calls may begin meanwhile. */
    int calls(Duration pace) {
        return Math.ceilDiv(Math.toIntExact(most.toMillis()), Math.toIntExact(pace.toMillis()));
    }
}
