package doubleeleven.gateway.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one gateway has to tell the watcher: which units it gave up, and which of those it reaches again. While it gave none up it tells
 * nothing, so payments pay nothing for it. It tells after a payment is served, and leaves out what cannot be told.
 */
public final class TrafficSheet {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private record Cell(String unit, String colour) {}

    private record Event(Cell cell, boolean missed) {}

    private final TrafficReports reports;
    private final Consumer<RuntimeException> failed;
    private final Clock clock;
    /** Those whose loss was told, with when. */
    private final Map<Cell, Instant> told = new HashMap<>();

    private final List<Event> waiting = new ArrayList<>();

    /** @param failed told where something could not be told */
    public TrafficSheet(TrafficReports reports, Consumer<RuntimeException> failed, Clock clock) {
        this.reports = reports;
        this.failed = failed;
        this.clock = clock;
    }

    /** A unit was given up, or was tried again and is still out of reach. */
    public synchronized void missed(String unit, String colour) {
        Cell cell = new Cell(unit, colour);
        Instant now = clock.instant();
        if (!told.getOrDefault(cell, Instant.MIN).isAfter(now.minus(EVERY))) {
            told.put(cell, now);
            waiting.add(new Event(cell, true));
        }
    }

    /** A payment got through, perhaps to a unit that was never lost. */
    public synchronized void reached(String unit, String colour) {
        Cell cell = new Cell(unit, colour);
        if (told.remove(cell) != null) {
            waiting.add(new Event(cell, false));
        }
    }

    /** Tells what there is to tell. */
    public synchronized void handIn() {
        for (Event event : waiting) {
            try {
                Cell cell = event.cell();
                if (event.missed()) {
                    reports.missed(cell.unit(), cell.colour(), clock.instant());
                } else {
                    reports.reached(cell.unit(), cell.colour(), clock.instant());
                }
            } catch (RuntimeException e) {
                failed.accept(e);
            }
        }
        waiting.clear();
    }
}
