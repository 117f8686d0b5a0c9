package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.CustomerProfile;
import doubleeleven.account.MerchantProfile;
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

/** POST /payments. */
final class PayDesk {
    private final Accounts accounts;
    private final Profiles profiles;
    private final Consents consents;
    private final Dispatcher dispatcher;
    private final Outcomes outcomes;

    PayDesk(Accounts accounts, Profiles profiles, Consents consents, Dispatcher dispatcher, Outcomes outcomes) {
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
        Optional<MerchantProfile> payee = profiles.merchant(merchant);
        if (payee.isEmpty()) {
            return new Checked.Refused<>(Problem.forbidden());
        }
        if (!payee.get().currency().equals(request.amount().getCurrencyUnit())) {
            return new Checked.Refused<>(Problem.invalid(
                    "currency", "must be " + payee.get().currency() + ", the currency this merchant is paid in"));
        }
        Optional<CustomerProfile> payer = profiles.customer(request.payer());
        if (payer.isEmpty()) {
            return new Checked.Refused<>(Problem.invalid("payer", "is not a customer"));
        }
        return switch (consent(payer.get(), merchant, request)) {
            case Checked.Passed<Consent>(Consent consent) -> outcomes.run(attempt(call, request, payee.get(), consent));
            // A repetition of a call that was let in gets its outcome, even when the token has run out by now.
            case Checked.Refused<Consent>(Problem problem) ->
                outcomes.replay(attempt(call, request, payee.get(), new Consent(Consent.Kind.TOKEN, "-")))
                        .orElseGet(() -> new Checked.Refused<>(problem));
        };
    }

    private Checked<Consent> consent(CustomerProfile payer, String merchant, PaymentRequest request) {
        return switch (request.consent()) {
            case Agreement.Token(String jws) -> consents.forOrder(jws, request.payer(), payer, merchant, request);
            case Agreement.Mandate(String id) ->
                consents.underMandate(
                        id, accounts.findFund(AccountKey.mandateOf(request.payer(), id)), merchant, request.amount());
        };
    }

    private Attempt attempt(Call call, PaymentRequest request, MerchantProfile payee, Consent consent) {
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
                new Payee(merchant, Math.floorMod(id.value().hashCode(), payee.buckets())),
                consent,
                null,
                dispatcher.ruleVersion(),
                call.trace().toString());
        return Attempt.of(id, command, tries);
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
