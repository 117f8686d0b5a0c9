package doubleeleven.notification;

import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * The key of a merchant's notifications, in the form of Standard Webhooks: {@code whsec_} and 32 random bytes in base64.
 *
 * @param text as the merchant is shown it, once
 */
public record Secret(String text) {
    private static final String PREFIX = "whsec_";
    private static final int BYTES = 32;

    public Secret {
        if (!text.startsWith(PREFIX) || decoded(text).length != BYTES) {
            throw new IllegalArgumentException("not a secret of " + BYTES + " bytes in base64 after " + PREFIX);
        }
    }

    /** A secret that nobody can guess, as long as the generator cannot be guessed. */
    public static Secret random(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Secret(PREFIX + Base64.getEncoder().encodeToString(bytes));
    }

    /** Never the key itself: what holds one is logged now and then. */
    @Override
    public String toString() {
        return PREFIX + "…" + Integer.toHexString(Arrays.hashCode(decoded(text)));
    }

    private static byte[] decoded(String text) {
        return Base64.getDecoder().decode(text.substring(PREFIX.length()));
    }
}
