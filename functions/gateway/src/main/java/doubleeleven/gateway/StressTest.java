package doubleeleven.gateway;

import java.time.Instant;
import java.util.Optional;

/**
 * A stress test that operators admitted: calls that carry a mark signed by its key are shadow traffic.
 *
 * @param publicKey raw Ed25519 in base64url; whoever makes the load keeps the other half
 * @param by id of the operator's API key
 * @param stoppedAt from then on its marks are refused
 * @param watched whether its load is judged by what live payments do meanwhile, so that gateways count them
 */
public record StressTest(
        String id,
        String publicKey,
        Instant admittedAt,
        Instant expiresAt,
        String by,
        String reason,
        Optional<Instant> stoppedAt,
        boolean watched) {

    public boolean isRunning(Instant now) {
        return stoppedAt.isEmpty() && now.isBefore(expiresAt);
    }

    StressTest stopped(Instant now) {
        return new StressTest(
                id, publicKey, admittedAt, expiresAt, by, reason, Optional.of(stoppedAt.orElse(now)), watched);
    }
}
