package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.CustomerProfile;
import doubleeleven.account.MerchantProfile;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.PaymentKind;
import java.util.List;
import java.util.Optional;
import org.joda.money.CurrencyUnit;

/** POST /customers/{customer}/top-ups and /merchants/{merchant}/top-ups: money comes in, by the protocol of every payment. */
final class TopUps {
    /** Stands in a customer's deposit where payments name their merchant. No merchant is called so. */
    static final String NO_MERCHANT = "-";

    private final Profiles profiles;
    private final Dispatcher dispatcher;
    private final Outcomes outcomes;

    TopUps(Profiles profiles, Dispatcher dispatcher, Outcomes outcomes) {
        this.profiles = profiles;
        this.dispatcher = dispatcher;
        this.outcomes = outcomes;
    }

    Checked<Answer> ofCustomer(Call call) {
        String customer = call.variable("customer");
        return topUp(
                call,
                profiles.customer(customer).map(CustomerProfile::currency),
                new Owner("C#" + customer, customer, NO_MERCHANT, AccountKey.balanceOf(customer)));
    }

    Checked<Answer> ofMerchant(Call call) {
        String merchant = call.variable("merchant");
        return topUp(
                call,
                profiles.merchant(merchant).map(MerchantProfile::currency),
                new Owner("M#" + merchant, merchant, merchant, AccountKey.bucketOf(merchant, 0)));
    }

    private record Owner(String name, String payer, String merchant, AccountKey account) {}

    private Checked<Answer> topUp(Call call, Optional<CurrencyUnit> currency, Owner owner) {
        return TopUpRequest.read(call.body()).then(request -> {
            if (currency.isEmpty()) {
                return new Checked.Refused<>(Problem.notFound());
            }
            return currency.get().equals(request.amount().getCurrencyUnit())
                    ? outcomes.run(call.caller(), attempt(call, request, owner))
                    : new Checked.Refused<>(
                            Problem.invalid("currency", "must be " + currency.get() + ", the currency of the account"));
        });
    }

    private Attempt attempt(Call call, TopUpRequest request, Owner owner) {
        OrderHash order = OrderHash.ofDeposit(owner.name(), request.reference());
        String fingerprint = request.fingerprint(owner.name());
        List<Try> tries = List.of(
                Try.of(BranchKind.CREDIT, owner.account(), request.amount().getAmountMinorLong()));
        Command command = new Command(
                PaymentKind.DEPOSIT,
                new PaymentId(Shard.of(owner.payer()), order),
                fingerprint,
                Attempt.keyDigest(call.key()),
                owner.payer(),
                owner.merchant(),
                request.reference(),
                request.amount(),
                Attempt.branches(tries),
                List.of(),
                null,
                null,
                null,
                dispatcher.ruleVersion(),
                call.trace().toString());
        return Attempt.of(AttemptId.of(order, call.key(), fingerprint), command, tries);
    }
}
