package doubleeleven.gateway.stress;

import doubleeleven.ids.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;

/** Who pays whom how much in a stress test: all of it follows from the test's name and its plan. */
final class Script {
    private static final int PREFIX = 10;
    private static final Duration CONSENT = Duration.ofMinutes(10);
    /** Odd numbers that keep the draws of neighbouring steps and payments apart. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private static final long NUMBER = 0xD1B54A32D192ED03L;

    private final String prefix;
    private final Plan plan;
    private final Map<Integer, Payer> payers = new ConcurrentHashMap<>();

    Script(String test, Plan plan) {
        this.prefix = "st-" + Fingerprint.of("STRESS-TEST", test).substring(0, PREFIX);
        this.plan = plan;
    }

    /**
     * One payment of the load.
     *
     * @param merchant index of the payee
     */
    record Purchase(String door, Payer payer, int merchant, String order, long amount) {}

    Purchase purchase(int step, long number) {
        SplittableRandom random = new SplittableRandom(plan.seed() ^ (step + 1) * STEP ^ number * NUMBER);
        return new Purchase(
                plan.doors().get(Math.floorMod(number, plan.doors().size())),
                payer(random.nextInt(plan.customers())),
                random.nextInt(plan.merchants()),
                prefix + "-" + step + "-" + number,
                random.nextLong(plan.leastAmount(), plan.mostAmount() + 1));
    }

    Payer payer(int index) {
        return payers.computeIfAbsent(index, number -> Payer.of(prefix + "-c" + number, plan.seed()));
    }

    String merchant(int index) {
        return prefix + "-m" + index;
    }

    /** The body of the call, with the payer's consent signed now. */
    Map<String, Object> body(Purchase purchase, Instant now) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(purchase.payer().id());
        claims.setSubject(purchase.payer().id());
        claims.setAudience("double-eleven");
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(now.plus(CONSENT).getEpochSecond()));
        claims.setJwtId(purchase.order());
        claims.setStringClaim("merchant", merchant(purchase.merchant()));
        claims.setStringClaim("order", purchase.order());
        claims.setClaim("amount", purchase.amount());
        claims.setStringClaim("currency", plan.currency());
        return Map.of(
                "merchantOrder", purchase.order(),
                "payer", purchase.payer().id(),
                "amount", purchase.amount(),
                "currency", plan.currency(),
                "consent", Map.of("token", purchase.payer().sign(claims)));
    }
}
