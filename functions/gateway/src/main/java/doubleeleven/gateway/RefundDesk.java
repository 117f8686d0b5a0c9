package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.account.MerchantProfile;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.gateway.Units.Orphan;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.Fingerprint;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.joda.money.Money;

/** POST /payments/{id}/refunds. */
final class RefundDesk {
    /** After this time a hold is settled for whoever meets it; the workflow that meets one waits as long. */
    private static final Duration OVERDUE = Duration.ofSeconds(60);

    private final Takings takings;
    private final Payments payments;
    private final Profiles profiles;
    private final Dispatcher dispatcher;
    private final Outcomes outcomes;
    private final Clock clock;

    RefundDesk(
            Takings takings,
            Payments payments,
            Profiles profiles,
            Dispatcher dispatcher,
            Outcomes outcomes,
            Clock clock) {
        this.takings = takings;
        this.payments = payments;
        this.profiles = profiles;
        this.dispatcher = dispatcher;
        this.outcomes = outcomes;
        this.clock = clock;
    }

    Checked<Answer> refund(Call call) {
        return RefundRequest.read(call.body()).then(request -> {
            Optional<PaymentId> id = PaymentId.parse(call.variable("id"));
            Optional<Payment> original = id.flatMap(known -> payments.find(known.order()));
            Optional<Command> paid = original.map(Payment::command)
                    .filter(command -> command.id().equals(id.orElse(null))
                            && command.kind() == PaymentKind.PAYMENT
                            && call.caller().sees(command.merchant()));
            return paid.isEmpty()
                    ? new Checked.Refused<>(Problem.notFound())
                    : refund(call, request, original.orElseThrow(), paid.get());
        });
    }

    private Checked<Answer> refund(Call call, RefundRequest request, Payment original, Command paid) {
        if (request.amountMinor() > paid.amount().getAmountMinorLong()) {
            return new Checked.Refused<>(Problem.invalid(
                    "amount",
                    "must be an integer from 1 to " + paid.amount().getAmountMinorLong() + ", what was paid"));
        }
        Long available = original.refundableMinor();
        if (original.status() != PaymentStatus.SUCCEEDED || available == null) {
            return new Checked.Refused<>(notYet(original.status()));
        }
        MerchantProfile merchant = profiles.merchant(paid.merchant())
                .orElseThrow(() -> new IllegalStateException("a merchant that was paid has no profile"));
        List<Fund> buckets = takings.bucketsOf(merchant);
        Attempt attempt = attempt(call, request, paid, available, buckets);
        // The plan rests on balances, so a repetition may plan otherwise: it is known by its request, not by its
        // attempt.
        Optional<Payment> earlier = payments.find(attempt.order());
        Optional<Checked<Answer>> replay = outcomes.replay(earlier, attempt.command(), attempt.id());
        if (replay.isPresent()) {
            return replay.get();
        }
        boolean taken = earlier.isPresent()
                && (earlier.get().status() != PaymentStatus.CLOSED || usesKey(earlier.get(), attempt.command()));
        if (taken) {
            return new Checked.Refused<>(Outcomes.inTheWay(earlier, attempt.command()));
        }
        if (dependsOnAnother(request, original, paid, available)) {
            dispatcher.reclaim(attempt, overdue(original));
            return new Checked.Refused<>(Problem.of(
                            ProblemType.REFUND_IN_FLIGHT,
                            "What this refund may take, and from where, depends on another refund that is not settled yet."
                                    + " Nothing was started. Make the same call again in a moment, with the same idempotency key.")
                    .retrySoon());
        }
        return request.amountMinor() <= available && isNotPosted(request, merchant, buckets)
                ? new Checked.Refused<>(Problem.of(
                                ProblemType.PAYEE_NOT_POSTED,
                                "The merchant has taken enough, but its balance does not have it all yet. Nothing was started."
                                        + " Make the same call again in a moment, with the same idempotency key.")
                        .retrySoon())
                : outcomes.run(attempt);
    }

    /**
     * Whether another refund under way may still change what this one gets. Of several sources each share follows from what is left, so
     * they go one by one; of one source only a refund waits that needs what the other may give back.
     */
    private static boolean dependsOnAnother(
            RefundRequest request, Payment original, Command paid, long availableMinor) {
        long held =
                original.holds().values().stream().mapToLong(Hold::amountMinor).sum();
        return !original.holds().isEmpty()
                && request.amountMinor() <= availableMinor + held
                && (debits(paid).size() > 1 || request.amountMinor() > availableMinor);
    }

    /** Nobody else may ever come by: what waits for a hold has it settled, as the workflow does for accounts. */
    private List<Orphan> overdue(Payment original) {
        Instant now = clock.instant();
        AccountKey rest = new AccountKey(original.order().value(), null);
        return original.holds().entrySet().stream()
                .filter(hold -> hold.getValue().due().plus(OVERDUE).isBefore(now))
                .map(hold -> new Orphan(
                        hold.getValue().order().value(),
                        hold.getKey().value(),
                        new Branch(BranchKind.REFUNDABLE, rest, hold.getValue().amountMinor())))
                .toList();
    }

    private boolean isNotPosted(RefundRequest request, MerchantProfile merchant, List<Fund> buckets) {
        if (buckets.stream().mapToLong(Fund::availableMinor).sum() >= request.amountMinor()) {
            return false;
        }
        Takings.Balance balance = takings.of(merchant);
        return balance.postedMinor() + balance.unpostedMinor() >= request.amountMinor();
    }

    private static boolean usesKey(Payment earlier, Command asked) {
        return earlier.command() != null && earlier.command().key().equals(asked.key());
    }

    private static Problem notYet(PaymentStatus status) {
        return status == PaymentStatus.COMMITTED
                ? Problem.of(
                                ProblemType.PAYMENT_NOT_SETTLED,
                                "It is paid and about to be settled. Try again in a moment.")
                        .retrySoon()
                : Problem.of(
                        ProblemType.PAYMENT_NOT_REFUNDABLE,
                        "Only a payment that succeeded can be refunded; this one is " + status + ".");
    }

    private static List<Branch> debits(Command paid) {
        return paid.branches().stream()
                .filter(branch -> branch.kind() == BranchKind.DEBIT)
                .toList();
    }

    private Attempt attempt(Call call, RefundRequest request, Command paid, long availableMinor, List<Fund> buckets) {
        OrderHash original = paid.id().order();
        OrderHash order = original.refund(request.merchantRefund());
        List<Try> tries =
                RefundPlan.tries(original, order, debits(paid), availableMinor, request.amountMinor(), buckets);
        String fingerprint = request.fingerprint(original);
        Command command = new Command(
                PaymentKind.REFUND,
                new PaymentId(paid.id().shard(), order),
                fingerprint,
                Attempt.keyDigest(call.key()),
                paid.payer(),
                paid.merchant(),
                request.merchantRefund(),
                Money.ofMinor(paid.amount().getCurrencyUnit(), request.amountMinor()),
                Attempt.branches(tries),
                null,
                null,
                original,
                dispatcher.ruleVersion(),
                call.trace().toString());
        return Attempt.of(AttemptId.of(order, call.key(), planned(fingerprint, tries)), command, tries);
    }

    /** Two plans of one request are two attempts: only one of them can own the refund, and it brings its own branches with it. */
    private static String planned(String fingerprint, List<Try> tries) {
        List<String> parts = new ArrayList<>(List.of(fingerprint));
        for (Try each : tries) {
            parts.add(each.branch().kind().name());
            parts.add(each.branch().account().toString());
            parts.add(Long.toString(each.branch().amountMinor()));
        }
        return Fingerprint.of(parts.toArray(String[]::new));
    }
}
