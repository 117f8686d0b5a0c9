package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.CustomerProfile;
import doubleeleven.account.MerchantProfile;
import doubleeleven.credit.InstalmentPlan;
import doubleeleven.credit.Terms;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.gateway.PaymentRequest.Agreement;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.Consent;
import doubleeleven.payment.Payee;
import doubleeleven.payment.PaymentKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** POST /payments. */
final class PayDesk {
    private final Accounts accounts;
    private final Profiles profiles;
    private final Consents consents;
    private final Dispatcher dispatcher;
    private final Outcomes outcomes;
    private final Terms terms;
    private final Switches switches;

    PayDesk(
            Accounts accounts,
            Profiles profiles,
            Consents consents,
            Dispatcher dispatcher,
            Outcomes outcomes,
            Terms terms,
            Switches switches) {
        this.switches = switches;
        this.terms = terms;
        this.accounts = accounts;
        this.profiles = profiles;
        this.consents = consents;
        this.dispatcher = dispatcher;
        this.outcomes = outcomes;
    }

    Checked<Answer> pay(Call call) {
        return PaymentRequest.read(call.body()).then(request -> pay(call, request));
    }

    private Checked<Answer> pay(Call call, PaymentRequest request) {
        String merchant = call.caller().actsFor();
        if (profiles.merchant(merchant).isEmpty()) {
            return new Checked.Refused<>(Problem.forbidden());
        }
        return payees(merchant, request).then(payees -> pay(call, request, payees));
    }

    private Checked<Answer> pay(Call call, PaymentRequest request, List<Shared> payees) {
        Optional<CustomerProfile> payer = profiles.customer(request.payer());
        if (payer.isEmpty()) {
            return new Checked.Refused<>(Problem.invalid("payer", "is not a customer"));
        }
        return plan(request).then(plan -> switch (consent(
                        payer.get(), call.caller().actsFor(), request, plan)
                .then(consent -> switches.allow(request, consent))) {
            case Checked.Passed<Consent>(Consent consent) ->
                outcomes.run(call.caller(), attempt(call, request, payees, plan, consent));
            // A repetition of a call that was let in gets its outcome, even when the token has run out by now
            // or what it pays with is switched off.
            case Checked.Refused<Consent>(Problem problem) ->
                outcomes.replay(attempt(call, request, payees, plan, new Consent(Consent.Kind.TOKEN, "-")))
                        .orElseGet(() -> new Checked.Refused<>(problem));
        });
    }

    /** How what is taken from the credit line is to be paid back; none where nothing is. */
    private Checked<Optional<InstalmentPlan>> plan(PaymentRequest request) {
        Optional<Source> lent = request.lent();
        if (lent.isEmpty()) {
            return new Checked.Passed<>(Optional.empty());
        }
        Optional<InstalmentPlan> plan = terms.plan(lent.get().instalments());
        return plan.isPresent()
                ? new Checked.Passed<>(plan)
                : new Checked.Refused<>(Problem.invalid(
                        "sources.instalments",
                        "must be 1 or one of "
                                + terms.feePpm().keySet().stream()
                                        .sorted()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", "))));
    }

    /** A merchant with what it gets. */
    private record Shared(Share share, MerchantProfile profile) {}

    /** Every merchant that gets money must be one, and be paid in the currency of the order. */
    private Checked<List<Shared>> payees(String merchant, PaymentRequest request) {
        List<FieldError> errors = new ArrayList<>();
        List<Shared> payees = new ArrayList<>();
        for (Share share : request.shares(merchant)) {
            Optional<MerchantProfile> profile = profiles.merchant(share.merchant());
            String field = "payees[" + request.payees().indexOf(share) + "].merchant";
            if (profile.isEmpty()) {
                errors.add(new FieldError(field, "is not a merchant"));
            } else if (!profile.get().currency().equals(request.amount().getCurrencyUnit())) {
                errors.add(
                        request.isShared()
                                ? new FieldError(
                                        field,
                                        "is paid in " + profile.get().currency()
                                                + ", which is not the currency of the order")
                                : new FieldError(
                                        "currency",
                                        "must be " + profile.get().currency()
                                                + ", the currency this merchant is paid in"));
            } else {
                payees.add(new Shared(share, profile.get()));
            }
        }
        return errors.isEmpty() ? new Checked.Passed<>(payees) : new Checked.Refused<>(Problem.invalid(errors));
    }

    private Checked<Consent> consent(
            CustomerProfile payer, String merchant, PaymentRequest request, Optional<InstalmentPlan> plan) {
        return switch (request.consent()) {
            case Agreement.Token(String jws) -> consents.forOrder(jws, request.payer(), payer, merchant, request, plan);
            case Agreement.Mandate(String id)
            when plan.isPresent() ->
                new Checked.Refused<>(
                        Problem.consent("A mandate covers what its merchant is paid, and no borrowing: " + id + "."));
            case Agreement.Mandate(String id)
            when request.isShared() ->
                new Checked.Refused<>(Problem.consent(
                        "A mandate covers what its own merchant is paid, and no order that several merchants share: "
                                + id + "."));
            case Agreement.Mandate(String id) ->
                consents.underMandate(
                        id, accounts.findFund(AccountKey.mandateOf(request.payer(), id)), merchant, request.amount());
        };
    }

    private Attempt attempt(
            Call call, PaymentRequest request, List<Shared> payees, Optional<InstalmentPlan> plan, Consent consent) {
        String merchant = call.caller().actsFor();
        OrderHash order = OrderHash.ofOrder(merchant, request.merchantOrder());
        String fingerprint = request.fingerprint(merchant);
        AttemptId id = AttemptId.of(order, call.key(), fingerprint);
        List<Try> tries = tries(request);
        Command command = new Command(
                PaymentKind.PAYMENT,
                new PaymentId(Shard.of(request.payer()), order),
                fingerprint,
                Attempt.keyDigest(call.key()),
                request.payer(),
                merchant,
                request.merchantOrder(),
                request.amount(),
                Attempt.branches(tries),
                payees.stream().map(payee -> payee(id, payee)).toList(),
                consent,
                null,
                plan.orElse(null),
                dispatcher.ruleVersion(),
                call.trace().toString());
        return Attempt.of(id, command, tries);
    }

    private static Payee payee(AttemptId id, Shared payee) {
        int bucket = Math.floorMod(id.value().hashCode(), payee.profile().buckets());
        return new Payee(payee.share().merchant(), bucket, payee.share().amountMinor());
    }

    private static List<Try> tries(PaymentRequest request) {
        List<Try> tries = new ArrayList<>();
        if (request.consent() instanceof Agreement.Mandate(String id)) {
            tries.add(Try.of(
                    BranchKind.ALLOWANCE,
                    AccountKey.mandateOf(request.payer(), id),
                    request.amount().getAmountMinorLong()));
        }
        request.sources()
                .forEach(source ->
                        tries.add(Try.of(BranchKind.DEBIT, source.account(request.payer()), source.amountMinor())));
        return tries;
    }
}
