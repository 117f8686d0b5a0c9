package doubleeleven.rig;

import doubleeleven.gateway.Racing;
import doubleeleven.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Has everything begin and take effect at its own time, one after the other: what work did to the clock is how long it took, and it is over
 * when that much time has passed since it was begun.
 */
final class RacingInTime implements Racing {
    private final ManualClock clock;

    RacingInTime(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public <T> Race<T> open() {
        return new InTime<>();
    }

    private record Over<T>(Instant at, Supplier<T> outcome) {}

    private final class InTime<T> implements Race<T> {
        private final Queue<Over<T>> over = new PriorityQueue<>(Comparator.comparing(Over::at));

        @Override
        public void begin(Supplier<T> work) {
            Instant began = clock.instant();
            Supplier<T> outcome = outcomeOf(work);
            over.add(new Over<>(clock.instant(), outcome));
            clock.set(began);
        }

        private Supplier<T> outcomeOf(Supplier<T> work) {
            try {
                T result = work.get();
                return () -> result;
            } catch (RuntimeException e) {
                return () -> {
                    throw e;
                };
            }
        }

        @Override
        public Optional<T> next(Duration atMost) {
            Instant until = clock.instant().plus(atMost.isNegative() ? Duration.ZERO : atMost);
            Over<T> first = over.peek();
            if (first == null || first.at().isAfter(until)) {
                clock.set(until);
                return Optional.empty();
            }
            over.remove();
            if (first.at().isAfter(clock.instant())) {
                clock.set(first.at());
            }
            return Optional.of(first.outcome().get());
        }

        @Override
        public void close() {
            over.clear();
        }
    }
}
