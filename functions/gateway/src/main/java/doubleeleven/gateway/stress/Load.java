package doubleeleven.gateway.stress;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What came of payments that were due: how many of each outcome, and how long those that were sent took from the moment at which they were
 * due. Loads add up.
 */
public final class Load {
    private static final long LONGEST_MICROS = Duration.ofMinutes(2).toNanos() / 1000;
    /** A hundredth of a latency is told from the next. */
    private static final int DIGITS = 2;

    private static final double SHARE_OF_P99 = 99;

    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Histogram latencies = new Histogram(1, LONGEST_MICROS, DIGITS);

    /** Counts one that was sent. */
    synchronized void sent(Outcome outcome, Duration sinceDue) {
        outcomes.merge(outcome, 1L, Long::sum);
        latencies.recordValue(Math.clamp(sinceDue.toNanos() / 1000, 1, LONGEST_MICROS));
    }

    /** Counts one that was due and was not sent. */
    synchronized void notSent() {
        outcomes.merge(Outcome.NOT_SENT, 1L, Long::sum);
    }

    synchronized Load plus(Load other) {
        Load both = new Load();
        both.add(this);
        both.add(other);
        return both;
    }

    private void add(Load other) {
        other.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
        latencies.add(other.latencies);
    }

    public synchronized Map<Outcome, Long> outcomes() {
        return Collections.unmodifiableMap(new EnumMap<>(outcomes));
    }

    synchronized long of(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** All that were due. */
    synchronized long due() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    long sent() {
        return due() - of(Outcome.NOT_SENT);
    }

    synchronized long good() {
        return outcomes.entrySet().stream()
                .filter(entry -> entry.getKey().isGood())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    long failed() {
        return due() - good();
    }

    /** Those that took longer than so many milliseconds. */
    synchronized long slowerThan(int millis) {
        long limit = 1000L * millis;
        // What the scale cannot tell from the limit is not slower.
        long above = latencies.highestEquivalentValue(limit) + 1;
        return above > LONGEST_MICROS ? 0 : latencies.getCountBetweenValues(above, LONGEST_MICROS);
    }

    synchronized long millisAt(double percentile) {
        return (latencies.getValueAtPercentile(percentile) + 999) / 1000;
    }

    long p99Millis() {
        return millisAt(SHARE_OF_P99);
    }

    synchronized long mostMillis() {
        return (latencies.getMaxValue() + 999) / 1000;
    }

    /** With all that is needed to add it to others. */
    public synchronized Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        Map<String, Object> counts = new LinkedHashMap<>();
        outcomes.forEach((outcome, count) -> counts.put(outcome.name(), count));
        json.put("outcomes", counts);
        ByteBuffer buffer = ByteBuffer.allocate(latencies.getNeededByteBufferCapacity());
        int length = latencies.encodeIntoCompressedByteBuffer(buffer);
        json.put("latencies", Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(buffer.array(), length)));
        return json;
    }

    /** Reads what {@link #toJson} wrote. */
    public static Load read(Map<String, ?> json) {
        Load load = new Load();
        Document.object(json.get("outcomes"))
                .forEach((name, count) -> load.outcomes.put(Outcome.valueOf(name), ((Number) count).longValue()));
        try {
            load.latencies.add(Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(Document.text(json, "latencies"))), LONGEST_MICROS));
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("no histogram", e);
        }
        return load;
    }
}
