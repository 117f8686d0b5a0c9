package doubleeleven.gateway.operations;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.gateway.operations.Books.Credited;
import doubleeleven.gateway.operations.Books.Lying;
import doubleeleven.payment.Branch;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payee;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.RiskVerdict;
import doubleeleven.routing.Traffic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one payment: what happened, when, by whom and why; what lies where right now; what it waits for.
 *
 * @param lying one for each account of the attempt, the payees' last
 */
public record Explanation(JournalItem item, List<Step> steps, List<OnAccount> lying, Diagnosis diagnosis) {
    /**
     * One thing that happened.
     *
     * @param account the item's key as text
     * @param by unit and colour, risk policy, or an operator's key; null where the item does not say
     */
    public record Step(
            Instant at,
            String step,
            String outcome,
            @Nullable String account,
            @Nullable String by,
            @Nullable String why) {}

    /**
     * What lies on one account for the attempt now.
     *
     * @param state of a branch its {@link Lying}, of a payee its {@link Credited}
     */
    public record OnAccount(String account, String role, long amountMinor, String state) {}

    static Explanation of(JournalItem item, Books books, Traffic traffic, Instant now) {
        List<OnAccount> branches = branches(item.payment(), books);
        List<OnAccount> payees = payees(item.payment(), books);
        List<OnAccount> lying = new ArrayList<>(branches);
        lying.addAll(payees);
        return new Explanation(item, steps(item), lying, Diagnosis.of(item, branches, payees, traffic, now));
    }

    private static List<OnAccount> branches(Payment payment, Books books) {
        Command command = payment.command();
        if (command == null) {
            return List.of();
        }
        return command.branches().stream()
                .map((Branch branch) -> new OnAccount(
                        branch.account().toString(),
                        branch.kind().name(),
                        branch.amountMinor(),
                        books.lyingOn(branch, payment.attempt()).name()))
                .toList();
    }

    private static List<OnAccount> payees(Payment payment, Books books) {
        Command command = payment.command();
        Instant decidedAt = payment.decidedAt();
        if (command == null || decidedAt == null || !payment.status().isPaid()) {
            return List.of();
        }
        return command.payees().stream()
                .map((Payee payee) -> {
                    Entry expected = Entry.of(
                            payee.merchant(),
                            payee.bucket(),
                            payment.attempt(),
                            decidedAt,
                            payee.amountMinor(),
                            command.amount().getCurrencyUnit(),
                            payment.order());
                    return new OnAccount(
                            AccountKey.bucketOf(payee.merchant(), payee.bucket())
                                    .toString(),
                            "PAYEE",
                            payee.amountMinor(),
                            books.credited(expected).name());
                })
                .toList();
    }

    private static List<Step> steps(JournalItem item) {
        Payment payment = item.payment();
        PaymentStatus status = payment.status();
        List<Step> steps = new ArrayList<>();
        if (payment.claimedAt() != null) {
            // Once recovery or an operator decided, the item no longer says who claimed; a workflow leaves what it
            // tried.
            boolean known = status == PaymentStatus.TRYING || !payment.tried().isEmpty();
            steps.add(new Step(payment.claimedAt(), "CLAIM", "CLAIMED", null, known ? item.by() : null, null));
        }
        payment.tried()
                .forEach(tried ->
                        steps.add(new Step(tried.at(), "HOLD", tried.outcome(), tried.account(), item.by(), null)));
        risk(payment).ifPresent(steps::add);
        if (payment.decidedAt() != null) {
            steps.add(new Step(
                    payment.decidedAt(),
                    "DECISION",
                    status.isPaid() ? "COMMITTED" : "ABORTED",
                    null,
                    decidedBy(item),
                    payment.reasons().isEmpty() ? null : String.join(", ", payment.reasons())));
        }
        @Nullable String finishedBy = item.finishedBy();
        payment.settled()
                .forEach(settled -> steps.add(
                        new Step(settled.at(), "SETTLE", settled.outcome(), settled.account(), finishedBy, null)));
        if (payment.finishedAt() != null) {
            steps.add(new Step(payment.finishedAt(), "FINISH", status.name(), null, finishedBy, null));
        }
        item.operated()
                .forEach(operated -> steps.add(new Step(
                        operated.at(),
                        "OPERATOR_" + operated.action(),
                        operated.result().name(),
                        null,
                        operated.key(),
                        operated.reason())));
        // Stable: equal times keep the order of the protocol.
        return steps.stream().sorted(Comparator.comparing(Step::at)).toList();
    }

    private static Optional<Step> risk(Payment payment) {
        RiskVerdict risk = payment.risk();
        if (risk == null || payment.decidedAt() == null) {
            return Optional.empty();
        }
        List<String> why = new ArrayList<>(risk.reasons());
        if (risk.degraded()) {
            why.add("without the payer's features");
        }
        return Optional.of(new Step(
                payment.decidedAt(),
                "RISK",
                risk.decision(),
                null,
                risk.policy(),
                why.isEmpty() ? null : String.join(", ", why)));
    }

    private static String decidedBy(JournalItem item) {
        return item.operated().stream()
                .filter(operated -> operated.action() == Operated.Action.ABORT
                        && operated.attempt().equals(item.payment().attempt()))
                .map(Operated::key)
                .findFirst()
                .orElse(item.by());
    }
}
