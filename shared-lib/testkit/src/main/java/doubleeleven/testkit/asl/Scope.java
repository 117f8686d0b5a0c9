package doubleeleven.testkit.asl;

import com.dashjoin.jsonata.Jsonata;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables of a machine, or of one branch or iteration: it sees those around it and may hide them, but sets its own alone. */
final class Scope {
    private final @Nullable Scope outer;
    private final Map<String, Object> own = new HashMap<>();

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    @Nullable
    Object find(String name) {
        Object value = own.get(name);
        return value != null || outer == null ? value : outer.find(name);
    }

    void assign(Map<String, Object> values) {
        own.putAll(values);
    }

    void copyTo(Map<String, Object> variables) {
        variables.putAll(own);
    }

    void bindAll(Jsonata.Frame frame) {
        if (outer != null) {
            outer.bindAll(frame);
        }
        own.forEach(frame::bind);
    }
}
