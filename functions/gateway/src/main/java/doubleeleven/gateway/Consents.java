package doubleeleven.gateway;

import doubleeleven.account.CustomerProfile;
import doubleeleven.account.Fund;
import doubleeleven.credit.InstalmentPlan;
import doubleeleven.payment.Consent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/** Whether the payer agreed. A merchant's key alone never debits a customer. */
final class Consents {
    private static final String AUDIENCE = "double-eleven";
    private static final Duration LONGEST_TOKEN = Duration.ofMinutes(15);
    private static final Duration LONGEST_MANDATE = Duration.ofDays(3 * 366);

    /** The claims of every token, beside those that say what it is for. */
    private static final Set<String> FRAME = Set.of("iss", "sub", "aud", "iat", "exp", "jti");

    /** What a mandate says beside {@code use} and {@code merchant}, and no request asks for. */
    private static final Set<String> TERMS = Set.of("currency", "perPayment", "total");

    private final Clock clock;

    Consents(Clock clock) {
        this.clock = clock;
    }

    /** A mandate as the customer signed it. */
    record SignedMandate(
            String id,
            String merchant,
            CurrencyUnit currency,
            long perPaymentMinor,
            long totalMinor,
            Instant expiresAt) {}

    /**
     * Checks a token for one order: it must say exactly what is asked for, and have been signed lately. Who agrees that one merchant is paid
     * does not agree that several are, nor the reverse; and who agrees to pay does not agree to borrow.
     *
     * @param plan how what is borrowed is to be paid back, where anything is
     */
    Checked<Consent> forOrder(
            String jws,
            String payer,
            CustomerProfile profile,
            String merchant,
            PaymentRequest request,
            Optional<InstalmentPlan> plan) {
        Map<String, Object> expected = new HashMap<>();
        expected.put("merchant", merchant);
        expected.put("order", request.merchantOrder());
        expected.put("amount", request.amount().getAmountMinorLong());
        expected.put("currency", request.amount().getCurrencyUnit().getCode());
        if (request.isShared()) {
            expected.put("payees", request.payees().stream().map(Share::toJson).toList());
        }
        plan.ifPresent(how -> expected.put("credit", credit(request.lent().orElseThrow(), how)));
        return exactly(expected, jws, payer, profile);
    }

    /** What the payer borrows, and what it costs if it is paid back in time. */
    private static Map<String, Object> credit(Source source, InstalmentPlan plan) {
        return Map.of(
                "amount", source.amountMinor(),
                "instalments", (long) plan.count(),
                "fee", plan.feeMinor(source.amountMinor()));
    }

    /** Checks a token for one transfer: it must say exactly what is asked for, and have been signed lately. */
    Checked<Consent> forTransfer(CustomerProfile profile, TransferRequest request) {
        Map<String, Object> expected = Map.of(
                "use", "transfer",
                "payee", request.payee(),
                "transfer", request.transfer(),
                "amount", request.amount().getAmountMinorLong(),
                "currency", request.amount().getCurrencyUnit().getCode());
        return exactly(expected, request.token(), request.payer(), profile);
    }

    /** Checks a token for one repayment: it must say exactly what is asked for, and have been signed lately. */
    Checked<Consent> forRepayment(String customer, CustomerProfile profile, RepaymentRequest request) {
        Map<String, Object> expected = Map.of(
                "use", "repayment",
                "repayment", request.repayment(),
                "amount", request.amount().getAmountMinorLong(),
                "currency", request.amount().getCurrencyUnit().getCode());
        return exactly(expected, request.token(), customer, profile);
    }

    /** Checks a token for one request for credit: it must say exactly what is asked for, and have been signed lately. */
    Checked<Consent> forApplication(String customer, CustomerProfile profile, ApplicationRequest request) {
        Map<String, Object> expected = Map.of(
                "use", "credit-application",
                "application", request.application(),
                "requestedLimit", request.requested().getAmountMinorLong(),
                "currency", request.requested().getCurrencyUnit().getCode());
        return exactly(expected, request.token(), customer, profile);
    }

    /** Checks the token that opens a mandate for that merchant. */
    Checked<SignedMandate> forMandate(String jws, String payer, CustomerProfile profile, String merchant) {
        Map<String, Object> expected = Map.of("use", "mandate", "merchant", merchant);
        return claims(jws, payer, profile, expected, TERMS, LONGEST_MANDATE).then(Consents::limits);
    }

    /** Checks a payment to the mandate's own merchant against a mandate given earlier. Whether its allowance suffices is for the hold to find out. */
    Checked<Consent> underMandate(String id, Optional<Fund> mandate, String merchant, Money amount) {
        if (mandate.isEmpty() || !merchant.equals(mandate.get().merchant())) {
            return refused("There is no such mandate of this payer for this merchant.");
        }
        Fund fund = mandate.get();
        @Nullable Long perPayment = fund.perPaymentMinor();
        @Nullable Instant expiresAt = fund.expiresAt();
        if (perPayment == null || expiresAt == null || !clock.instant().isBefore(expiresAt)) {
            return refused("The mandate has expired.");
        }
        if (!fund.currency().equals(amount.getCurrencyUnit())) {
            return refused("The mandate is for " + fund.currency() + ".");
        }
        if (amount.getAmountMinorLong() > perPayment) {
            return refused("The mandate allows at most " + perPayment + " for one payment.");
        }
        return new Checked.Passed<>(new Consent(Consent.Kind.MANDATE, id));
    }

    /**
     * The consent of a token that says this and nothing else, and was signed lately. Each purpose has its own claims, so that no token is taken
     * for one of another purpose.
     */
    private Checked<Consent> exactly(Map<String, Object> expected, String jws, String payer, CustomerProfile profile) {
        return claims(jws, payer, profile, expected, Set.of(), LONGEST_TOKEN)
                .then(claims -> new Checked.Passed<>(new Consent(Consent.Kind.TOKEN, text(claims, "jti"))));
    }

    private Checked<Map<String, @Nullable Object>> claims(
            String jws,
            String payer,
            CustomerProfile profile,
            Map<String, Object> expected,
            Set<String> others,
            Duration longest) {
        Optional<String> payload = PublicKeys.decode(profile.publicKey()).flatMap(key -> Jws.verified(jws, key));
        if (payload.isEmpty()) {
            return refused("The token is not signed with the key that the payer registered.");
        }
        return StrictJson.object(payload.get()).then(claims -> checked(claims, payer, expected, others, longest));
    }

    private Checked<Map<String, @Nullable Object>> checked(
            Map<String, @Nullable Object> claims,
            String payer,
            Map<String, Object> expected,
            Set<String> others,
            Duration longest) {
        Set<String> names = new HashSet<>(FRAME);
        names.addAll(expected.keySet());
        names.addAll(others);
        if (!claims.keySet().equals(names)) {
            return refused("The token must have exactly these claims: "
                    + String.join(", ", names.stream().sorted().toList()) + ".");
        }
        Map<String, Object> all = new HashMap<>(expected);
        all.put("iss", payer);
        all.put("sub", payer);
        all.put("aud", AUDIENCE);
        for (Map.Entry<String, Object> claim : all.entrySet()) {
            if (!isSame(claim.getValue(), claims.get(claim.getKey()))) {
                return refused("The token's claim " + claim.getKey() + " differs from what is asked for.");
            }
        }
        if (!(claims.get("jti") instanceof String id && Text.ID.accepts(id))) {
            return refused("The token's claim jti " + Text.ID.expectation() + ".");
        }
        return Jws.isInTime(claims, longest, clock.instant())
                ? new Checked.Passed<>(claims)
                : refused("The token is not valid at this time.");
    }

    /** Lists are the same in any order; the expected one names nothing twice. */
    private static boolean isSame(Object expected, @Nullable Object claimed) {
        if (expected instanceof List<?> list && claimed instanceof List<?> other) {
            return list.size() == other.size() && other.containsAll(list);
        }
        return expected.equals(claimed);
    }

    private static Checked<SignedMandate> limits(Map<String, @Nullable Object> claims) {
        Optional<CurrencyUnit> currency = Currencies.find(text(claims, "currency"));
        if (currency.isEmpty()
                || !(claims.get("perPayment") instanceof Long perPayment)
                || !(claims.get("total") instanceof Long total)
                || perPayment < 1
                || total < perPayment
                || total > Limits.MOST_MINOR) {
            return refused("The mandate needs a currency, a perPayment of 1 or more and a total not below it.");
        }
        Instant expiresAt = Instant.ofEpochSecond((Long) Objects.requireNonNull(claims.get("exp")));
        return new Checked.Passed<>(new SignedMandate(
                text(claims, "jti"), text(claims, "merchant"), currency.get(), perPayment, total, expiresAt));
    }

    private static String text(Map<String, @Nullable Object> claims, String name) {
        return claims.get(name) instanceof String text ? text : "";
    }

    private static <T> Checked<T> refused(String detail) {
        return new Checked.Refused<>(Problem.consent(detail));
    }
}
