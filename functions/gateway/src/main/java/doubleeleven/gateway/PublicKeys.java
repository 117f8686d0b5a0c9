package doubleeleven.gateway;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** Ed25519 public keys in the raw form in which customers register them: 32 bytes, base64url. */
final class PublicKeys {
    private static final int BYTES = 32;
    private static final BigInteger PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    /**
     * The y coordinates of the points of order 4, 1, 2 and 8: under such a "key" anybody can make a signature that verifies.
     */
    private static final Set<BigInteger> WEAK = Set.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            PRIME.subtract(BigInteger.ONE),
            new BigInteger("2707385501144840649318225287225658788936804267575313519463743609750303402022"),
            new BigInteger("55188659117513257062467267217118295137698188065244968500265048394206261417927"));

    private PublicKeys() {}

    /** Reads a key, or answers empty where it is not one that can be signed with. */
    static Optional<PublicKey> decode(String base64url) {
        try {
            byte[] raw = Base64.getUrlDecoder().decode(base64url);
            if (raw.length != BYTES) {
                return Optional.empty();
            }
            boolean odd = (raw[BYTES - 1] & 0x80) != 0;
            raw[BYTES - 1] &= 0x7f;
            BigInteger y = new BigInteger(1, reversed(raw));
            if (y.compareTo(PRIME) >= 0 || WEAK.contains(y)) {
                return Optional.empty();
            }
            PublicKey key = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, y)));
            Signature.getInstance("Ed25519").initVerify(key); // finds the point, if there is one with that y
            return Optional.of(key);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
