package doubleeleven.notification;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which addresses notifications may be sent to. The platform calls whatever a merchant names, from inside: so never a literal address, never
 * another port, and never without TLS, for what answers in a merchant's name must hold that name's certificate, which nothing inside does.
 */
public final class EndpointUrl {
    /** The most characters that one may have. */
    public static final int LONGEST = 500;

    /** What is taken. */
    public static final String EXPECTATION = "must be an https address of at most " + LONGEST
            + " characters, of a host by its name, on port 443, without user and fragment";

    /** Labels of letters, digits and hyphens; the last begins with a letter, so no form of a literal address is one. */
    private static final Pattern NAME = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])");

    private static final String LOOPBACK = "127.0.0.1";

    private EndpointUrl() {}

    /**
     * Reads an address that notifications may be sent to; none where it is none.
     *
     * @param loopback whether this machine may be named as well, by {@code http://127.0.0.1:<port>}: in a sandbox
     */
    public static Optional<URI> read(String text, boolean loopback) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            URI url = new URI(text).parseServerAuthority();
            return isTaken(url) || (loopback && isLoopback(url)) ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Whether it names this machine, as only a sandbox takes it. */
    public static boolean isLoopback(URI url) {
        return "http".equals(url.getScheme())
                && LOOPBACK.equals(url.getHost())
                && url.getPort() > 0
                && url.getRawUserInfo() == null
                && url.getRawFragment() == null;
    }

    private static boolean isTaken(URI url) {
        return "https".equals(url.getScheme())
                && url.getHost() != null
                && NAME.matcher(url.getHost()).matches()
                && (url.getPort() == -1 || url.getPort() == 443)
                && url.getRawUserInfo() == null
                && url.getRawFragment() == null;
    }
}
