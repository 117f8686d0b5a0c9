package doubleeleven.it.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The time of this machine's processors since it started, in ticks, as Linux counts it. What the host gave to its other guests is in it:
 * while they take much, answers are late for no reason of ours.
 *
 * @param taken by other guests of the host, "steal" in proc(5)
 */
record Processors(long all, long taken) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final Pattern BLANKS = Pattern.compile(" +");
    /** User, nice, system, idle, I/O, interrupts, soft interrupts and steal; guests of our own are in the first. */
    private static final int COLUMNS = 8;

    private static final long PERCENT = 100;

    /** What is counted by now; nothing where the system does not tell. */
    static Optional<Processors> read() {
        try (Stream<String> lines = Files.lines(STAT)) {
            return lines.findFirst().map(Processors::of);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Processors of(String line) {
        List<Long> ticks = BLANKS.splitAsStream(line)
                .skip(1)
                .limit(COLUMNS)
                .map(Long::valueOf)
                .toList();
        return new Processors(ticks.stream().mapToLong(Long::longValue).sum(), ticks.getLast());
    }

    /** Percent of the time since this was counted that others took; nothing where the system does not tell. */
    Optional<Long> takenUntilNow() {
        return read().map(now -> now.takenSince(this));
    }

    /** Percent of the time since then that others took. */
    long takenSince(Processors before) {
        return PERCENT * (taken - before.taken) / Math.max(1, all - before.all);
    }
}
