package doubleeleven.gateway;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that was let in: by whom, for what, with which key. */
record Call(
        Route.Match match,
        Caller caller,
        @Nullable String idempotencyKey,
        Map<String, @Nullable Object> body,
        TraceParent trace) {

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
