package doubleeleven.gateway;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a request one by one and collects everything that is wrong, so that a caller learns it all at once. A reader of a
 * wrong field gets a stand-in value; nobody sees it, because {@link #read(Map, Function)} then refuses the request.
 */
final class Fields {
    private final Map<String, @Nullable Object> values;
    private final String prefix;
    private final List<FieldError> errors;
    private final Set<String> known = new HashSet<>();

    private Fields(Map<String, @Nullable Object> values, String prefix, List<FieldError> errors) {
        this.values = values;
        this.prefix = prefix;
        this.errors = errors;
    }

    /** Reads a request by the given reader; refuses it where anything was wrong, fields that nobody asked for included. */
    static <T> Checked<T> read(Map<String, @Nullable Object> json, Function<Fields, T> reader) {
        Fields fields = new Fields(json, "", new ArrayList<>());
        T request = reader.apply(fields);
        fields.refuseUnknown();
        return fields.errors.isEmpty()
                ? new Checked.Passed<>(request)
                : new Checked.Refused<>(Problem.invalid(fields.errors));
    }

    boolean has(String name) {
        known.add(name);
        return values.containsKey(name);
    }

    String text(String name, Text text) {
        if (has(name) && values.get(name) instanceof String value && text.accepts(value)) {
            return value;
        }
        wrong(name, text.expectation());
        return "";
    }

    @Nullable
    String textIfGiven(String name, Text text) {
        return has(name) ? text(name, text) : null;
    }

    /** A text with a form of its own. */
    <T> T parsed(String name, Function<String, Optional<T>> parser, String expectation, T standIn) {
        Optional<T> value =
                has(name) && values.get(name) instanceof String text ? parser.apply(text) : Optional.empty();
        if (value.isEmpty()) {
            wrong(name, expectation);
        }
        return value.orElse(standIn);
    }

    long integer(String name, long min, long max) {
        if (has(name) && values.get(name) instanceof Long value && value >= min && value <= max) {
            return value;
        }
        wrong(name, "must be an integer from " + min + " to " + max + ", written without fraction or exponent");
        return min;
    }

    long integerIfGiven(String name, long min, long max, long otherwise) {
        return has(name) ? integer(name, min, max) : otherwise;
    }

    /** Integers; in the place of one that is wrong stands nothing. */
    List<Long> integers(String name, int fewest, int most, long min, long max) {
        if (!(has(name) && values.get(name) instanceof List<?> list && list.size() >= fewest && list.size() <= most)) {
            wrong(name, "must be a list of " + fewest + " to " + most + " integers");
            return List.of();
        }
        List<Long> read = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Long value && value >= min && value <= max) {
                read.add(value);
            } else {
                wrong(name + "[" + i + "]", "must be an integer from " + min + " to " + max);
            }
        }
        return read;
    }

    /** As integers, each more than the one before. */
    List<Integer> rising(String name, int fewest, int most, int min, int max) {
        List<Integer> read = integers(name, fewest, most, min, max).stream()
                .map(Math::toIntExact)
                .toList();
        for (int i = 1; i < read.size(); i++) {
            if (read.get(i) <= read.get(i - 1)) {
                wrong(name, "must rise from each to the next");
            }
        }
        return read;
    }

    String choice(String name, List<String> choices) {
        if (has(name) && values.get(name) instanceof String value && choices.contains(value)) {
            return value;
        }
        wrong(name, "must be one of " + String.join(", ", choices));
        return choices.getFirst();
    }

    boolean flag(String name) {
        if (!has(name)) {
            wrong(name, "must be true or false");
        }
        return flagIfGiven(name);
    }

    boolean flagIfGiven(String name) {
        if (has(name) && !(values.get(name) instanceof Boolean)) {
            wrong(name, "must be true or false");
        }
        return Boolean.TRUE.equals(values.get(name));
    }

    /** Texts; in the place of one that is wrong stands nothing. */
    List<String> texts(String name, int min, int max, Text text) {
        if (!(has(name) && values.get(name) instanceof List<?> list && list.size() >= min && list.size() <= max)) {
            wrong(name, "must be a list of " + min + " to " + max + " texts");
            return List.of();
        }
        List<String> read = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof String value && text.accepts(value)) {
                read.add(value);
            } else {
                wrong(name + "[" + i + "]", text.expectation());
            }
        }
        return read;
    }

    /** An object in this one. */
    <T> T object(String name, Function<Fields, T> reader) {
        if (has(name) && values.get(name) instanceof Map<?, ?> value) {
            return nested(value, prefix + name, errors, reader);
        }
        wrong(name, "must be an object");
        return nested(Map.of(), prefix + name, new ArrayList<>(), reader);
    }

    <T> List<T> objects(String name, int min, int max, Function<Fields, T> reader) {
        if (!(has(name) && values.get(name) instanceof List<?> list && list.size() >= min && list.size() <= max)) {
            wrong(name, "must be a list of " + min + " to " + max + " objects");
            return List.of();
        }
        List<T> read = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String place = prefix + name + "[" + i + "]";
            if (list.get(i) instanceof Map<?, ?> value) {
                read.add(nested(value, place, errors, reader));
            } else {
                errors.add(new FieldError(place, "must be an object"));
            }
        }
        return read;
    }

    int size() {
        return values.size();
    }

    /** Says that the field is wrong. Its first fault is enough. */
    void wrong(String name, String message) {
        String field = prefix + name;
        if (errors.stream().noneMatch(error -> error.field().equals(field))) {
            errors.add(new FieldError(field, message));
        }
    }

    /** Says that the object itself is wrong. */
    void wrong(String message) {
        errors.add(new FieldError(prefix.substring(0, prefix.length() - 1), message));
    }

    /** Whether nothing was wrong so far: only then do rules between fields make sense. */
    boolean isFine() {
        return errors.isEmpty();
    }

    @SuppressWarnings("unchecked") // StrictJson makes every JSON object a map by name
    private static <T> T nested(Map<?, ?> value, String place, List<FieldError> errors, Function<Fields, T> reader) {
        Fields fields = new Fields((Map<String, @Nullable Object>) value, place + ".", errors);
        T read = reader.apply(fields);
        fields.refuseUnknown();
        return read;
    }

    private void refuseUnknown() {
        values.keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> wrong(name, "is not known here"));
    }
}
