package doubleeleven.risk.model;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does work on threads of its own, so that whoever asked for it can go on without it.
 *
 * <p>What never comes back keeps one thread, and no more pieces of work are begun than may be open at once: nothing piles up. Threads of the
 * platform: what computes without end would keep a virtual thread's carrier, of which a function with one processor has only one, and with
 * it everything else. Compared with work on the caller's thread this costs some ten microseconds a piece; see {@code bench-risk}.
 */
public final class Lane {
    private static final Duration IDLE_KEPT = Duration.ofSeconds(10);

    /** Null where the caller's thread does the work. */
    private final @Nullable ThreadPoolExecutor threads;

    private final Semaphore free;

    private Lane(@Nullable ThreadPoolExecutor threads, int atOnce) {
        this.threads = threads;
        this.free = new Semaphore(atOnce);
    }

    /** Where lanes come from. */
    @FunctionalInterface
    public interface Lanes {
        /**
         * A new lane.
         *
         * @param atOnce pieces of work that may be open at once
         */
        Lane lane(String name, int atOnce);
    }

    /** Threads that end when they have had nothing to do for a while. */
    public static Lane onThreads(String name, int atOnce) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                IDLE_KEPT.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name + "-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
        return new Lane(threads, atOnce);
    }

    /** The caller's thread, for a place where nothing may run at once. It waits for everything, however long that takes. */
    @SuppressWarnings("unused") // by reference, as Lanes
    public static Lane onCaller(String name, int atOnce) {
        return new Lane(null, atOnce);
    }

    /** What came of a piece of work. */
    public sealed interface Outcome<T> {
        record Done<T>(T value) implements Outcome<T> {}

        record Failed<T>(Throwable cause) implements Outcome<T> {}

        /** It was not done in time; it was interrupted, and may still be at it. */
        record Late<T>() implements Outcome<T> {}

        /** It was not begun: too much is open. */
        record Busy<T>() implements Outcome<T> {}
    }

    /** Begins a piece of work. */
    public <T> Task<T> begin(Supplier<T> work) {
        Task<T> task = new Task<>(work);
        if (!free.tryAcquire()) {
            task.outcome.complete(new Outcome.Busy<>());
        } else if (threads == null) {
            task.run();
        } else {
            threads.execute(task);
        }
        return task;
    }

    /** A piece of work that was begun. */
    public final class Task<T> implements Runnable {
        private final Supplier<T> work;
        private final CompletableFuture<Outcome<T>> outcome = new CompletableFuture<>();
        /** Null unless it runs; guarded by this. */
        private @Nullable Thread runner;

        private Task(Supplier<T> work) {
            this.work = work;
        }

        /** For the lane's threads. */
        @Override
        public void run() {
            synchronized (this) {
                runner = Thread.currentThread();
            }
            Outcome<T> came = work();
            synchronized (this) {
                runner = null;
                if (threads != null) {
                    // Meant for this piece of work, not for the next one on this thread.
                    boolean _ = Thread.interrupted();
                }
            }
            // Before the outcome: whoever has it may ask for more at once.
            free.release();
            outcome.complete(came);
        }

        private Outcome<T> work() {
            try {
                return new Outcome.Done<>(work.get());
            } catch (RuntimeException | Error e) {
                return new Outcome.Failed<>(e);
            }
        }

        /**
         * Waits for the outcome.
         *
         * @param end on the clock of {@link System#nanoTime}; what is not done then is interrupted and not waited for
         */
        public Outcome<T> await(long end) {
            try {
                return outcome.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return cutOff();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return cutOff();
            } catch (ExecutionException e) {
                throw new IllegalStateException("work ends with an outcome", e);
            }
        }

        private synchronized Outcome<T> cutOff() {
            if (runner != null) {
                runner.interrupt();
            }
            return new Outcome.Late<>();
        }
    }
}
