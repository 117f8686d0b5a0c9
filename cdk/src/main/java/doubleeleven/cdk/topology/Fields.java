package doubleeleven.cdk.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields of one JSON object; it names the place of what is missing, of the wrong type or unknown. */
final class Fields {
    private final String place;
    private final Map<String, Object> values;
    private final Set<String> read = new HashSet<>();

    Fields(String place, Map<String, Object> values) {
        this.place = place;
        this.values = values;
    }

    Set<String> names() {
        return values.keySet();
    }

    String text(String name) {
        return value(name, String.class, "a text");
    }

    int number(String name) {
        return value(name, Integer.class, "a whole number");
    }

    boolean flag(String name) {
        return value(name, Boolean.class, "true or false");
    }

    <E extends Enum<E>> E choice(String name, Class<E> type) {
        String text = text(name);
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(text))
                .findFirst()
                .orElseThrow(() -> wrong(name, "one of " + Arrays.toString(type.getEnumConstants())));
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object element : value(name, List.class, "a list of texts")) {
            if (!(element instanceof String text)) {
                throw wrong(name, "a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    Fields object(String name) {
        return fields(place + name, value(name, Map.class, "an object"));
    }

    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        for (Object element : value(name, List.class, "a list of objects")) {
            if (!(element instanceof Map<?, ?> object)) {
                throw wrong(name, "a list of objects");
            }
            objects.add(fields(place + name + "[" + objects.size() + "]", object));
        }
        return objects;
    }

    void requireAllRead() {
        Set<String> unknown = new HashSet<>(values.keySet());
        unknown.removeAll(read);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(place + unknown.stream().sorted().toList() + ": unknown");
        }
    }

    private static Fields fields(String place, Map<?, ?> object) {
        Map<String, Object> values = new LinkedHashMap<>();
        object.forEach((name, value) -> values.put(String.valueOf(name), value));
        return new Fields(place + ".", values);
    }

    private <T> T value(String name, Class<T> type, String expected) {
        read.add(name);
        Object value = values.get(name);
        if (!type.isInstance(value)) {
            throw wrong(name, expected);
        }
        return type.cast(value);
    }

    private IllegalArgumentException wrong(String name, String expected) {
        Object value = values.get(name);
        return new IllegalArgumentException(
                place + name + ": " + expected + " expected, " + (value == null ? "nothing there" : "not " + value));
    }
}
