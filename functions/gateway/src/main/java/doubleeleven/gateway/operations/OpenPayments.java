package doubleeleven.gateway.operations;

import doubleeleven.gateway.operations.Books.Sight;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/** Lists open payments, the oldest first. */
public final class OpenPayments {
    /** Looked at for one answer; at a peak more are open than anybody can read, and most of them for milliseconds. */
    static final int MOST_LOOKED_AT = 50_000;

    private final Books books;
    private final Clock clock;

    public OpenPayments(Books books, Clock clock) {
        this.books = books;
        this.clock = clock;
    }

    /** Where a page ended: the next one goes on behind it, whatever came or went meanwhile. */
    public record Position(Instant since, String key) {}

    /**
     * What is asked for.
     *
     * @param after the end of an earlier page
     */
    public record Wanted(List<String> units, boolean stuckOnly, int most, Optional<Position> after) {}

    /**
     * One payment.
     *
     * @param id as the API shows it, or the item's key where it tells no more
     * @param item empty where no schema fits it
     * @param why it is stuck; empty where it is not
     */
    public record Row(String id, Optional<JournalItem> item, OpenHint state, Optional<String> why) {
        /** When it must have been decided, or its phase two have ended. */
        public Instant deadline() {
            return state.deadline();
        }
    }

    /**
     * A part of the list.
     *
     * @param next where to go on; empty at the end
     * @param complete whether every open payment of these units was looked at
     */
    public record Page(List<Row> rows, Optional<Position> next, boolean complete) {}

    public Page list(Wanted wanted) {
        Instant now = clock.instant();
        // The youngest of those kept so far is the first to go.
        PriorityQueue<OpenHint> oldest = new PriorityQueue<>(OpenHint.OLDEST_FIRST.reversed());
        int looked = 0;
        boolean more = false;
        try (Stream<OpenHint> hints = wanted.units().stream().flatMap(books::open)) {
            for (Iterator<OpenHint> each = hints.iterator(); looked < MOST_LOOKED_AT && each.hasNext(); looked++) {
                OpenHint hint = each.next();
                if (isWanted(hint, wanted, now)) {
                    oldest.add(hint);
                    if (oldest.size() > wanted.most()) {
                        oldest.remove();
                        more = true;
                    }
                }
            }
        }
        List<OpenHint> page = oldest.stream().sorted(OpenHint.OLDEST_FIRST).toList();
        Optional<Position> next = more
                ? Optional.of(
                        new Position(page.getLast().since(), page.getLast().key()))
                : Optional.empty();
        return new Page(rows(page, wanted, now), next, looked < MOST_LOOKED_AT);
    }

    private static boolean isWanted(OpenHint hint, Wanted wanted, Instant now) {
        boolean behind = wanted.after()
                .map(end -> hint.since().isAfter(end.since())
                        || (hint.since().equals(end.since()) && hint.key().compareTo(end.key()) > 0))
                .orElse(true);
        return behind && (!wanted.stuckOnly() || hint.isStuck(now));
    }

    private List<Row> rows(List<OpenHint> hints, Wanted wanted, Instant now) {
        Map<String, Sight> sights = books.read(hints.stream().map(OpenHint::key).toList());
        List<Row> rows = new ArrayList<>();
        for (OpenHint hint : hints) {
            switch (sights.get(hint.key())) {
                case Sight.Seen(JournalItem item)
                when !item.payment().status().isTerminal() -> {
                    OpenHint state = item.asHint();
                    if (!wanted.stuckOnly() || state.isStuck(now)) {
                        rows.add(new Row(item.id(), Optional.of(item), state, why(state, now)));
                    }
                }
                case Sight.Unreadable(String why) ->
                    rows.add(new Row(
                            hint.key(),
                            Optional.empty(),
                            hint,
                            Optional.of("Its item cannot be read, so recovery leaves it as it is: " + why)));
                case Sight.Seen _ -> {} // finished since the index last heard of it
                case null -> {}
            }
        }
        return rows;
    }

    private static Optional<String> why(OpenHint state, Instant now) {
        if (!state.isStuck(now)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (state.status()) {
                    case "TRYING" -> "Nobody decided, and recovery has not aborted it: does recovery run?";
                    case "COMMITTED" -> "Phase two has not confirmed and finished it, however often recovery asked.";
                    default -> "Phase two has not given everything back, however often recovery asked.";
                });
    }
}
