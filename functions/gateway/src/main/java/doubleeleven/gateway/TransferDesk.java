package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.CustomerProfile;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.Consent;
import doubleeleven.payment.PaymentKind;
import java.util.List;
import java.util.Optional;

/**
 * POST /transfers: from one customer's balance to another's. The payer's unit runs it; whose unit the payee's is does not matter, because
 * every Region writes every item.
 */
final class TransferDesk {
    private final Profiles profiles;
    private final Consents consents;
    private final Dispatcher dispatcher;
    private final Outcomes outcomes;

    TransferDesk(Profiles profiles, Consents consents, Dispatcher dispatcher, Outcomes outcomes) {
        this.profiles = profiles;
        this.consents = consents;
        this.dispatcher = dispatcher;
        this.outcomes = outcomes;
    }

    Checked<Answer> transfer(Call call) {
        return TransferRequest.read(call.body()).then(request -> transfer(call, request));
    }

    private Checked<Answer> transfer(Call call, TransferRequest request) {
        Optional<CustomerProfile> payer = profiles.customer(request.payer());
        if (payer.isEmpty()) {
            return new Checked.Refused<>(Problem.invalid("payer", "is not a customer"));
        }
        Optional<CustomerProfile> payee = profiles.customer(request.payee());
        if (payee.isEmpty()) {
            return new Checked.Refused<>(Problem.invalid("payee", "is not a customer"));
        }
        if (!payee.get().currency().equals(request.amount().getCurrencyUnit())) {
            return new Checked.Refused<>(Problem.invalid(
                    "currency", "must be " + payee.get().currency() + ", the currency of the payee's balance"));
        }
        return switch (consents.forTransfer(payer.get(), request)) {
            case Checked.Passed<Consent>(Consent consent) ->
                outcomes.run(call.caller(), attempt(call, request, consent));
            // A repetition of a call that was let in gets its outcome, even when the token has run out by now.
            case Checked.Refused<Consent>(Problem problem) ->
                outcomes.replay(attempt(call, request, new Consent(Consent.Kind.TOKEN, "-")))
                        .orElseGet(() -> new Checked.Refused<>(problem));
        };
    }

    private Attempt attempt(Call call, TransferRequest request, Consent consent) {
        OrderHash order = OrderHash.ofTransfer(request.payer(), request.transfer());
        String fingerprint = request.fingerprint();
        long amount = request.amount().getAmountMinorLong();
        List<Try> tries = List.of(
                Try.of(BranchKind.DEBIT, AccountKey.balanceOf(request.payer()), amount),
                Try.of(BranchKind.CREDIT, AccountKey.balanceOf(request.payee()), amount));
        Command command = new Command(
                PaymentKind.TRANSFER,
                new PaymentId(Shard.of(request.payer()), order),
                fingerprint,
                Attempt.keyDigest(call.key()),
                request.payer(),
                TopUps.NO_MERCHANT,
                request.transfer(),
                request.amount(),
                Attempt.branches(tries),
                List.of(),
                consent,
                null,
                null,
                dispatcher.ruleVersion(),
                call.trace().toString());
        return Attempt.of(AttemptId.of(order, call.key(), fingerprint), command, tries);
    }
}
