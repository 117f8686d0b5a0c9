package doubleeleven.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request that was let in: by whom, for what, with which key. */
record Call(
        Route.Match match,
        Caller caller,
        @Nullable String idempotencyKey,
        Map<String, List<String>> query,
        Map<String, @Nullable Object> body,
        TraceParent trace) {
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");

    /** The query as a reader of fields takes it: whole numbers as such, and a parameter given twice as what no field can be. */
    Map<String, @Nullable Object> queryFields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        query.forEach((name, values) -> fields.put(name, values.size() == 1 ? field(values.getFirst()) : values));
        return fields;
    }

    private static Object field(String value) {
        return INTEGER.matcher(value).matches() ? (Object) Long.valueOf(value) : value;
    }

    String variable(String name) {
        return match.variable(name);
    }

    /** The key of a call that moves money; such a route is not entered without one. */
    String key() {
        if (idempotencyKey == null) {
            throw new IllegalStateException(match.route() + " was entered without an idempotency key");
        }
        return idempotencyKey;
    }
}
