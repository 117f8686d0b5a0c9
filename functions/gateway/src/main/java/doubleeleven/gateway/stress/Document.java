package doubleeleven.gateway.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fields of documents that our own side wrote; the absence of one is a fault. */
final class Document {
    private Document() {}

    static String text(Map<String, ?> json, String field) {
        if (json.get(field) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no text in field " + field);
    }

    static long number(Map<String, ?> json, String field) {
        if (json.get(field) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("no number in field " + field);
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as names
    static Map<String, ?> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, ?>) map;
        }
        throw new IllegalArgumentException("not an object: " + value);
    }

    static <V> List<V> list(Map<String, ?> json, String field, Function<Object, V> each) {
        if (json.get(field) instanceof List<?> list) {
            List<V> values = new ArrayList<>();
            list.forEach(value -> values.add(each.apply(value)));
            return values;
        }
        throw new IllegalArgumentException("no list in field " + field);
    }
}
