package doubleeleven.payment.phasetwo;

import doubleeleven.account.Tombstone;
import doubleeleven.ids.AttemptId;
import doubleeleven.payment.Branch;
import doubleeleven.payment.Payment;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Removes old tombstones, many at once, when an account is written anyway. A tombstone goes only when its payment has been terminal for
 * longer than any request of it can still be under way.
 */
final class Pruner {
    /** Workers live for a minute at most; a quarter of an hour leaves room for clocks that disagree. */
    static final Duration QUIET = Duration.ofMinutes(15);
    /** So one write in this many is spent on pruning. */
    static final int BATCH = 16;
    /** One expression names no more than this: it must stay under 4 KB however long an account was not pruned. */
    static final int BATCH_MAX = 50;

    private final Payments payments;
    private final Accounts accounts;

    Pruner(Payments payments, Accounts accounts) {
        this.payments = payments;
        this.accounts = accounts;
    }

    void prune(Branch branch, Map<AttemptId, Tombstone> tombstones, Instant now) {
        Instant quietSince = now.minus(QUIET);
        List<Map.Entry<AttemptId, Tombstone>> old = tombstones.entrySet().stream()
                .filter(entry -> entry.getValue().at().isBefore(quietSince))
                .toList();
        if (old.size() < BATCH) {
            return;
        }
        Set<AttemptId> quiet = old.stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().at()))
                .limit(BATCH_MAX)
                .filter(entry -> payments.find(entry.getValue().order())
                        .filter(payment -> isQuiet(payment, entry.getKey(), quietSince))
                        .isPresent())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        if (!quiet.isEmpty()) {
            accounts.prune(branch, quiet);
        }
    }

    /** A tombstone of another attempt was left after that attempt was aborted, so the tombstone's own age speaks for it. */
    private static boolean isQuiet(Payment payment, AttemptId attempt, Instant quietSince) {
        return payment.isOver(attempt)
                && (!attempt.equals(payment.attempt())
                        || (payment.finishedAt() != null && payment.finishedAt().isBefore(quietSince)));
    }
}
