package doubleeleven.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a request was refused, told as RFC 9457 problem details.
 *
 * @param slug names the kind of problem in its {@code type}; part of the API
 * @param errors one for each field that is wrong
 * @param more further members, such as links
 * @param headers further headers, such as Retry-After
 */
public record Problem(
        String slug,
        String title,
        int status,
        String detail,
        List<FieldError> errors,
        Map<String, Object> more,
        Map<String, String> headers) {
    private static final Map<String, String> RETRY_SOON = Map.of("Retry-After", "1");

    static Problem of(int status, String slug, String title, String detail) {
        return new Problem(slug, title, status, detail, List.of(), Map.of(), Map.of());
    }

    static Problem malformed(String detail) {
        return of(400, "malformed-request", "The request is malformed", detail);
    }

    static Problem idempotencyKey(String message) {
        return of(
                        400,
                        "idempotency-key-required",
                        "A call that moves money carries an idempotency key",
                        "Send the header Idempotency-Key, the same again with each retry of this call.")
                .with(List.of(new FieldError("Idempotency-Key", message)));
    }

    static Problem invalid(List<FieldError> errors) {
        return of(
                        422,
                        "invalid-request",
                        "The request is not valid",
                        errors.size() == 1 ? "1 field is wrong." : errors.size() + " fields are wrong.")
                .with(errors);
    }

    static Problem invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    static Problem unauthorized() {
        return of(
                        401,
                        "unauthorized",
                        "The caller is unknown",
                        "Send the header Authorization: Bearer <key id>.<secret>.")
                .withHeader("WWW-Authenticate", "Bearer");
    }

    static Problem forbidden() {
        return of(
                403, "forbidden", "The caller may not do this", "The role of this API key does not include this call.");
    }

    static Problem consent(String detail) {
        return of(403, "consent-refused", "The payer's consent does not cover this", detail);
    }

    static Problem notFound() {
        return of(404, "not-found", "There is no such thing", "Nothing is known under this address.");
    }

    static Problem conflict(String slug, String title, String detail) {
        return of(409, slug, title, detail);
    }

    /** Nothing was started anywhere, so the same call may simply be made again. */
    static Problem noUnit() {
        return of(
                        503,
                        "unit-unreachable",
                        "No unit could be reached",
                        "Nothing was started. Make the same call again, with the same idempotency key.")
                .withHeaders(RETRY_SOON);
    }

    static Problem internal() {
        return of(500, "internal-error", "The gateway failed", "The failure was recorded under the trace id.");
    }

    Problem retrySoon() {
        return withHeaders(RETRY_SOON);
    }

    Problem with(List<FieldError> fieldErrors) {
        return new Problem(slug, title, status, detail, List.copyOf(fieldErrors), more, headers);
    }

    Problem withMore(String name, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(more);
        all.put(name, value);
        return new Problem(slug, title, status, detail, errors, all, headers);
    }

    Problem withHeader(String name, String value) {
        return withHeaders(Map.of(name, value));
    }

    private Problem withHeaders(Map<String, String> all) {
        return new Problem(slug, title, status, detail, errors, more, all);
    }

    Map<String, Object> toJson(String instance, TraceParent trace) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "urn:double-eleven:problem:" + slug);
        json.put("title", title);
        json.put("status", status);
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
