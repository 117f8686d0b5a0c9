package doubleeleven.gateway.aws;

import doubleeleven.aws.Pause;
import doubleeleven.gateway.stress.Pace;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Real time, and a thread for each call that is under way. */
final class ThreadPace implements Pace {
    /** Each holds a connection, and a function has a thousand files. */
    private static final int MOST = 800;

    private final long began = System.nanoTime();
    private final Semaphore free = new Semaphore(MOST);
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Override
    public void await(Duration since) {
        Pause.of(since.minus(elapsed()));
    }

    @Override
    public boolean begin(Runnable call) {
        if (!free.tryAcquire()) {
            return false;
        }
        calls.execute(() -> {
            try {
                call.run();
            } finally {
                free.release();
            }
        });
        return true;
    }

    @Override
    public void finish() {
        calls.close();
    }
}
