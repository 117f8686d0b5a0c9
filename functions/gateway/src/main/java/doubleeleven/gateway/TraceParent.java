package doubleeleven.gateway;

import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** W3C trace context of one call: the caller's trace, or a new one, and this gateway's own span in it. */
public record TraceParent(String traceId, String spanId, String flags) {
    private static final Pattern SHAPE =
            Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})");

    /** Goes on with the trace that the header names; what is not a valid header is replaced, as the standard asks. */
    static TraceParent continuing(Optional<String> header, RandomGenerator random) {
        Matcher matcher = SHAPE.matcher(header.orElse(""));
        return matcher.matches()
                ? new TraceParent(matcher.group(1), hex(random, 8), matcher.group(2))
                : new TraceParent(hex(random, 16), hex(random, 8), "01");
    }

    private static String hex(RandomGenerator random, int bytes) {
        byte[] id = new byte[bytes];
        random.nextBytes(id);
        id[0] |= 1; // an id of zeros only would be invalid
        return HexFormat.of().formatHex(id);
    }

    @Override
    public String toString() {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }
}
