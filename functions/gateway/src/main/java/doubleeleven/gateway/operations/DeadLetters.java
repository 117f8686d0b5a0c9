package doubleeleven.gateway.operations;

import doubleeleven.gateway.operations.Books.Sight;
import doubleeleven.gateway.operations.Interventions.Wish;
import doubleeleven.gateway.operations.Queues.Letter;
import doubleeleven.gateway.operations.Queues.Move;
import doubleeleven.payment.Payment;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was given up in this Region: shows it, and brings it back to where it came from. */
public final class DeadLetters {
    private final List<DeadLetterQueue> all;
    private final Queues queues;
    private final Books books;
    private final RedriveRecord.Store store;
    private final Clock clock;

    public DeadLetters(List<DeadLetterQueue> all, Queues queues, Books books, RedriveRecord.Store store, Clock clock) {
        this.all = List.copyOf(all);
        this.queues = queues;
        this.books = books;
        this.store = store;
        this.clock = clock;
    }

    /** A queue with how many messages wait in it. */
    public record Depth(DeadLetterQueue queue, long waiting) {}

    /**
     * A message with what it is about.
     *
     * @param payment key of the payment item, where it names one
     * @param status of that payment now
     */
    public record Shown(
            Letter letter,
            @Nullable String payment,
            @Nullable String attempt,
            @Nullable String why,
            @Nullable String status,
            String redrive) {}

    /** Some of a queue's messages, what became of the last redrive, and who has redriven lately, and why. */
    public record Preview(
            Depth depth, List<Shown> messages, Optional<Move> lastMove, List<RedriveRecord> recent, Instant at) {}

    /** What came of the wish to bring messages back. */
    public sealed interface Redriven {
        /** All of them are on their way. */
        record Moving(Depth depth) implements Redriven {}

        record Moved(Depth depth, int messages) implements Redriven {}

        record NothingToDo(String why) implements Redriven {}

        /** They came from no queue. */
        record Nowhere(String why) implements Redriven {}
    }

    public List<Depth> list() {
        return all.stream().map(this::depth).toList();
    }

    public Optional<DeadLetterQueue> find(String name) {
        return all.stream().filter(queue -> queue.name().equals(name)).findFirst();
    }

    public Preview preview(DeadLetterQueue queue, int most) {
        List<Letter> letters = queues.look(queue.name(), most);
        Map<String, Sight> sights = books.read(letters.stream()
                .map(letter -> text(letter, "pk"))
                .filter(Objects::nonNull)
                .distinct()
                .toList());
        Instant now = clock.instant();
        List<Shown> shown = new ArrayList<>();
        for (Letter letter : letters) {
            String key = text(letter, "pk");
            shown.add(shown(queue, letter, key, key == null ? null : sights.get(key), now));
        }
        Optional<Move> lastMove = queue.source().isPresent() ? queues.lastMove(queue.name()) : Optional.empty();
        return new Preview(depth(queue), shown, lastMove, store.recent(queue, now), now);
    }

    public Redriven redrive(DeadLetterQueue queue, OptionalInt most, Wish wish) {
        String source = queue.source().orElse(null);
        if (source == null) {
            return new Redriven.Nowhere(queue.remedy());
        }
        Depth depth = depth(queue);
        if (depth.waiting() == 0) {
            return new Redriven.NothingToDo("No message waits in " + queue.name() + ".");
        }
        Optional<Move> last = queues.lastMove(queue.name());
        if (last.filter(Move::isUnderWay).isPresent()) {
            return new Redriven.NothingToDo("A redrive of all messages is under way and has moved "
                    + last.get().moved() + " so far.");
        }
        RedriveRecord asked = new RedriveRecord(
                wish.id(), clock.instant(), wish.key(), queue, wish.reason(), most, RedriveRecord.ASKED);
        store.record(asked);
        if (most.isEmpty()) {
            queues.moveAll(queue.name(), source);
            store.conclude(asked.with("MOVING " + depth.waiting()));
            return new Redriven.Moving(depth);
        }
        int moved = queues.moveSome(queue.name(), source, most.getAsInt());
        store.conclude(asked.with("MOVED " + moved));
        return new Redriven.Moved(depth, moved);
    }

    private Depth depth(DeadLetterQueue queue) {
        return new Depth(queue, queues.waiting(queue.name()));
    }

    private static Shown shown(
            DeadLetterQueue queue, Letter letter, @Nullable String key, @Nullable Sight sight, Instant now) {
        String attempt = text(letter, "attempt");
        String why = text(letter, "why");
        String status = switch (sight) {
            case null -> key == null ? null : "NONE";
            case Sight.Unreadable _ -> "UNREADABLE";
            case Sight.Seen(JournalItem item) -> item.payment().status().name();
        };
        String id = sight instanceof Sight.Seen(JournalItem item) ? item.id() : key;
        // The relay's messages tell of a decision and say no why.
        return new Shown(
                letter,
                id,
                attempt,
                why == null && attempt != null ? "DECIDED" : why,
                status,
                letter.body().isEmpty() && queue.source().isPresent()
                        ? "It is no JSON object, so it would come back here."
                        : effect(queue, letter, sight, attempt, now));
    }

    private static String effect(
            DeadLetterQueue queue, Letter letter, @Nullable Sight sight, @Nullable String attempt, Instant now) {
        return switch (queue.purpose()) {
            case PHASE_TWO ->
                attempt == null
                        ? "It names no attempt, so it would come back here."
                        : settled(sight, attempt, letter, now);
            case POSTING ->
                "Posting takes the entries of " + text(letter, "merchant")
                        + " into its balance; what was posted stays as it is.";
            case FEATURES -> "Risk counts the payment into its payer's features.";
            case NOTIFICATIONS ->
                letter.body().get("to") instanceof List<?> left
                        ? "Told again: " + left.stream().map(String::valueOf).collect(Collectors.joining(", ")) + "."
                        : "Every merchant whom the decision concerns is told again.";
            case NONE -> "It is not moved back: it came from no queue.";
        };
    }

    private static String settled(@Nullable Sight sight, String attempt, Letter letter, Instant now) {
        return switch (sight) {
            case null -> "Phase two aborts the attempt, whose claim never landed, and gives back what it holds.";
            case Sight.Unreadable(String why) ->
                "Phase two cannot read the payment, so it would come back here: " + why;
            case Sight.Seen(JournalItem item)
            when !item.payment().attempt().value().equals(attempt) ->
                "Phase two sees to it that this attempt, which does not own the order, is aborted and holds nothing.";
            case Sight.Seen(JournalItem item) -> settled(item.payment(), item, letter, now);
        };
    }

    private static String settled(Payment payment, JournalItem item, Letter letter, Instant now) {
        return switch (payment.status()) {
            case TRYING ->
                item.asHint().deadline().isAfter(now)
                        ? "Nothing: the payment may be decided until "
                                + item.asHint().deadline() + "."
                        : "Phase two aborts the payment and gives everything back.";
            case COMMITTED -> "Phase two confirms the holds, credits the payee and finishes the payment.";
            case ABORTED -> "Phase two gives everything back and closes the payment.";
            case SUCCEEDED, CLOSED ->
                letter.body().containsKey("branches")
                        ? "The payment is over; phase two makes sure that the attempt left no hold behind."
                        : "Nothing: the payment is over.";
        };
    }

    private static @Nullable String text(Letter letter, String field) {
        return letter.body().get(field) instanceof String text ? text : null;
    }
}
