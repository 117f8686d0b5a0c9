package doubleeleven.gateway.stress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** A customer of the shadow, whose key follows from the plan: whoever opens it and whoever pays for it need not know one another. */
record Payer(String id, KeyPair keys) {
    private static final int KEY_BYTES = 32;

    static Payer of(String id, long seed) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256")
                    .digest(("double-eleven stress test " + seed + " " + id).getBytes(UTF_8));
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new Given(bytes));
            return new Payer(id, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256 and Ed25519", e);
        }
    }

    /** The raw public key in base64url, as customers register it. */
    String publicKey() {
        var point = ((EdECPublicKey) keys.getPublic()).getPoint();
        byte[] bigEndian = point.getY().toByteArray();
        byte[] raw = new byte[KEY_BYTES];
        for (int i = 0; i < Math.min(raw.length, bigEndian.length); i++) {
            raw[i] = bigEndian[bigEndian.length - 1 - i];
        }
        if (point.isXOdd()) {
            raw[KEY_BYTES - 1] |= (byte) 0x80;
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
    }

    String sign(JwtClaims claims) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        signature.setKey(keys.getPrivate());
        signature.setPayload(claims.toJson());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("a generated key signs", e);
        }
    }

    /** Hands out the given bytes: an Ed25519 private key is nothing but 32 of them. */
    private static final class Given extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final byte[] given;

        Given(byte[] given) {
            super();
            this.given = given.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(given, 0, bytes, 0, bytes.length);
        }
    }
}
