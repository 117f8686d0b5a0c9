package doubleeleven.rig;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Threads that handle what arrives. */
public final class Workers implements AutoCloseable {
    private static final long IDLE_NANOS = 500_000;

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    Workers(List<Source> sources, int count) {
        for (int i = 0; i < count; i++) {
            int first = i;
            threads.add(Thread.ofPlatform().name("worker-" + i).start(() -> run(sources, first)));
        }
    }

    private void run(List<Source> sources, int first) {
        int idle = 0;
        for (int at = first; !closed; at++) {
            if (sources.get(Math.floorMod(at, sources.size())).poll() > 0) {
                idle = 0;
            } else if (++idle >= sources.size()) {
                LockSupport.parkNanos(IDLE_NANOS);
                idle = 0;
            }
        }
    }

    /** Stops once every batch under way is handled. */
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for workers", e);
            }
        }
    }
}
