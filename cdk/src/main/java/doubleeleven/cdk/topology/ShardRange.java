package doubleeleven.cdk.topology;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Consecutive shards, both ends included, written {@code 00-33}. */
public record ShardRange(int first, int last) {
    public static final int SHARDS = 100;
    private static final Pattern WRITTEN = Pattern.compile("(\\d\\d)-(\\d\\d)");

    public ShardRange {
        if (first < 0 || last >= SHARDS || first > last) {
            throw new IllegalArgumentException("not a range of shards 00 to 99: " + first + "-" + last);
        }
    }

    static ShardRange parse(String text) {
        Matcher range = WRITTEN.matcher(text);
        if (!range.matches()) {
            throw new IllegalArgumentException("a range of shards is written like 00-33, not " + text);
        }
        return new ShardRange(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)));
    }

    IntStream shards() {
        return IntStream.rangeClosed(first, last);
    }

    @Override
    public String toString() {
        return String.format("%02d-%02d", first, last);
    }
}
