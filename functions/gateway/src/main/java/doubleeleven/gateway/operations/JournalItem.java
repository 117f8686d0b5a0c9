package doubleeleven.gateway.operations;

import doubleeleven.payment.Payment;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A payment item with what only operators read of it.
 *
 * @param operated what operators did, in order
 * @param finishedBy unit and colour whose phase two finished it
 */
public record JournalItem(
        Payment payment, List<Operated> operated, @Nullable String finishedBy) {
    /** Operators' actions that one item has room for: it must stay small, and who needs more needs something else. */
    public static final int MOST_ACTIONS = 20;

    public JournalItem {
        operated = List.copyOf(operated);
    }

    boolean isFull() {
        return operated.size() >= MOST_ACTIONS;
    }

    /** Whether that call's action is on record: a write whose answer was lost is met again. */
    boolean has(String operation) {
        return operated.stream().anyMatch(each -> each.id().equals(operation));
    }

    /** As it was before that call's action. */
    JournalItem before(String operation) {
        return new JournalItem(
                payment,
                operated.stream()
                        .takeWhile(each -> !each.id().equals(operation))
                        .toList(),
                finishedBy);
    }

    String by() {
        return payment.unit() + "-" + payment.colour();
    }

    /** The id that the API shows, or the item's key where no claim landed that would tell the shard. */
    public String id() {
        return payment.command() == null
                ? payment.order().value()
                : payment.command().id().toString();
    }

    OpenHint asHint() {
        Optional<Instant> decidedAt = Optional.ofNullable(payment.decidedAt());
        Instant dueAt = Optional.ofNullable(payment.dueAt())
                .or(() -> decidedAt)
                .orElseThrow(() -> new IllegalStateException("payment " + payment.order() + " is not dated"));
        Instant since =
                Optional.ofNullable(payment.claimedAt()).or(() -> decidedAt).orElse(dueAt);
        return new OpenHint(payment.order().value(), payment.status().name(), since, decidedAt, dueAt);
    }
}
