package doubleeleven.routing;

import doubleeleven.ids.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Consecutive shards, both ends included, written {@code 00-33}. */
public record ShardRange(int first, int last) {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{2})-([0-9]{2})");

    public ShardRange {
        if (first < 0 || last >= Shard.COUNT || first > last) {
            throw new IllegalArgumentException("not a range of shards 00 to 99: " + first + "-" + last);
        }
    }

    /** Shards with what they have in common. */
    record Run<T>(ShardRange range, T value) {}

    /** Empty for what is no range, one that ends before it begins included. */
    public static Optional<ShardRange> parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(written.group(1));
        int last = Integer.parseInt(written.group(2));
        return first > last ? Optional.empty() : Optional.of(new ShardRange(first, last));
    }

    /** The longest ranges whose shards all have the same value; shards without one are in none. */
    static <T> List<Run<T>> runs(IntFunction<@Nullable T> values) {
        List<Run<T>> runs = new ArrayList<>();
        for (int first = 0; first < Shard.COUNT; ) {
            T value = values.apply(first);
            int last = first;
            while (value != null && last + 1 < Shard.COUNT && value.equals(values.apply(last + 1))) {
                last++;
            }
            if (value != null) {
                runs.add(new Run<>(new ShardRange(first, last), value));
            }
            first = last + 1;
        }
        return runs;
    }

    /** Each shard in it, in order. */
    public IntStream numbers() {
        return IntStream.rangeClosed(first, last);
    }

    @Override
    public String toString() {
        return new Shard(first) + "-" + new Shard(last);
    }
}
