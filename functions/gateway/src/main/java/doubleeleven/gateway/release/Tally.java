package doubleeleven.gateway.release;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/**
 * How many payments came to what.
 *
 * @param endings none is left out
 * @param latencies of those that were answered, by bucket of {@link Latencies}
 */
public record Tally(Map<Ending, Long> endings, List<Long> latencies) {
    public static final Tally NONE = new Tally(Map.of(), Collections.nCopies(Latencies.BUCKETS, 0L));

    public Tally {
        Map<Ending, Long> all = new EnumMap<>(Ending.class);
        for (Ending ending : Ending.values()) {
            all.put(ending, endings.getOrDefault(ending, 0L));
        }
        endings = Collections.unmodifiableMap(all);
        latencies = List.copyOf(latencies);
        if (latencies.size() != Latencies.BUCKETS) {
            throw new IllegalArgumentException("latencies have " + Latencies.BUCKETS + " buckets: " + latencies);
        }
    }

    static Tally of(Ending ending, Duration latency) {
        List<Long> latencies = new ArrayList<>(NONE.latencies());
        if (ending.isAnswer()) {
            latencies.set(Latencies.bucket(latency), 1L);
        }
        return new Tally(Map.of(ending, 1L), latencies);
    }

    public Tally plus(Tally other) {
        return with(other, Long::sum);
    }

    /** What came since; a replica that lags behind what was seen before has nothing new. */
    public Tally since(Tally before) {
        return with(before, (now, then) -> Math.max(0, now - then));
    }

    private Tally with(Tally other, LongBinaryOperator operator) {
        Map<Ending, Long> both = new EnumMap<>(Ending.class);
        for (Ending ending : Ending.values()) {
            both.put(ending, operator.applyAsLong(of(ending), other.of(ending)));
        }
        List<Long> merged = new ArrayList<>();
        for (int i = 0; i < Latencies.BUCKETS; i++) {
            merged.add(operator.applyAsLong(latencies.get(i), other.latencies.get(i)));
        }
        return new Tally(both, merged);
    }

    public long of(Ending ending) {
        return endings.getOrDefault(ending, 0L);
    }

    /** All of them. */
    public long payments() {
        return endings.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Those that the colour gave no answer to. */
    public long lost() {
        return of(Ending.FAILED) + of(Ending.OPEN);
    }

    public long answered() {
        return payments() - lost();
    }

    /** Answers that took longer than that bucket. */
    public long slowerThan(int bucket) {
        return latencies.stream().skip(bucket + 1L).mapToLong(Long::longValue).sum();
    }

    /** The bucket that this share of the answers is not slower than. */
    public int quantile(double share) {
        long wanted = (long)
                Math.ceil(share * latencies.stream().mapToLong(Long::longValue).sum());
        long seen = 0;
        for (int i = 0; i < Latencies.BUCKETS; i++) {
            seen += latencies.get(i);
            if (seen >= wanted) {
                return i;
            }
        }
        return Latencies.BUCKETS - 1;
    }
}
