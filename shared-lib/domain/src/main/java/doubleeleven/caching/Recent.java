package doubleeleven.caching;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** What was read lately, kept for a bounded time and in a bounded number. Absence is never kept. */
public final class Recent<K, V> {
    private static final int MOST = 10_000;

    private record Kept<V>(V value, Instant until) {}

    private final Function<K, Optional<V>> source;
    private final Duration age;
    private final Clock clock;
    private final Map<K, Kept<V>> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
            return size() > MOST;
        }
    };

    public Recent(Function<K, Optional<V>> source, Duration age, Clock clock) {
        this.source = source;
        this.age = age;
        this.clock = clock;
    }

    public Optional<V> find(K key) {
        return find(key, value -> true);
    }

    /** What was read lately if it is good enough, else what is there now. */
    public synchronized Optional<V> find(K key, Predicate<V> enough) {
        Instant now = clock.instant();
        Kept<V> known = kept.get(key);
        if (known != null && now.isBefore(known.until()) && enough.test(known.value())) {
            return Optional.of(known.value());
        }
        Optional<V> read = source.apply(key);
        kept.remove(key);
        read.ifPresent(value -> kept.put(key, new Kept<>(value, now.plus(age))));
        return read;
    }
}
