package doubleeleven.gateway;

import doubleeleven.caching.Recent;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Marks of shadow traffic: a token that names a stress test as its key and issuer, signed with the key that the test was admitted with,
 * good for minutes.
 */
final class Marks {
    private static final String AUDIENCE = "double-eleven";
    private static final String USE = "shadow";
    private static final Set<String> CLAIMS = Set.of("iss", "aud", "use", "iat", "exp");
    private static final Duration LONGEST = Duration.ofMinutes(15);
    /** Where a stress test is stopped, its marks are refused everywhere at the latest this much later. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    private final Recent<String, StressTest> tests;
    private final Clock clock;

    Marks(StressTests tests, Clock clock) {
        this.tests = new Recent<>(tests::find, KEPT, clock);
        this.clock = clock;
    }

    /** The stress test that a mark stands for. Whatever is wrong with it, nobody is told what. */
    Optional<StressTest> read(String mark) {
        if (!Text.TOKEN.accepts(mark)) {
            return Optional.empty();
        }
        return Jws.keyId(mark)
                .flatMap(tests::find)
                .filter(test -> test.isRunning(clock.instant()))
                .filter(test -> isOf(test, mark));
    }

    private boolean isOf(StressTest test, String mark) {
        return PublicKeys.decode(test.publicKey())
                .flatMap(key -> Jws.verified(mark, key))
                .filter(text -> StrictJson.object(text) instanceof Checked.Passed<Map<String, @Nullable Object>> claims
                        && says(claims.value(), test))
                .isPresent();
    }

    private boolean says(Map<String, @Nullable Object> claims, StressTest test) {
        return claims.keySet().equals(CLAIMS)
                && test.id().equals(claims.get("iss"))
                && AUDIENCE.equals(claims.get("aud"))
                && USE.equals(claims.get("use"))
                && Jws.isInTime(claims, LONGEST, clock.instant());
    }
}
