package doubleeleven.ids;

import java.util.regex.Pattern;

final class Ids {
    private static final Pattern BASE32 = Pattern.compile("[a-z2-7]{26}");

    private Ids() {}

    static void requireBase32(String what, String value) {
        if (!BASE32.matcher(value).matches()) {
            throw new IllegalArgumentException(what + " must be 26 characters of a-z and 2-7: " + value);
        }
    }
}
