package doubleeleven.gateway.release;

import java.time.Duration;

/** A scale for latencies from a millisecond to a quarter of a minute, in steps of the square root of two. */
public final class Latencies {
    public static final int BUCKETS = 30;

    /** So many buckets further, a payment takes twice as long. */
    public static final int DOUBLE = 2;

    private Latencies() {}

    /** The bucket of a latency; what lies outside of the scale is at its end. */
    public static int bucket(Duration latency) {
        long millis = Math.max(1, latency.toMillis());
        int bucket = (int) Math.floor(DOUBLE * Math.log((double) millis) / Math.log(2) + 1e-9);
        return Math.min(bucket, BUCKETS - 1);
    }

    /** What every latency of a bucket stays below, but for the last one's. */
    public static long belowMillis(int bucket) {
        return Math.round(Math.pow(2, (bucket + 1) / (double) DOUBLE));
    }
}
