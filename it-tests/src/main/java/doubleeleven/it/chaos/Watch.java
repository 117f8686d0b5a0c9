package doubleeleven.it.chaos;

import doubleeleven.it.audit.Conservation;
import doubleeleven.it.audit.Snapshot;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Waits for the end of what a fault touched, and notes what has none. */
final class Watch {
    /** By then all must be terminal. */
    static final Duration PROMISED = Duration.ofSeconds(60);

    /** By then we give up: a client stays with its call for three minutes. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private final long ended;
    private final Map<String, Long> since = new HashMap<>();
    private final SortedMap<String, String> stuck = new TreeMap<>();
    private Set<String> inDoubt = Set.of();
    private Map<String, String> unfinished = Map.of();
    private long last;
    private long terminal;
    private boolean idle;
    private boolean looked;

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
     * What is not terminal, in words, each under a name that it keeps to its end.
     *
     * @param touched orders that the fault may have touched
     * @param idle whether no other payment is under way: then nothing whatsoever may be open, and nothing reserved
     */
    static Map<String, String> unfinished(Snapshot tables, Set<String> touched, boolean idle) {
        Map<String, String> unfinished = new HashMap<>();
        tables.open().stream()
                .filter(payment -> idle || touched.contains(payment.order()))
                .forEach(payment -> unfinished.put(
                        payment.order() + "/" + payment.attempt(),
                        "payment " + payment.order() + " is open: " + payment.status()));
        if (unfinished.isEmpty() && idle) {
            Conservation.unfinished(tables).forEach(hold -> unfinished.put(hold, hold));
        }
        return unfinished;
    }

    /** Takes one look at the tables into account. */
    void see(long now, boolean nothingElse, Map<String, String> seen) {
        // What is there at the first look was left open by the fault; what comes later was begun anew by a client who
        // tried again.
        long began = looked ? now : ended;
        inDoubt = looked ? inDoubt : Set.copyOf(seen.keySet());
        looked = true;
        if (terminal == ended && Collections.disjoint(inDoubt, seen.keySet())) {
            terminal = now;
        }
        seen.forEach((name, what) -> {
            if (now - since.computeIfAbsent(name, first -> began) > PROMISED.toNanos()) {
                stuck.put(name, what);
            }
        });
        last = now;
        idle = nothingElse;
        unfinished = seen;
    }

    boolean isOver() {
        return (idle && unfinished.isEmpty()) || last - ended > LONGEST.toNanos();
    }

    /** From the fault's end until nothing that it had left open was open any more; until we gave up where something is. */
    double seconds() {
        return ((terminal == ended ? last : terminal) - ended) / 1e9;
    }

    /** What was not terminal a minute after the fault's end, or after its own beginning where that was later. */
    List<String> stuck() {
        return List.copyOf(stuck.values());
    }

    /** What is not terminal yet. */
    List<String> open() {
        return unfinished.values().stream().sorted().toList();
    }
}
