package doubleeleven.testkit.asl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** Definitions as they are deployed; their module has to be on the class path. */
public final class Definitions {
    private Definitions() {}

    /**
     * Reads a definition and binds its tokens, as the deployment does.
     *
     * @param name such as {@code payment-tcc}
     * @param bindings a value for each token
     */
    public static String read(String name, Map<String, String> bindings) {
        String file = "/" + name + ".asl.json";
        try (InputStream in = Definitions.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not on the class path");
            }
            String text = new String(in.readAllBytes(), UTF_8);
            for (Map.Entry<String, String> binding : bindings.entrySet()) {
                text = text.replace("${" + binding.getKey() + "}", binding.getValue());
            }
            if (text.contains("${")) {
                throw new IllegalArgumentException("a token of " + name + " has no value");
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
