package doubleeleven.gateway.release;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one gateway counted and has not handed in. It hands in one colour's counts at a time and at most once a second, beside some payment
 * that is answered already; what cannot be handed in is left out, as every count may be: it was drawn whatever its payment came to.
 */
public final class TallySheet {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private record Cell(String unit, String colour) {}

    private final Counts counts;
    private final Consumer<RuntimeException> failed;
    private final Clock clock;
    /** Whoever waits longest comes first. */
    private final Map<Cell, Tally> waiting = new LinkedHashMap<>();

    private Instant next = Instant.MIN;

    /**
     * Starts empty.
     *
     * @param failed told where counts could not be handed in
     */
    public TallySheet(Counts counts, Consumer<RuntimeException> failed, Clock clock) {
        this.counts = counts;
        this.failed = failed;
        this.clock = clock;
    }

    /** Counts one run. */
    public synchronized void count(String unit, String colour, Ending ending, Duration latency) {
        waiting.merge(new Cell(unit, colour), Tally.of(ending, latency), Tally::plus);
        if (!clock.instant().isBefore(next)) {
            handIn();
        }
    }

    private void handIn() {
        Iterator<Map.Entry<Cell, Tally>> first = waiting.entrySet().iterator();
        Map.Entry<Cell, Tally> entry = first.next();
        Cell cell = entry.getKey();
        Tally tally = entry.getValue();
        // Nobody knows whether counts arrived whose answer did not, so they are not handed in again.
        first.remove();
        try {
            counts.add(cell.unit(), cell.colour(), tally);
            next = clock.instant().plus(EVERY);
        } catch (RuntimeException e) {
            next = clock.instant().plus(PAUSE);
            failed.accept(e);
        }
    }
}
