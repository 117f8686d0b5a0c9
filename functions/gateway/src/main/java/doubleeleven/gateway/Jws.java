package doubleeleven.gateway;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Signed texts in compact form. */
final class Jws {
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final AlgorithmConstraints ONLY_EDDSA =
            new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA);

    private Jws() {}

    /** The signed text. The algorithm is fixed here, whatever the token's header asks for, and so is the key. */
    static Optional<String> verified(String jws, PublicKey key) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setAlgorithmConstraints(ONLY_EDDSA);
            signature.setCompactSerialization(jws);
            if (signature.getHeaders().getObjectHeaderValue("crit") != null
                    || signature.getHeaders().getObjectHeaderValue("b64") != null) {
                return Optional.empty();
            }
            signature.setKey(key);
            return signature.verifySignature() ? Optional.of(signature.getPayload()) : Optional.empty();
        } catch (JoseException e) {
            return Optional.empty();
        }
    }

    /** Which key it says that it was signed with: a claim like any other until the signature has proven it. */
    static Optional<String> keyId(String jws) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setCompactSerialization(jws);
            return Optional.ofNullable(signature.getKeyIdHeaderValue()).filter(Text.ID::accepts);
        } catch (JoseException e) {
            return Optional.empty();
        }
    }

    /** Whether the token was signed lately, has not expired, and was never meant to be good for longer. */
    static boolean isInTime(Map<String, @Nullable Object> claims, Duration longest, Instant at) {
        if (!(claims.get("iat") instanceof Long issued && claims.get("exp") instanceof Long expires)) {
            return false;
        }
        long now = at.getEpochSecond();
        return issued <= now + SKEW.toSeconds()
                && expires > issued
                && expires <= issued + longest.toSeconds()
                && now < expires + SKEW.toSeconds();
    }
}
