package doubleeleven.risk;

import doubleeleven.risk.model.DefaultModel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A model that does not return before it is released. */
public final class Stalled implements DefaultModel, AutoCloseable {
    private final String name;
    private final String version;
    private final List<String> features;
    private final boolean deaf;
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch returned = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private Stalled(String name, String version, List<String> features, boolean deaf) {
        this.name = name;
        this.version = version;
        this.features = List.copyOf(features);
        this.deaf = deaf;
    }

    /** Goes on even if its thread is interrupted, as one that computes does. */
    public static Stalled deaf(String name, List<String> features) {
        return new Stalled(name, "1", features, true);
    }

    /** Returns if its thread is interrupted. */
    public static Stalled waiting(String name, List<String> features) {
        return new Stalled(name, "1", features, false);
    }

    public int calls() {
        return calls.get();
    }

    public Set<Thread> threads() {
        return threads;
    }

    public boolean isReleased() {
        return released.getCount() == 0;
    }

    public void release() {
        released.countDown();
    }

    public void awaitReturn() throws InterruptedException {
        returned.await();
    }

    @Override
    public double score(double[] values) {
        calls.incrementAndGet();
        threads.add(Thread.currentThread());
        try {
            stall();
        } finally {
            returned.countDown();
        }
        return 0;
    }

    private void stall() {
        while (!isReleased()) {
            try {
                released.await();
            } catch (InterruptedException e) {
                if (!deaf) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public List<String> features() {
        return features;
    }

    @Override
    public double probability(double score) {
        return score;
    }

    @Override
    public List<Reason> possibleReasons() {
        return List.of();
    }

    @Override
    public List<Reason> reasons(double[] values) {
        return List.of();
    }

    @Override
    public void close() {
        release();
    }
}
