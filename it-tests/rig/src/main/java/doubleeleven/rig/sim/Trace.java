package doubleeleven.rig.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Everything that happened: a digest of all of it, and the lines about what was not yet found to be well. */
final class Trace {
    private final MessageDigest digest;
    private final Map<String, List<String>> lines = new HashMap<>();

    Trace() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Notes a line about an order or an account. */
    void note(String about, String line) {
        digest.update(line.getBytes(UTF_8));
        lines.computeIfAbsent(about, _ -> new ArrayList<>()).add(line);
    }

    /** Notes what is about no order. */
    void note(String line) {
        digest.update(line.getBytes(UTF_8));
    }

    List<String> about(String what) {
        return lines.getOrDefault(what, List.of());
    }

    /** What happened so far is well. */
    void forget() {
        lines.clear();
    }

    String digest() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 can be copied", e);
        }
    }
}
