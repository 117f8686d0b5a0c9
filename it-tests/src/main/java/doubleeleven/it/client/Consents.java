package doubleeleven.it.client;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;

/**
 * What customers agree to, as claims that they then sign.
 *
 * @param clock says when
 * @param ids the id of a consent from what it is about, such as {@code c-42}
 */
public record Consents(Clock clock, UnaryOperator<String> ids) {
    /** In the time of this machine, each under an id of its own. */
    public static final Consents NOW =
            new Consents(Clock.systemUTC(), ignored -> UUID.randomUUID().toString());

    private static final Duration LASTS = Duration.ofMinutes(10);
    private static final Duration MANDATE_LASTS = Duration.ofDays(365);

    /** This order may be paid. */
    public JwtClaims payment(Customer payer, String merchant, String order, long amount, String currency) {
        JwtClaims claims = claims(payer, ids.apply("c-" + order), LASTS);
        claims.setStringClaim("merchant", merchant);
        claims.setStringClaim("order", order);
        claims.setClaim("amount", amount);
        claims.setStringClaim("currency", currency);
        return claims;
    }

    /** This order may be paid to the merchants that share it. */
    public JwtClaims shared(
            Customer payer,
            String merchant,
            String order,
            long amount,
            String currency,
            List<Map<String, Object>> payees) {
        JwtClaims claims = payment(payer, merchant, order, amount, currency);
        claims.setClaim("payees", payees);
        return claims;
    }

    /** This order may be paid, and so much of it be borrowed, to be paid back in so many instalments for that fee. */
    public JwtClaims onCredit(
            Customer payer, String merchant, String order, long amount, String currency, Credit credit) {
        JwtClaims claims = payment(payer, merchant, order, amount, currency);
        claims.setClaim(
                "credit", Map.of("amount", credit.amount(), "instalments", credit.instalments(), "fee", credit.fee()));
        return claims;
    }

    /**
     * What is borrowed.
     *
     * @param fee what the plan costs in all
     */
    public record Credit(long amount, int instalments, long fee) {}

    /** So much may be paid back from the customer's balance. */
    public JwtClaims repayment(Customer customer, String repayment, long amount, String currency) {
        JwtClaims claims = claims(customer, ids.apply("r-" + repayment), LASTS);
        claims.setStringClaim("use", "repayment");
        claims.setStringClaim("repayment", repayment);
        claims.setClaim("amount", amount);
        claims.setStringClaim("currency", currency);
        return claims;
    }

    /** A line of credit up to that limit is asked for. */
    public JwtClaims application(Customer customer, String application, long requestedLimit, String currency) {
        JwtClaims claims = claims(customer, ids.apply("a-" + application), LASTS);
        claims.setStringClaim("use", "credit-application");
        claims.setStringClaim("application", application);
        claims.setClaim("requestedLimit", requestedLimit);
        claims.setStringClaim("currency", currency);
        return claims;
    }

    /** This money may go to another customer. */
    public JwtClaims transfer(Customer payer, String payee, String transfer, long amount, String currency) {
        JwtClaims claims = claims(payer, ids.apply("t-" + transfer), LASTS);
        claims.setStringClaim("use", "transfer");
        claims.setStringClaim("payee", payee);
        claims.setStringClaim("transfer", transfer);
        claims.setClaim("amount", amount);
        claims.setStringClaim("currency", currency);
        return claims;
    }

    /** A standing agreement, under the id by which payments name it. */
    public JwtClaims mandate(Customer payer, String merchant, String currency, long perPayment, long total, String id) {
        JwtClaims claims = claims(payer, id, MANDATE_LASTS);
        claims.setStringClaim("use", "mandate");
        claims.setStringClaim("merchant", merchant);
        claims.setStringClaim("currency", currency);
        claims.setClaim("perPayment", perPayment);
        claims.setClaim("total", total);
        return claims;
    }

    private JwtClaims claims(Customer payer, String id, Duration lasts) {
        Instant now = clock.instant();
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(payer.id());
        claims.setSubject(payer.id());
        claims.setAudience("double-eleven");
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(now.plus(lasts).getEpochSecond()));
        claims.setJwtId(id);
        return claims;
    }
}
