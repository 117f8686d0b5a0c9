package doubleeleven.gateway;

import doubleeleven.account.Fund;
import doubleeleven.account.MerchantProfile;
import doubleeleven.gateway.Attempt.Try;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.joda.money.Money;

/** POST /payments/{id}/refunds. */
final class RefundDesk {
    private final Accounts accounts;
    private final Payments payments;
    private final Profiles profiles;
    private final Dispatcher dispatcher;
    private final Outcomes outcomes;

    RefundDesk(Accounts accounts, Payments payments, Profiles profiles, Dispatcher dispatcher, Outcomes outcomes) {
        this.accounts = accounts;
        this.payments = payments;
        this.profiles = profiles;
        this.dispatcher = dispatcher;
        this.outcomes = outcomes;
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
        Optional<MerchantProfile> merchant = profiles.merchant(paid.merchant());
        List<Fund> buckets = merchant.map(accounts::bucketsOf).orElse(List.of());
        if (buckets.isEmpty()) {
            throw new IllegalStateException("a merchant that was paid has no balance");
        }
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
        return taken ? new Checked.Refused<>(Outcomes.refusal(earlier, attempt.command())) : outcomes.run(attempt);
    }

    private static boolean usesKey(Payment earlier, Command asked) {
        return earlier.command() != null && earlier.command().key().equals(asked.key());
    }

    private static Problem notYet(PaymentStatus status) {
        return status == PaymentStatus.COMMITTED
                ? Problem.conflict(
                                "payment-not-settled",
                                "The payment is not settled yet",
                                "It is paid and about to be settled. Try again in a moment.")
                        .retrySoon()
                : Problem.conflict(
                        "payment-not-refundable",
                        "The payment cannot be refunded",
                        "Only a payment that succeeded can be refunded; this one is " + status + ".");
    }

    private Attempt attempt(Call call, RefundRequest request, Command paid, long availableMinor, List<Fund> buckets) {
        OrderHash original = paid.id().order();
        List<Branch> debits = paid.branches().stream()
                .filter(branch -> branch.kind() == BranchKind.DEBIT)
                .toList();
        List<Try> tries = RefundPlan.tries(original, debits, availableMinor, request.amountMinor(), buckets);
        OrderHash order = original.refund(request.merchantRefund());
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
