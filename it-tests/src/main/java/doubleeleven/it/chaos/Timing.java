package doubleeleven.it.chaos;

import java.time.Duration;

/**
 * How long a scenario's parts last.
 *
 * @param warmUp load before the first scenario
 * @param before load without the fault
 * @param fault load with it
 * @param after load after it
 */
public record Timing(WarmUp warmUp, Duration before, Duration fault, Duration after) {
    private static final int OTHER_PARTS = 4;

    /** Before and after a fault a quarter of the time that it lasts. */
    static Timing of(WarmUp warmUp, Duration fault) {
        Duration quarter = fault.dividedBy(OTHER_PARTS);
        return new Timing(warmUp, quarter, fault, quarter);
    }
}
