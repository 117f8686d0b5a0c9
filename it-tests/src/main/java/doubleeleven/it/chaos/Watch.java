package doubleeleven.it.chaos;

import doubleeleven.it.audit.Conservation;
import doubleeleven.it.audit.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Waits for the end of what a fault touched, and notes what has none. */
final class Watch {
    /** By then all must be terminal. */
    static final Duration PROMISED = Duration.ofSeconds(60);

    /** By then we give up: a client stays with its call for three minutes. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private final long ended;
    private long last;
    private long terminal;
    private boolean idle;
    private List<String> unfinished = List.of("nothing was looked at");
    private List<String> stuck = List.of();
    private boolean judged;

    /**
     * Begins to watch.
     *
     * @param ended when the fault was over
     */
    Watch(long ended) {
        this.ended = ended;
        this.last = ended;
        this.terminal = ended;
    }

    /**
     * What is not terminal.
     *
     * @param touched orders that the fault may have touched
     * @param idle whether no other payment is under way: then nothing whatsoever may be open, and nothing reserved
     */
    static List<String> unfinished(Snapshot tables, Set<String> touched, boolean idle) {
        return idle
                ? Conservation.unfinished(tables)
                : tables.open().stream()
                        .filter(payment -> touched.contains(payment.order()))
                        .map(payment -> "payment " + payment.order() + " is open: " + payment.status())
                        .toList();
    }

    /** Takes one look at the tables into account. */
    void see(long now, boolean nothingElse, List<String> seen) {
        if (seen.isEmpty() && !unfinished.isEmpty()) {
            terminal = now;
        }
        if (!judged && now - ended > PROMISED.toNanos()) {
            judged = true;
            stuck = seen;
        }
        last = now;
        idle = nothingElse;
        unfinished = seen;
    }

    boolean isOver() {
        return (idle && unfinished.isEmpty()) || last - ended > LONGEST.toNanos();
    }

    /** From the fault's end until nothing that it touched was open any more; until we gave up where something is. */
    double seconds() {
        return ((unfinished.isEmpty() ? terminal : last) - ended) / 1e9;
    }

    /** What was not terminal when it should have been. */
    List<String> stuck() {
        return stuck;
    }

    /** What is not terminal yet. */
    List<String> open() {
        return unfinished;
    }
}
