package doubleeleven.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a request was refused, told as RFC 9457 problem details.
 *
 * @param errors one for each field that is wrong
 * @param more further members, such as links
 * @param headers further headers, such as Retry-After
 */
public record Problem(
        ProblemType type,
        String detail,
        List<FieldError> errors,
        Map<String, Object> more,
        Map<String, String> headers) {

    static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, List.of(), Map.of(), Map.of());
    }

    static Problem malformed(String detail) {
        return of(ProblemType.MALFORMED_REQUEST, detail);
    }

    static Problem idempotencyKey(String message) {
        return of(
                        ProblemType.IDEMPOTENCY_KEY_REQUIRED,
                        "Send the header Idempotency-Key, the same again with each retry of this call.")
                .with(List.of(new FieldError("Idempotency-Key", message)));
    }

    static Problem invalid(List<FieldError> errors) {
        return of(
                        ProblemType.INVALID_REQUEST,
                        errors.size() == 1 ? "1 field is wrong." : errors.size() + " fields are wrong.")
                .with(errors);
    }

    static Problem invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    static Problem unauthorized() {
        return of(ProblemType.UNAUTHORIZED, "Send the header Authorization: Bearer <key id>.<secret>.")
                .withHeader("WWW-Authenticate", "Bearer");
    }

    static Problem forbidden() {
        return of(ProblemType.FORBIDDEN, "The role of this API key does not include this call.");
    }

    static Problem consent(String detail) {
        return of(ProblemType.CONSENT_REFUSED, detail);
    }

    static Problem notFound() {
        return of(ProblemType.NOT_FOUND, "Nothing is known under this address.");
    }

    /** Nothing was started anywhere, so the same call may simply be made again. */
    static Problem noUnit() {
        return of(
                        ProblemType.UNIT_UNREACHABLE,
                        "Nothing was started. Make the same call again, with the same idempotency key.")
                .retrySoon();
    }

    static Problem doorUnhealthy() {
        return of(
                        ProblemType.DOOR_UNHEALTHY,
                        "The routing rule cannot be read here, and the one last read is too old. Use another Region's door.")
                .withHeader("Retry-After", "10");
    }

    /** Nothing was started anywhere; sooner than after so many seconds the same call is in vain. */
    static Problem tooMany(String detail, long seconds) {
        return of(ProblemType.TOO_MANY_REQUESTS, detail).withHeader("Retry-After", Long.toString(seconds));
    }

    static Problem internal() {
        return of(ProblemType.INTERNAL_ERROR, "The failure was recorded under the trace id.");
    }

    int status() {
        return type.status();
    }

    /** For what was not started: the same call, with the same key, may succeed then. What needs a new key is no retry. */
    Problem retrySoon() {
        return withHeader("Retry-After", "1");
    }

    Problem with(List<FieldError> fieldErrors) {
        return new Problem(type, detail, List.copyOf(fieldErrors), more, headers);
    }

    Problem withMore(String name, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(more);
        all.put(name, value);
        return new Problem(type, detail, errors, all, headers);
    }

    Problem withHeader(String name, String value) {
        return new Problem(type, detail, errors, more, Map.of(name, value));
    }

    Map<String, Object> toJson(String instance, TraceParent trace) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", type.uri());
        json.put("title", type.title());
        json.put("status", type.status());
        json.put("detail", detail);
        json.put("instance", instance);
        if (!errors.isEmpty()) {
            json.put(
                    "errors",
                    errors.stream()
                            .map(error -> Map.<String, Object>of("field", error.field(), "message", error.message()))
                            .toList());
        }
        json.putAll(more);
        json.put("traceId", trace.traceId());
        return json;
    }
}
