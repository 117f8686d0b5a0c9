package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.CustomerProfile;
import doubleeleven.account.Fund;
import doubleeleven.account.MerchantProfile;
import doubleeleven.gateway.Accounts.Opening;
import doubleeleven.gateway.Consents.SignedMandate;
import doubleeleven.ids.Fingerprint;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.joda.money.CurrencyUnit;

/**
 * Opens accounts. Each item is one conditional write, the profile after the funds it promises, so that a call that died halfway is
 * simply made again: what is there already with the same content is left as it is.
 */
final class AccountDesk {
    private final Accounts accounts;
    private final Profiles profiles;
    private final Keys keys;
    private final Consents consents;
    private final RandomGenerator random;
    private final Clock clock;

    AccountDesk(
            Accounts accounts, Profiles profiles, Keys keys, Consents consents, RandomGenerator random, Clock clock) {
        this.accounts = accounts;
        this.profiles = profiles;
        this.keys = keys;
        this.consents = consents;
        this.random = random;
        this.clock = clock;
    }

    Checked<Answer> openCustomer(Call call) {
        return OpeningRequests.Customer.read(call.body()).then(request -> {
            CurrencyUnit currency = request.openingBalance().getCurrencyUnit();
            Fund balance = Fund.open(
                    AccountKey.balanceOf(request.customer()),
                    currency,
                    request.openingBalance().getAmountMinorLong());
            CustomerProfile profile = new CustomerProfile(
                    AccountKey.profileOfCustomer(request.customer()), request.publicKey(), currency, clock.instant());
            if (!isFreeOrEqual(new Opening(balance, null))) {
                return taken("customer");
            }
            Optional<CustomerProfile> known = accounts.open(profile);
            boolean other = known.isPresent()
                    && !(known.get().publicKey().equals(profile.publicKey())
                            && known.get().currency().equals(currency));
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("customer", request.customer());
            body.put("currency", currency.getCode());
            body.put("publicKey", request.publicKey());
            body.put("openingBalance", balance.openedMinor());
            body.put("links", Map.of("accounts", "/customers/" + request.customer() + "/accounts"));
            return other ? taken("customer") : opened(known.isEmpty(), body);
        });
    }

    Checked<Answer> openCoupon(Call call) {
        String customer = call.variable("customer");
        return OpeningRequests.Coupon.read(call.body()).then(request -> {
            Optional<CustomerProfile> profile = profiles.customer(customer);
            if (profile.isEmpty()) {
                return new Checked.Refused<>(Problem.notFound());
            }
            CurrencyUnit currency = request.amount().getCurrencyUnit();
            if (!profile.get().currency().equals(currency)) {
                return new Checked.Refused<>(Problem.invalid(
                        "currency", "must be " + profile.get().currency() + ", the currency of the customer"));
            }
            if (!request.expiresAt().isAfter(clock.instant())) {
                return new Checked.Refused<>(Problem.invalid("expiresAt", "must be in the future"));
            }
            Fund coupon = Fund.coupon(
                    AccountKey.couponOf(customer, request.coupon()),
                    currency,
                    request.amount().getAmountMinorLong(),
                    request.expiresAt());
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("customer", customer);
            body.put("coupon", request.coupon());
            body.put("amount", coupon.openedMinor());
            body.put("currency", currency.getCode());
            body.put("expiresAt", request.expiresAt().toString());
            return opened("coupon", new Opening(coupon, null), body);
        });
    }

    Checked<Answer> openMandate(Call call) {
        String customer = call.variable("customer");
        String merchant = call.caller().actsFor();
        return OpeningRequests.Mandate.read(call.body()).then(request -> {
            Optional<CustomerProfile> profile = profiles.customer(customer);
            return profile.isEmpty()
                    ? new Checked.Refused<>(Problem.notFound())
                    : consents.forMandate(request.token(), customer, profile.get(), merchant)
                            .then(mandate -> openMandate(customer, request.token(), mandate));
        });
    }

    private Checked<Answer> openMandate(String customer, String token, SignedMandate mandate) {
        Fund fund = Fund.mandate(
                AccountKey.mandateOf(customer, mandate.id()),
                mandate.currency(),
                mandate.totalMinor(),
                mandate.perPaymentMinor(),
                mandate.merchant(),
                mandate.expiresAt());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("customer", customer);
        body.put("mandate", mandate.id());
        body.put("merchant", mandate.merchant());
        body.put("currency", mandate.currency().getCode());
        body.put("perPayment", mandate.perPaymentMinor());
        body.put("total", mandate.totalMinor());
        body.put("expiresAt", mandate.expiresAt().toString());
        return opened("mandate", new Opening(fund, token), body);
    }

    Checked<Answer> openMerchant(Call call) {
        return OpeningRequests.Merchant.read(call.body()).then(request -> {
            String merchant = request.merchant();
            for (int bucket = 0; bucket < request.buckets(); bucket++) {
                Fund fund = Fund.bucket(AccountKey.bucketOf(merchant, bucket), request.currency());
                if (!isFreeOrEqual(new Opening(fund, null))) {
                    return taken("merchant");
                }
            }
            Optional<MerchantProfile> known = accounts.open(new MerchantProfile(
                    AccountKey.profileOfMerchant(merchant), request.currency(), request.buckets(), clock.instant()));
            if (known.isPresent()
                    && !(known.get().currency().equals(request.currency())
                            && known.get().buckets() == request.buckets())) {
                return taken("merchant");
            }
            return opened(request);
        });
    }

    /** Makes a new key for a merchant that lost its own, or whose key others may know. The old one is refused from then on. */
    Checked<Answer> replaceKey(Call call) {
        String merchant = call.variable("merchant");
        if (profiles.merchant(merchant).isEmpty()) {
            return new Checked.Refused<>(Problem.notFound());
        }
        Issued issued = issue(merchant);
        // In the old one's place: there is no moment with both, and none without any.
        keys.replace(issued.key());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("merchant", merchant);
        body.put("apiKey", issued.bearer());
        return opened(true, body);
    }

    /**
     * A key just made, with what is shown of it once.
     *
     * @param bearer id and secret
     */
    private record Issued(ApiKey key, String bearer) {}

    private Issued issue(String merchant) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String id = "m" + Fingerprint.of("MERCHANT-KEY", merchant).substring(0, 20);
        return new Issued(
                new ApiKey(id, Authenticator.hash(secret), Role.MERCHANT, merchant, clock.instant(), null),
                id + "." + secret);
    }

    /** The key comes last: whoever has one has everything a merchant needs. */
    private Checked<Answer> opened(OpeningRequests.Merchant request) {
        Issued issued = issue(request.merchant());
        boolean fresh = keys.create(issued.key());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("merchant", request.merchant());
        body.put("currency", request.currency().getCode());
        body.put("buckets", request.buckets());
        if (fresh) {
            body.put("apiKey", issued.bearer());
        }
        body.put("links", Map.of("balance", "/merchants/" + request.merchant() + "/balance"));
        return opened(fresh, body);
    }

    private Checked<Answer> opened(String what, Opening opening, Map<String, Object> body) {
        Optional<Opening> known = accounts.open(opening);
        return known.isPresent() && !isEqual(known.get(), opening) ? taken(what) : opened(known.isEmpty(), body);
    }

    private boolean isFreeOrEqual(Opening opening) {
        return accounts.open(opening).map(known -> isEqual(known, opening)).orElse(true);
    }

    /** Equal in what was asked for; what has become of the money since does not matter. */
    private static boolean isEqual(Opening known, Opening asked) {
        return known.fund().currency().equals(asked.fund().currency())
                && known.fund().openedMinor() == asked.fund().openedMinor()
                && Objects.equals(known.fund().expiresAt(), asked.fund().expiresAt())
                && Objects.equals(known.token(), asked.token());
    }

    private static Checked<Answer> opened(boolean fresh, Map<String, Object> body) {
        return new Checked.Passed<>(Answer.of(fresh ? 201 : 200, body));
    }

    private static Checked<Answer> taken(String what) {
        return new Checked.Refused<>(Problem.of(
                ProblemType.ALREADY_OPENED, "There is such a " + what + " already, opened with another content."));
    }
}
