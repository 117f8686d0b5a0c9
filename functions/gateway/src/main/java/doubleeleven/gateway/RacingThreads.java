package doubleeleven.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A virtual thread for each piece of work. Whatever is under way when its race is closed is interrupted: its connection is cut, which the
 * service at the other end need not notice, and its answer has nowhere to go. So neither a call that is over nor an environment that is
 * frozen after it leaves anything behind that the next call could meet.
 */
public final class RacingThreads implements Racing {
    @Override
    public <T> Race<T> open() {
        return new Threads<>();
    }

    private static final class Threads<T> implements Race<T> {
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final CompletionService<T> ended = new ExecutorCompletionService<>(threads);

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // it comes back from what has ended
        public void begin(Supplier<T> work) {
            ended.submit(work::get);
        }

        @Override
        public Optional<T> next(Duration atMost) {
            try {
                Future<T> first = ended.poll(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
                return first == null ? Optional.empty() : Optional.of(first.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while runs were under way", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException(e.getCause());
            }
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }
}
