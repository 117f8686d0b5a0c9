package doubleeleven.gateway;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A call as it arrived.
 *
 * @param path without the stage
 * @param headers by name, in any case
 * @param query each parameter with all values that were given for it
 */
public record Request(
        String method,
        String path,
        Map<String, String> headers,
        Map<String, List<String>> query,
        @Nullable String body) {
    public Request {
        Map<String, String> lower = new TreeMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        headers = Map.copyOf(lower);
        query = Map.copyOf(query);
    }

    Request(String method, String path, Map<String, String> headers, @Nullable String body) {
        this(method, path, headers, Map.of(), body);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
}
