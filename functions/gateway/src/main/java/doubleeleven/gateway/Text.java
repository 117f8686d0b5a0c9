package doubleeleven.gateway;

import java.util.regex.Pattern;

/** The texts that requests are made of, with their limits as the API's document states them. */
enum Text {
    ID(1, 64, "[A-Za-z0-9][A-Za-z0-9._-]*", "letters, digits, '.', '_' and '-', a letter or digit first"),
    ORDER(1, 64, "[!-~]+", "printable ASCII without spaces"),
    CURRENCY(3, 3, "[A-Z]{3}", "an ISO 4217 code such as GBP"),
    TOKEN(5, 4096, "[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+", "a JWS in compact form"),
    PUBLIC_KEY(43, 43, "[A-Za-z0-9_-]{43}", "a raw Ed25519 public key in base64url without padding"),
    API_KEY(3, 200, "[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+", "an API key: its id, a dot, its secret"),
    DOOR(
            10,
            200,
            "https?://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9_-]+)*",
            "the address of a door, without a slash at its end"),
    TIME(20, 20, "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", "a UTC time such as 2026-11-11T00:00:00Z"),
    IDEMPOTENCY_KEY(1, 255, "[ -~]+", "printable ASCII"),
    REASON(1, 200, "[!-~][ -~]*", "printable ASCII that begins with no space"),
    PAGE(20, 120, "[A-Za-z0-9_-]+", "what an earlier answer gave as next"),
    UNIT(2, 10, "[A-Z][A-Z0-9]+", "capital letters and digits, a letter first, such as RZ01"),
    COLOUR(1, 1, "[ab]", "a or b"),
    REGION(5, 25, "[a-z]{2}(-[a-z]+)+-[0-9]+", "a Region such as us-east-1"),
    SHARDS(5, 5, "[0-9]{2}-[0-9]{2}", "a range of shards, both ends included, such as 00-33");

    private final int min;
    private final int max;
    private final Pattern pattern;
    private final String words;

    Text(int min, int max, String pattern, String words) {
        this.min = min;
        this.max = max;
        this.pattern = Pattern.compile(pattern);
        this.words = words;
    }

    boolean accepts(String text) {
        return text.length() >= min
                && text.length() <= max
                && pattern.matcher(text).matches();
    }

    /** What would be right, for a caller who got it wrong. */
    String expectation() {
        return "must be " + (min == max ? Integer.toString(min) : min + " to " + max) + " characters: " + words;
    }
}
