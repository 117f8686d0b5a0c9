package doubleeleven.rig.regions;

import java.time.Duration;
import java.util.SplittableRandom;

/** What lies between Regions: how long a write takes to the others, and which writes collide. */
public interface Distance {
    /** How much later another Region sees a write, or the same Region where it does not ask for the newest; drawn for each write and Region. */
    Duration lag();

    /** How soon after another Region's write of the same item a write may collide with it. */
    Duration overlap();

    /** Whether one that may collide does. */
    boolean collides();

    /** Always the same. */
    static Distance of(Duration lag, Duration overlap) {
        return new Distance() {
            @Override
            public Duration lag() {
                return lag;
            }

            @Override
            public Duration overlap() {
                return overlap;
            }

            @Override
            public boolean collides() {
                return true;
            }
        };
    }

    /** Mostly below a second, as AWS states it, and now and then up to the longest. */
    static Distance drawn(SplittableRandom random, Duration longest) {
        return new Distance() {
            @Override
            public Duration lag() {
                int drawn = random.nextInt(100);
                long most = longest.toMillis();
                long millis = drawn < 85
                        ? random.nextLong(20, 1000)
                        : random.nextLong(20, drawn < 97 ? Math.max(1000, most / 8) : Math.max(1000, most));
                return Duration.ofMillis(millis);
            }

            @Override
            public Duration overlap() {
                return Duration.ofMillis(60);
            }

            @Override
            public boolean collides() {
                return random.nextBoolean();
            }
        };
    }
}
