package doubleeleven.it.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** A customer with the key that signs their consent. In production the key lies in the customer's own device. */
public record Customer(String id, KeyPair keys) {
    /** A customer whose key follows from the id, so that a second run against a kept stack signs with the registered one. */
    public static Customer of(String id) {
        return of(id, "double-eleven customer ");
    }

    /** Somebody who claims to be that customer but has another key. */
    public static Customer impostorOf(String id) {
        return of(id, "double-eleven impostor ");
    }

    private static Customer of(String id, String salt) {
        try {
            byte[] seed = MessageDigest.getInstance("SHA-256").digest((salt + id).getBytes(UTF_8));
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
            return new Customer(id, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256 and Ed25519", e);
        }
    }

    /** The raw public key in base64url, as customers register it. */
    public String publicKey() {
        var point = ((EdECPublicKey) keys.getPublic()).getPoint();
        byte[] bigEndian = point.getY().toByteArray();
        byte[] raw = new byte[32];
        for (int i = 0; i < Math.min(raw.length, bigEndian.length); i++) {
            raw[i] = bigEndian[bigEndian.length - 1 - i];
        }
        if (point.isXOdd()) {
            raw[31] |= (byte) 0x80;
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
    }

    /** The body of the call that opens this customer's account. */
    public Map<String, Object> opening(String currency, long balance) {
        return Map.of("customer", id, "currency", currency, "publicKey", publicKey(), "openingBalance", balance);
    }

    /** Signs that this order may be paid. */
    public String consent(String merchant, String order, long amount, String currency) {
        return sign(Consents.NOW.payment(this, merchant, order, amount, currency));
    }

    /** Signs that this order may be paid to the merchants that share it. */
    public String consent(
            String merchant, String order, long amount, String currency, List<Map<String, Object>> payees) {
        return sign(Consents.NOW.shared(this, merchant, order, amount, currency, payees));
    }

    /** Signs that this money may go to another customer. */
    public String transfer(String payee, String transfer, long amount, String currency) {
        return sign(Consents.NOW.transfer(this, payee, transfer, amount, currency));
    }

    /** Signs a standing agreement. */
    public String mandate(String merchant, String currency, long perPayment, long total, String id) {
        return sign(Consents.NOW.mandate(this, merchant, currency, perPayment, total, id));
    }

    public String sign(JwtClaims claims) {
        return signed(new JsonWebSignature(), claims.toJson());
    }

    /** The mark of a stress test whose key this one's is; in seconds since 1970, good before {@code expires}. */
    public String mark(String stressTest, long issued, long expires) {
        JsonWebSignature mark = new JsonWebSignature();
        mark.setKeyIdHeaderValue(stressTest);
        Map<String, Object> claims =
                Map.of("iss", stressTest, "aud", "double-eleven", "use", "shadow", "iat", issued, "exp", expires);
        return signed(mark, Api.json(claims));
    }

    private String signed(JsonWebSignature signature, String payload) {
        signature.setAlgorithmHeaderValue("EdDSA");
        signature.setKey(keys.getPrivate());
        signature.setPayload(payload);
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("a generated key signs", e);
        }
    }

    @Override
    public String toString() {
        return id;
    }

    /** Hands out the seed once: an Ed25519 private key is nothing but 32 random bytes. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final byte[] seed;
        private int used;

        Seed(byte[] seed) {
            super();
            this.seed = seed.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (used + bytes.length > seed.length) {
                throw new IllegalStateException("the seed is used up");
            }
            System.arraycopy(seed, used, bytes, 0, bytes.length);
            used += bytes.length;
        }
    }
}
