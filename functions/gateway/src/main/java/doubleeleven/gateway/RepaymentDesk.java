package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.CustomerProfile;
import doubleeleven.account.MerchantProfile;
import doubleeleven.credit.Lender;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import doubleeleven.credit.Repayment;
import doubleeleven.credit.Share;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.gateway.Units.Orphan;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.Consent;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.joda.money.Money;

/**
 * POST /customers/{customer}/repayments: from a customer's balance to what the customer owes, the oldest bill first, on each bill its fees,
 * then its interest, then its principal; then what is not billed yet.
 */
final class RepaymentDesk {
    /** No bill is older. */
    static final YearMonth FIRST = YearMonth.of(2000, 1);
    /** A loan has twelve instalments at most; after that a hold that was given back may be left for one more bill. */
    static final Duration UNBILLED_AT_MOST = Duration.ofDays(500);

    private final Credits credits;
    private final Payments payments;
    private final Profiles profiles;
    private final Consents consents;
    private final Dispatcher dispatcher;
    private final Outcomes outcomes;
    private final Clock clock;

    RepaymentDesk(
            Credits credits,
            Payments payments,
            Profiles profiles,
            Consents consents,
            Dispatcher dispatcher,
            Outcomes outcomes,
            Clock clock) {
        this.credits = credits;
        this.payments = payments;
        this.profiles = profiles;
        this.consents = consents;
        this.dispatcher = dispatcher;
        this.outcomes = outcomes;
        this.clock = clock;
    }

    Checked<Answer> repay(Call call) {
        String customer = call.variable("customer");
        return RepaymentRequest.read(call.body()).then(request -> {
            Optional<CustomerProfile> profile = profiles.customer(customer);
            if (profile.isEmpty()) {
                return new Checked.Refused<>(Problem.notFound());
            }
            if (!profile.get().currency().equals(request.amount().getCurrencyUnit())) {
                return new Checked.Refused<>(Problem.invalid(
                        "currency", "must be " + profile.get().currency() + ", the currency of the customer"));
            }
            OrderHash order = OrderHash.ofRepayment(customer, request.repayment());
            Optional<Payment> earlier = payments.find(order);
            // What is owed changes with what was paid back, so a repetition is known by its request, not by its
            // attempt.
            Optional<Command> same = earlier.map(Payment::command)
                    .filter(command -> command.fingerprint().equals(request.fingerprint(customer))
                            && command.key().equals(Attempt.keyDigest(call.key())));
            return same.isPresent()
                    ? outcomes.replay(earlier, same.get(), earlier.orElseThrow().attempt())
                            .orElseThrow()
                    : consents.forRepayment(customer, profile.get(), request)
                            .then(consent -> repay(call, new Asked(customer, request, consent, order), earlier));
        });
    }

    /** A repayment that its customer agreed to. */
    private record Asked(String customer, RepaymentRequest request, Consent consent, OrderHash order) {}

    private Checked<Answer> repay(Call call, Asked asked, Optional<Payment> earlier) {
        List<Owed> billed = credits.bills(asked.customer(), FIRST).owed();
        List<Loan> loans = credits.loans(asked.customer(), clock.instant().minus(UNBILLED_AT_MOST));
        boolean held = billed.stream().anyMatch(owed -> !owed.holds().isEmpty())
                || loans.stream().anyMatch(loan -> !loan.holds().isEmpty());
        if (held) {
            dispatcher.reclaim(
                    Shard.of(asked.customer()),
                    asked.customer(),
                    overdue(billed, loans),
                    call.trace().toString());
            return new Checked.Refused<>(Problem.of(
                            ProblemType.REPAYMENT_IN_FLIGHT,
                            "What is owed depends on another repayment or refund that is not settled yet."
                                    + " Nothing was started. Make the same call again in a moment, with the same idempotency key.")
                    .retrySoon());
        }
        return switch (Repayment.of(asked.request().amount(), billed, loans)) {
            case Repayment.OutOfRange(Money least, Money most) -> new Checked.Refused<>(outOfRange(least, most));
            case Repayment.Allocated allocated
            when allocated.shares().size() > Limits.MOST_OWED -> new Checked.Refused<>(tooMany(allocated));
            case Repayment.Allocated allocated -> {
                Attempt attempt = attempt(call, asked, allocated);
                yield earlier.isPresent() && earlier.get().status() != PaymentStatus.CLOSED
                        ? new Checked.Refused<>(Outcomes.inTheWay(earlier, attempt.command()))
                        : outcomes.run(call.caller(), attempt);
            }
        };
    }

    private List<Orphan> overdue(List<Owed> billed, List<Loan> loans) {
        Instant now = clock.instant();
        return Stream.concat(
                        billed.stream().map(owed -> Orphan.overdue(BranchKind.OWED, owed.key(), owed.holds(), now)),
                        loans.stream().map(loan -> Orphan.overdue(BranchKind.OWED, loan.key(), loan.holds(), now)))
                .flatMap(List::stream)
                .toList();
    }

    private static Problem outOfRange(Money least, Money most) {
        return most.isZero()
                ? Problem.of(ProblemType.NOTHING_TO_DO, "The customer owes nothing.")
                : Problem.invalid(
                        "amount",
                        "must be an integer from " + least.getAmountMinorLong() + " to " + most.getAmountMinorLong()
                                + ", all that is owed");
    }

    /** Many small loans that are not billed yet: more calls, each for as much as one payment item has room for. */
    private static Problem tooMany(Repayment.Allocated allocated) {
        long most = allocated.shares().stream()
                .limit(Limits.MOST_OWED)
                .mapToLong(Share::amountMinor)
                .sum();
        return Problem.invalid(
                "amount",
                "must be an integer from 1 to " + most + ": one repayment takes from " + Limits.MOST_OWED
                        + " bills and loans at most");
    }

    private Attempt attempt(Call call, Asked asked, Repayment.Allocated allocated) {
        String customer = asked.customer();
        RepaymentRequest request = asked.request();
        List<Try> tries = tries(asked, allocated);
        Command command = new Command(
                PaymentKind.REPAYMENT,
                new PaymentId(Shard.of(customer), asked.order()),
                request.fingerprint(customer),
                Attempt.keyDigest(call.key()),
                customer,
                TopUps.NO_MERCHANT,
                request.repayment(),
                request.amount(),
                Attempt.branches(tries),
                List.of(),
                asked.consent(),
                null,
                null,
                dispatcher.ruleVersion(),
                call.trace().toString());
        return Attempt.of(
                AttemptId.of(asked.order(), call.key(), Attempt.planned(command.fingerprint(), tries)), command, tries);
    }

    /** The balance pays; the line gets back what it lent, the lender what that cost. */
    private List<Try> tries(Asked asked, Repayment.Allocated allocated) {
        List<Try> tries = new ArrayList<>();
        tries.add(Try.of(
                BranchKind.DEBIT,
                AccountKey.balanceOf(asked.customer()),
                asked.request().amount().getAmountMinorLong()));
        allocated.shares().forEach(share -> tries.add(Try.of(BranchKind.OWED, share.item(), share.amountMinor())));
        if (allocated.principalMinor() > 0) {
            tries.add(Try.of(BranchKind.CREDIT, AccountKey.creditLineOf(asked.customer()), allocated.principalMinor()));
        }
        if (allocated.costMinor() > 0) {
            tries.add(Try.of(BranchKind.CREDIT, lender(asked), allocated.costMinor()));
        }
        return tries;
    }

    private AccountKey lender(Asked asked) {
        String lender = Lender.of(asked.request().amount().getCurrencyUnit());
        MerchantProfile profile = profiles.merchant(lender)
                .orElseThrow(
                        () -> new IllegalStateException("nobody lends as " + lender + ", and yet something is owed"));
        return AccountKey.bucketOf(lender, Math.floorMod(asked.order().value().hashCode(), profile.buckets()));
    }
}
