package doubleeleven.it.client;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the API answered.
 *
 * @param text as it came, also where it is no JSON
 */
public record Answer(int status, String text, Map<String, List<String>> headers) {

    /** The answer as an object; empty where it is none. */
    public Map<String, Object> body() {
        try {
            return text.startsWith("{") ? JSON.std.mapFrom(text) : Map.of();
        } catch (IOException e) {
            throw new IllegalStateException("an answer that begins as JSON and is none: " + text, e);
        }
    }

    public Optional<String> find(String field) {
        return Optional.ofNullable(body().get(field)).map(String::valueOf);
    }

    public String text(String field) {
        return find(field).orElseThrow(() -> new IllegalStateException("no field " + field + " in " + this));
    }

    public long integer(String field) {
        if (body().get(field) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("no number " + field + " in " + this);
    }

    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    public List<Map<String, Object>> objects(String field) {
        return body().get(field) instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
    }

    /** Reasons of a decline. */
    public List<String> reasons() {
        return body().get("reasons") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Fields that a problem names as wrong. */
    public List<String> wrongFields() {
        return objects("errors").stream()
                .map(error -> String.valueOf(error.get("field")))
                .toList();
    }

    /** The kind of problem, without the prefix that all share. */
    public String problem() {
        return find("type").orElse("").replaceFirst("^urn:double-eleven:problem:", "");
    }

    public Optional<String> header(String name) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .flatMap(header -> header.getValue().stream())
                .findFirst();
    }

    public boolean isPaid() {
        return status == 201;
    }

    /** Whether the same call, with the same idempotency key, may simply be made again. */
    public boolean isWorthRetrying() {
        return status == 429 || (status >= 500 && !problem().equals("attempt-failed"));
    }
}
