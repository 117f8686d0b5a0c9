package doubleeleven.ids;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A collision-free digest of several texts: SHA-256 over each text's length and bytes, so that ("ab", "c") and ("a", "bc") differ.
 *
 * <p>Printed as 26 characters of base32 (130 bits): short enough to live in every hold, long enough that no two orders ever meet.
 */
public final class Fingerprint {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int CHARACTERS = 26;

    private Fingerprint() {}

    /** Digests the texts in their order. */
    public static String of(String... texts) {
        MessageDigest sha = sha256();
        for (String text : texts) {
            byte[] bytes = text.getBytes(UTF_8);
            sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            sha.update(bytes);
        }
        return base32(sha.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder(CHARACTERS);
        for (int bit = 0; text.length() < CHARACTERS; bit += 5) {
            int pair = (bytes[bit / 8] & 0xff) << 8 | (bytes[bit / 8 + 1] & 0xff);
            text.append(ALPHABET.charAt(pair >> (11 - bit % 8) & 0x1f));
        }
        return text.toString();
    }
}
