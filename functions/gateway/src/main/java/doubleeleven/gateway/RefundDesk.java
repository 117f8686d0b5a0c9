package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.account.MerchantProfile;
import doubleeleven.credit.Loan;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.gateway.Units.Orphan;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payee;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.joda.money.Money;

/** POST /payments/{id}/refunds. */
final class RefundDesk {
    private final Accounts accounts;
    private final Takings takings;
    private final Payments payments;
    private final Credits credits;
    private final Profiles profiles;
    private final Dispatcher dispatcher;
    private final Outcomes outcomes;
    private final Clock clock;

    RefundDesk(
            Accounts accounts,
            Takings takings,
            Payments payments,
            Credits credits,
            Profiles profiles,
            Dispatcher dispatcher,
            Outcomes outcomes,
            Clock clock) {
        this.accounts = accounts;
        this.takings = takings;
        this.payments = payments;
        this.credits = credits;
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
                            && call.caller().sees(command));
            return paid.isEmpty()
                    ? new Checked.Refused<>(Problem.notFound())
                    : payee(call.caller(), request, paid.get())
                            .then(payee -> refund(call, request, original.orElseThrow(), paid.get(), payee));
        });
    }

    /** Who gives back: the only payee, or of several the one that is named, by itself or by whose order it is. */
    private static Checked<Payee> payee(Caller caller, RefundRequest request, Command paid) {
        List<String> allowed = paid.payees().stream()
                .map(Payee::merchant)
                .filter(merchant -> caller.sees(paid.merchant()) || caller.sees(merchant))
                .toList();
        String named = request.merchant() == null && !paid.isShared() ? allowed.getFirst() : request.merchant();
        return named != null && allowed.contains(named)
                ? new Checked.Passed<>(paid.payee(named).orElseThrow())
                : new Checked.Refused<>(Problem.invalid(
                        "merchant",
                        "must be "
                                + (allowed.size() == 1
                                        ? allowed.getFirst() + ", the payee you refund for"
                                        : "one of " + String.join(", ", allowed) + ", the payees of this payment")));
    }

    private Checked<Answer> refund(Call call, RefundRequest request, Payment original, Command paid, Payee payee) {
        if (request.amountMinor() > payee.amountMinor()) {
            return new Checked.Refused<>(Problem.invalid(
                    "amount",
                    "must be an integer from 1 to " + payee.amountMinor()
                            + (paid.isShared() ? ", what " + payee.merchant() + " was paid" : ", what was paid")));
        }
        Long available = original.refundableMinor();
        if (original.status() != PaymentStatus.SUCCEEDED || available == null) {
            return new Checked.Refused<>(notYet(original.status()));
        }
        MerchantProfile merchant = profiles.merchant(payee.merchant())
                .orElseThrow(() -> new IllegalStateException("a merchant that was paid has no profile"));
        List<Fund> buckets = takings.bucketsOf(merchant);
        Optional<Debt> debt = debt(original, paid);
        List<Limit> limits = limits(original, paid, payee, available, debt);
        Attempt attempt = attempt(call, request, paid, payee, limits, buckets, debt);
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
        // What exceeds one of the limits, whatever becomes of others, is left to the holds to decline.
        boolean mayFit = limits.stream().allMatch(limit -> limit.mayFit(request.amountMinor()));
        if (mayFit && limits.stream().anyMatch(limit -> limit.isUncertain(request.amountMinor()))) {
            Instant now = clock.instant();
            dispatcher.reclaim(
                    paid.id().shard(),
                    paid.payer(),
                    limits.stream()
                            .flatMap(limit -> Orphan.overdue(limit.kind(), limit.key(), limit.holds(), now).stream())
                            .toList(),
                    call.trace().toString());
            return new Checked.Refused<>(Problem.of(
                            ProblemType.REFUND_IN_FLIGHT,
                            "What this refund may take, and from where, depends on another refund or repayment that is not settled yet."
                                    + " Nothing was started. Make the same call again in a moment, with the same idempotency key.")
                    .retrySoon());
        }
        boolean within = limits.stream().allMatch(limit -> limit.isWithin(request.amountMinor()));
        return within && isNotPosted(request, merchant, buckets)
                ? new Checked.Refused<>(Problem.of(
                                ProblemType.PAYEE_NOT_POSTED,
                                "The merchant has taken enough, but its balance does not have it all yet. Nothing was started."
                                        + " Make the same call again in a moment, with the same idempotency key.")
                        .retrySoon())
                : outcomes.run(call.caller(), attempt);
    }

    /**
     * What a refund is held on so that it never gives back too much.
     *
     * @param exact whether what this refund gets follows from what is left
     */
    private record Limit(
            BranchKind kind, AccountKey key, long availableMinor, Map<AttemptId, Hold> holds, boolean exact) {
        /** Whether there is enough if every other refund under way gives back what it holds. */
        boolean mayFit(long amountMinor) {
            return isDebt()
                    || amountMinor
                            <= availableMinor
                                    + holds.values().stream()
                                            .mapToLong(Hold::amountMinor)
                                            .sum();
        }

        boolean isWithin(long amountMinor) {
            return isDebt() || amountMinor <= availableMinor;
        }

        /** What exceeds what is owed goes to the balance: it limits no refund. */
        private boolean isDebt() {
            return kind == BranchKind.OWED;
        }

        /**
         * Whether another refund under way may still change what one of that amount gets. Of several sources each share follows from what is
         * left, so they go one by one; else only a refund waits that needs what the other may give back.
         */
        boolean isUncertain(long amountMinor) {
            return !holds.isEmpty() && (exact || amountMinor > availableMinor);
        }
    }

    /** What a payment on credit left to be paid back. */
    private Optional<Debt> debt(Payment original, Command paid) {
        return original.loan().map(opened -> {
            Loan loan = credits.findLoan(opened.key())
                    .orElseThrow(() -> new IllegalStateException("a payment on credit succeeded without its loan"));
            return new Debt(
                    loan,
                    loan.parts().isEmpty()
                            ? Credits.Bills.NONE
                            : credits.bills(
                                    paid.payer(), loan.parts().getFirst().bill()));
        });
    }

    /**
     * What is left of the payment; where several merchants share it, also what is left of the payee's share; where it was paid on credit,
     * also what is owed for it.
     */
    private List<Limit> limits(Payment original, Command paid, Payee payee, long availableMinor, Optional<Debt> debt) {
        List<Limit> limits = new ArrayList<>();
        limits.add(new Limit(
                BranchKind.REFUNDABLE,
                new AccountKey(original.order().value(), null),
                availableMinor,
                original.holds(),
                debits(paid).size() > 1 || debt.isPresent()));
        if (paid.isShared()) {
            AccountKey key = original.entryOf(payee).key();
            Entry share = accounts.entries(List.of(key)).stream()
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("a payment succeeded without its entry " + key));
            Long rest = share.refundableMinor();
            limits.add(new Limit(BranchKind.SHARE, key, rest == null ? 0 : rest, share.holds(), false));
        }
        debt.ifPresent(known -> {
            Loan loan = known.loan();
            limits.add(new Limit(BranchKind.OWED, loan.key(), loan.unbilledMinor(), loan.holds(), true));
            known.billed()
                    .forEach(owed -> limits.add(
                            new Limit(BranchKind.OWED, owed.key(), owed.availableMinor(), owed.holds(), true)));
        });
        return limits;
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

    private Attempt attempt(
            Call call,
            RefundRequest request,
            Command paid,
            Payee payee,
            List<Limit> limits,
            List<Fund> buckets,
            Optional<Debt> debt) {
        OrderHash original = paid.id().order();
        OrderHash order = paid.isShared()
                ? original.refund(payee.merchant(), request.merchantRefund())
                : original.refund(request.merchantRefund());
        List<Try> tries = RefundPlan.tries(
                original,
                limits.stream()
                        .filter(limit -> limit.kind() == BranchKind.SHARE)
                        .map(Limit::key)
                        .findFirst(),
                order,
                debits(paid),
                limits.getFirst().availableMinor(),
                request.amountMinor(),
                buckets,
                debt);
        String fingerprint = request.fingerprint(paid, payee);
        Command command = new Command(
                PaymentKind.REFUND,
                new PaymentId(paid.id().shard(), order),
                fingerprint,
                Attempt.keyDigest(call.key()),
                paid.payer(),
                payee.merchant(),
                request.merchantRefund(),
                Money.ofMinor(paid.amount().getCurrencyUnit(), request.amountMinor()),
                Attempt.branches(tries),
                List.of(),
                null,
                original,
                null,
                dispatcher.ruleVersion(),
                call.trace().toString());
        return Attempt.of(AttemptId.of(order, call.key(), Attempt.planned(fingerprint, tries)), command, tries);
    }
}
