package doubleeleven.gateway.operations;

import doubleeleven.gateway.operations.Books.Credited;
import doubleeleven.gateway.operations.Books.Lying;
import doubleeleven.gateway.operations.Explanation.OnAccount;
import doubleeleven.gateway.operations.Operated.Action;
import doubleeleven.payment.Payment;
import doubleeleven.routing.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a payment waits for, what happens next, and what an operator may do about it.
 *
 * @param text in sentences
 * @param may empty where waiting is all there is to do
 */
public record Diagnosis(String text, List<Action> may) {
    static Diagnosis of(
            JournalItem item, List<OnAccount> branches, List<OnAccount> payees, Traffic traffic, Instant now) {
        Payment payment = item.payment();
        return switch (payment.status()) {
            case TRYING -> undecided(item, now);
            case COMMITTED -> committed(item, branches, payees, traffic, now);
            case ABORTED -> aborted(item, branches, traffic, now);
            case SUCCEEDED -> new Diagnosis(succeeded(payees), List.of());
            case CLOSED ->
                new Diagnosis(
                        "It is closed, and everything was given back. Another attempt may claim the order.", List.of());
        };
    }

    private static String succeeded(List<OnAccount> payees) {
        String unposted = accounts(payees, state -> state.equals(Credited.ENTERED.name()));
        return unposted.isEmpty()
                ? "It is finished: there is nothing to wait for."
                : "It is finished. Its entry on " + unposted
                        + " waits for posting, which takes seconds; reconciliation asks again daily.";
    }

    private static Diagnosis undecided(JournalItem item, Instant now) {
        Instant deadline = item.asHint().deadline();
        if (deadline.isAfter(now)) {
            return new Diagnosis(
                    "Its workflow in " + item.by() + " may still decide it, until " + deadline + ", in "
                            + seconds(now, deadline) + " s. Then recovery aborts it within seconds.",
                    List.of());
        }
        return new Diagnosis(
                "Nobody decided it by its deadline, " + seconds(deadline, now)
                        + " s ago. Recovery aborts it within seconds where it"
                        + " runs (alarms recovery-silent, recovery-failed). Until then a retry or an abort by hand is safe: it is the same"
                        + " conditional write.",
                List.of(Action.RETRY, Action.ABORT));
    }

    private static Diagnosis committed(
            JournalItem item, List<OnAccount> branches, List<OnAccount> payees, Traffic traffic, Instant now) {
        String lost = accounts(branches, state -> state.equals(Lying.NOTHING.name()));
        if (!lost.isEmpty()) {
            return new Diagnosis(
                    "It is committed, and on " + lost
                            + " lies neither its hold nor a tombstone: phase two guesses nothing and gives up"
                            + " (alarm hold-missing). A retry does not help until it is known what changed that account.",
                    List.of(Action.RETRY));
        }
        String open = accounts(branches, Diagnosis::isReserved);
        String uncredited = accounts(payees, state -> state.equals(Credited.NOT_YET.name()));
        String waits = !open.isEmpty()
                ? "It is committed, and phase two has yet to confirm " + open
                : !uncredited.isEmpty()
                        ? "It is committed and confirmed, and phase two has yet to credit " + uncredited
                        : "It is committed, confirmed and credited, and phase two has yet to finish it";
        return new Diagnosis(waits + ". " + next(item, traffic, now), List.of(Action.RETRY));
    }

    private static Diagnosis aborted(JournalItem item, List<OnAccount> branches, Traffic traffic, Instant now) {
        String open = accounts(branches, Diagnosis::isReserved);
        return new Diagnosis(
                (open.isEmpty()
                                ? "It is aborted and holds nothing, and phase two has yet to leave its fences and close it"
                                : "It is aborted, and phase two has yet to give back what lies on " + open)
                        + ". "
                        + next(item, traffic, now),
                List.of(Action.RETRY));
    }

    private static String next(JournalItem item, Traffic traffic, Instant now) {
        Instant dueAt = item.asHint().dueAt();
        String when = dueAt.isAfter(now)
                ? "Recovery asks phase two again at " + dueAt + ", in " + seconds(now, dueAt) + " s."
                : "Recovery should have asked phase two again " + seconds(dueAt, now)
                        + " s ago and does so within seconds where it runs.";
        String phaseTwo = traffic.name(item.payment().unit().toLowerCase(Locale.ROOT) + "-"
                + item.payment().colour() + "-phase-two");
        return when
                + (item.asHint().isStuck(now)
                        ? " It is stuck: see the log group of " + phaseTwo + " and the dead letters of " + phaseTwo
                                + "-dlq, mend the cause, then retry."
                        : "");
    }

    private static boolean isReserved(String state) {
        return state.equals(Lying.HOLD.name()) || state.equals(Lying.INCOMING.name());
    }

    private static String accounts(List<OnAccount> branches, Predicate<String> state) {
        return branches.stream()
                .filter(branch -> state.test(branch.state()))
                .map(OnAccount::account)
                .collect(Collectors.joining(", "));
    }

    private static long seconds(Instant from, Instant to) {
        return Duration.between(from, to).toSeconds();
    }
}
