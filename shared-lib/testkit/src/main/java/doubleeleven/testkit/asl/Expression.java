package doubleeleven.testkit.asl;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A part of a definition that may hold JSONata, compiled. Not for several threads at once. */
abstract sealed class Expression {

    abstract Object evaluate(Scope scope, Map<String, Object> states, LongSupplier millis);

    static Expression of(Object part) {
        return switch (part) {
            case String text when text.startsWith("{%") && text.endsWith("%}") -> Code.of(text);
            case String text
            when text.contains("{%") || text.contains("%}") ->
                throw new IllegalArgumentException("an expression is the whole of a text: " + text);
            case Map<?, ?> map -> {
                Map<String, Expression> fields = new LinkedHashMap<>();
                map.forEach((name, value) -> fields.put((String) name, of(value)));
                yield fields.values().stream().allMatch(Constant.class::isInstance)
                        ? new Constant(part)
                        : new Fields(fields);
            }
            case List<?> list -> {
                List<Expression> elements =
                        list.stream().<Expression>map(Expression::of).toList();
                yield elements.stream().allMatch(Constant.class::isInstance)
                        ? new Constant(part)
                        : new Elements(elements);
            }
            default -> new Constant(part);
        };
    }

    private static final class Constant extends Expression {
        private final Object value;

        Constant(Object value) {
            this.value = value;
        }

        @Override
        Object evaluate(Scope scope, Map<String, Object> states, LongSupplier millis) {
            return value;
        }
    }

    private static final class Fields extends Expression {
        private final Map<String, Expression> fields;

        Fields(Map<String, Expression> fields) {
            this.fields = fields;
        }

        @Override
        Object evaluate(Scope scope, Map<String, Object> states, LongSupplier millis) {
            Map<String, Object> values = new LinkedHashMap<>();
            fields.forEach((name, field) -> values.put(name, field.evaluate(scope, states, millis)));
            return values;
        }
    }

    private static final class Elements extends Expression {
        private final List<Expression> elements;

        Elements(List<Expression> elements) {
            this.elements = elements;
        }

        @Override
        Object evaluate(Scope scope, Map<String, Object> states, LongSupplier millis) {
            List<Object> values = new ArrayList<>(elements.size());
            elements.forEach(element -> values.add(element.evaluate(scope, states, millis)));
            return values;
        }
    }

    private static final class Code extends Expression {
        private final String text;
        private final Jsonata compiled;
        private final List<String> path;

        private Code(String text, Jsonata compiled, List<String> path) {
            this.text = text;
            this.compiled = compiled;
            this.path = path;
        }

        static Code of(String text) {
            String source = text.substring(2, text.length() - 2).trim();
            try {
                Jsonata compiled = Jsonata.jsonata(source);
                return new Code(
                        text,
                        compiled,
                        source.matches("\\$[A-Za-z]+(\\.[A-Za-z]+)*")
                                ? List.of(source.substring(1).split("\\.", -1))
                                : List.of());
            } catch (JException e) {
                throw new IllegalArgumentException(text + ": " + e.getMessage(), e);
            }
        }

        @Override
        Object evaluate(Scope scope, Map<String, Object> states, LongSupplier millis) {
            Object value = path.isEmpty() ? null : walk(scope, states);
            if (value == null) {
                value = compute(scope, states, millis);
            }
            if (value == null) {
                throw new StateFailed(StateFailed.EXPRESSION, "nothing came of " + text);
            }
            return value;
        }

        /** A plain path through objects needs no engine; anything else about it, a list on the way or nothing found, is left to the engine. */
        private @Nullable Object walk(Scope scope, Map<String, Object> states) {
            Object at = path.getFirst().equals("states") ? states : scope.find(path.getFirst());
            for (String name : path.subList(1, path.size())) {
                if (!(at instanceof Map<?, ?> object)) {
                    return null;
                }
                at = object.get(name);
            }
            return at;
        }

        private @Nullable Object compute(Scope scope, Map<String, Object> states, LongSupplier millis) {
            try {
                Jsonata.Frame frame = compiled.createFrame();
                scope.bindAll(frame);
                frame.bind("states", states);
                frame.bind("millis", (Jsonata.Fn0<Long>) millis::getAsLong);
                return compiled.evaluate(null, frame);
            } catch (JException e) {
                throw new StateFailed(StateFailed.EXPRESSION, text + ": " + e.getMessage());
            }
        }
    }
}
