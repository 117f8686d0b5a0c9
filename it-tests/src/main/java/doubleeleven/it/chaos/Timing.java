package doubleeleven.it.chaos;

import java.time.Duration;

/**
 * How long a scenario's parts last.
 *
 * @param before load without the fault
 * @param fault load with it
 * @param after load after it
 */
public record Timing(Duration before, Duration fault, Duration after) {
    static final Timing USUAL = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(5));
}
