package doubleeleven.gateway.stress;

import java.time.Duration;
import java.util.stream.LongStream;

/**
 * When one worker sends what in one slice of a step. Payments of a step are numbered; number i is due i / rate seconds after the step's
 * begin, whatever became of those before it: callers do not wait for one another. Whole numbers alone, so that no payment is lost or sent
 * twice where slices and workers meet.
 */
record Schedule(int rate, int percent, int stepSeconds, int sliceSeconds, int slice, int workers, int worker) {
    private static final long PERCENT = 100;
    private static final long NANOS = 1_000_000_000;

    static Schedule of(Plan plan, Slice slice, int worker) {
        return new Schedule(
                plan.rate(),
                plan.steps().get(slice.step()),
                plan.stepSeconds(),
                plan.sliceSeconds(),
                slice.number(),
                slice.workers(),
                worker);
    }

    /** Numbers of this worker's payments, in the order in which they are due. */
    LongStream numbers() {
        long first = dueBefore(begin());
        long mine = first + Math.floorMod(worker - first, (long) workers);
        return LongStream.iterate(mine, number -> number < dueBefore(end()), number -> number + workers);
    }

    /** When a payment is due, since the slice's begin. */
    Duration due(long number) {
        return Duration.ofNanos(
                Math.multiplyExact(number, PERCENT * NANOS) / ((long) rate * percent) - begin() * NANOS);
    }

    /** How long the slice lasts. */
    Duration length() {
        return Duration.ofSeconds(end() - begin());
    }

    private long begin() {
        return Math.min(stepSeconds, (long) slice * sliceSeconds);
    }

    private long end() {
        return Math.min(stepSeconds, (slice + 1L) * sliceSeconds);
    }

    /** Payments of the step that are due before so many of its seconds are over. */
    private long dueBefore(long seconds) {
        return Math.ceilDiv(seconds * rate * percent, PERCENT);
    }
}
