package doubleeleven.rig.sim;

import doubleeleven.gateway.Racing;
import doubleeleven.rig.sim.Scheduler.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Each piece of work is a task of the function that races, beside the one that waits: the scheduler interleaves them. */
final class SimulatedRacing implements Racing {
    private final Scheduler scheduler;

    SimulatedRacing(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public <T> Race<T> open() {
        return new Tasks<>();
    }

    private final class Tasks<T> implements Race<T> {
        private final List<Task> underWay = new ArrayList<>();

        @Override
        public void begin(Supplier<T> work) {
            underWay.add(scheduler.beside(work));
        }

        @Override
        public Optional<T> next(Duration atMost) {
            Optional<Task> first = scheduler.awaitFirst(underWay, scheduler.micros() + atMost.toNanos() / 1000);
            first.ifPresent(underWay::remove);
            return first.map(task -> scheduler.<T>resultOf(task));
        }

        @Override
        public void close() {
            underWay.forEach(scheduler::leave);
        }
    }
}
