package doubleeleven.rig.sim;

import doubleeleven.rig.Topology;
import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How far the clocks of Regions, and within each those of its functions, are before or behind the right time, always by as much.
 *
 * @param mostMillis of a Region; of a function within it half as much
 */
record Skew(Topology topology, long seed, long mostMillis) {
    Clock of(String part, Clock right) {
        if (mostMillis == 0) {
            return right;
        }
        long millis = drawn(topology.regionOfPart(part), mostMillis) + drawn(part, mostMillis / 2);
        return Clock.offset(right, Duration.ofMillis(millis));
    }

    private long drawn(String name, long most) {
        return new SplittableRandom(seed ^ name.hashCode()).nextLong(-most, most + 1);
    }
}
