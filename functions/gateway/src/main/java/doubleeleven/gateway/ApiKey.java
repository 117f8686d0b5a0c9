package doubleeleven.gateway;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key as stored: never the secret, only its digest.
 *
 * @param hash base64url of the secret's SHA-256
 * @param merchant whom a key of a merchant acts for
 */
public record ApiKey(
        String id,
        String hash,
        Role role,
        @Nullable String merchant,
        Instant createdAt,
        @Nullable Instant revokedAt) {}
