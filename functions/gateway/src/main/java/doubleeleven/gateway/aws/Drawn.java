package doubleeleven.gateway.aws;

import doubleeleven.routing.First;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Whether this environment is one of those that obey a version first. It draws a number when it is asked first and keeps it, so it is among
 * a part or is not for as long as it lives, and among every larger part too.
 */
final class Drawn implements Predicate<First> {
    private final String region;
    private final RandomGenerator random;
    private OptionalInt number = OptionalInt.empty();

    Drawn(String region, RandomGenerator random) {
        this.region = region;
        this.random = random;
    }

    @Override
    public synchronized boolean test(First first) {
        if (number.isEmpty()) {
            number = OptionalInt.of(random.nextInt(First.NUMBERS));
        }
        return first.includes(region, number.getAsInt());
    }

    /** Draws anew: copies of one snapshot would all be among a part, or none. */
    synchronized void forget() {
        number = OptionalInt.empty();
    }
}
