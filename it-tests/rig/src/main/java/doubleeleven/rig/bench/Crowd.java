package doubleeleven.rig.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Callers that do something over and over, all at once. */
final class Crowd {
    private static final int DIGITS = 3;

    private Crowd() {}

    /**
     * How long it took.
     *
     * @param nanos each single time
     * @param seconds all together
     */
    record Times(Histogram nanos, double seconds) {
        double perSecond() {
            return nanos.getTotalCount() / seconds;
        }

        double percentileMillis(double percent) {
            return nanos.getValueAtPercentile(percent) / 1e6;
        }

        /** Both together, one after the other. */
        Times and(Times next) {
            Histogram all = nanos.copy();
            all.add(next.nanos);
            return new Times(all, seconds + next.seconds);
        }
    }

    /**
     * Does it so many times by so many callers.
     *
     * @param what whose single times are taken
     * @param after what each caller does afterwards, within the time of all together
     */
    static Times times(int count, int callers, IntConsumer what, Runnable after) throws InterruptedException {
        Histogram nanos = new ConcurrentHistogram(DIGITS);
        AtomicInteger next = new AtomicInteger();
        Callable<Void> caller = () -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                long began = System.nanoTime();
                what.accept(i);
                nanos.recordValue(System.nanoTime() - began);
                after.run();
            }
            return null;
        };
        long began = System.nanoTime();
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            all.add(caller);
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(callers)) {
            for (Future<Void> each : executor.invokeAll(all)) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a call failed", e.getCause());
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Times(nanos, seconds);
    }
}
