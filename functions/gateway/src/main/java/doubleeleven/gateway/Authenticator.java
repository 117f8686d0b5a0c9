package doubleeleven.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.caching.Recent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Proves who calls, from {@code Authorization: Bearer <key id>.<secret>}. */
final class Authenticator {
    /** A revoked key is refused everywhere at the latest this much later. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private static final Pattern BEARER =
            Pattern.compile("(?i:Bearer) ([A-Za-z0-9_-]{1,64})\\.([A-Za-z0-9_-]{20,128})");
    /** Compared with where there is no such key, so that its absence takes as long as a wrong secret. */
    private static final String NOBODY = hash("");

    private final Recent<String, ApiKey> keys;

    Authenticator(Keys keys, Clock clock) {
        this.keys = new Recent<>(keys::find, KEPT, clock);
    }

    Checked<Caller> authenticate(Optional<String> authorization) {
        Matcher bearer = BEARER.matcher(authorization.orElse(""));
        if (!bearer.matches()) {
            return new Checked.Refused<>(Problem.unauthorized());
        }
        String presented = hash(bearer.group(2));
        // A key that does not fit may have been replaced since it was read. A wrong secret costs a read, as an unknown
        // key does.
        Optional<ApiKey> key = keys.find(bearer.group(1), known -> proves(presented, Optional.of(known)));
        boolean proven = proves(presented, key);
        return key.filter(found -> proven && found.revokedAt() == null)
                .filter(found -> found.role() == Role.OPERATOR || found.merchant() != null)
                .<Checked<Caller>>map(
                        found -> new Checked.Passed<>(new Caller(found.id(), found.role(), found.merchant())))
                .orElseGet(() -> new Checked.Refused<>(Problem.unauthorized()));
    }

    private static boolean proves(String presented, Optional<ApiKey> key) {
        return MessageDigest.isEqual(
                presented.getBytes(UTF_8), key.map(ApiKey::hash).orElse(NOBODY).getBytes(UTF_8));
    }

    static String hash(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
