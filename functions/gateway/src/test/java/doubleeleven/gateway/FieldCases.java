package doubleeleven.gateway;

import doubleeleven.aws.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Bodies at and beyond every boundary that a schema of the API's document states. */
final class FieldCases {
    private final ApiDocument api;

    private FieldCases(ApiDocument api) {
        this.api = api;
    }

    /** A body that the document accepts or refuses because of one field. */
    record Case(String name, Map<String, Object> body, String field, boolean accepted) {}

    static List<Case> of(ApiDocument api, Schema<?> schema) {
        FieldCases fields = new FieldCases(api);
        List<Case> cases = new ArrayList<>();
        Map<String, Object> example = fields.example(schema);
        cases.add(new Case("example", example, "", true));
        fields.mutate(schema, example, "", body -> body, cases);
        return cases;
    }

    /** The examples of all properties, or of as many as an object may have. */
    private Map<String, Object> example(Schema<?> declared) {
        Schema<?> schema = api.resolved(declared);
        Map<String, Object> object = new LinkedHashMap<>();
        schema.getProperties().forEach((name, property) -> {
            if (schema.getMaxProperties() == null || object.size() < schema.getMaxProperties()) {
                Schema<?> resolved = api.resolved(property);
                object.put(
                        name, "object".equals(resolved.getType()) ? example(resolved) : plain(resolved.getExample()));
            }
        });
        return object;
    }

    /** The parser gives examples of lists as JSON trees. */
    private static Object plain(Object example) {
        return example instanceof com.fasterxml.jackson.databind.JsonNode node
                ? Json.object("{\"x\":" + node + "}").get("x")
                : example;
    }

    private void mutate(
            Schema<?> schema,
            Map<String, Object> example,
            String prefix,
            Function<Map<String, Object>, Map<String, Object>> inPlace,
            List<Case> cases) {
        cases.add(new Case(
                prefix + "unknown field", inPlace.apply(with(example, "unknown", 1)), prefix + "unknown", false));
        schema.getProperties().forEach((name, declared) -> {
            if (!example.containsKey(name)) {
                return;
            }
            Schema<?> property = api.resolved(declared);
            String field = prefix + name;
            boolean required =
                    schema.getRequired() != null && schema.getRequired().contains(name);
            // Which source names a coupon is a rule between fields, told in words.
            if (!field.endsWith(".coupon") && schema.getMinProperties() == null) {
                cases.add(new Case(field + " missing", inPlace.apply(without(example, name)), field, !required));
            }
            cases(property, example.get(name), field, value -> inPlace.apply(with(example, name, value)), cases);
            if ("object".equals(property.getType())) {
                nested(
                        property,
                        castMap(example.get(name)),
                        field,
                        body -> inPlace.apply(with(example, name, body)),
                        cases);
            } else if ("array".equals(property.getType())) {
                elements(
                        property,
                        (List<?>) example.get(name),
                        field,
                        list -> inPlace.apply(with(example, name, list)),
                        cases);
            }
        });
    }

    private static void cases(
            Schema<?> schema,
            Object example,
            String field,
            Function<Object, Map<String, Object>> inPlace,
            List<Case> cases) {
        values(schema, example)
                .forEach((what, value) ->
                        cases.add(new Case(field + " " + what, inPlace.apply(value), field, what.startsWith("good"))));
    }

    private void nested(
            Schema<?> schema,
            Map<String, Object> example,
            String field,
            Function<Map<String, Object>, Map<String, Object>> inPlace,
            List<Case> cases) {
        mutate(schema, example, field + ".", inPlace, cases);
        if (schema.getMaxProperties() != null) {
            Map<String, Object> all = new LinkedHashMap<>();
            schema.getProperties().forEach((name, property) -> all.put(name, property.getExample()));
            cases.add(new Case(field + " with too much", inPlace.apply(all), field, false));
            cases.add(new Case(field + " with too little", inPlace.apply(Map.of()), field, false));
            all.forEach((name, value) ->
                    cases.add(new Case(field + " with " + name, inPlace.apply(Map.of(name, value)), field, true)));
        }
    }

    private void elements(
            Schema<?> schema,
            List<?> example,
            String field,
            Function<List<Object>, Map<String, Object>> inPlace,
            List<Case> cases) {
        int last = example.size() - 1;
        Function<Object, Map<String, Object>> replaced = element -> {
            List<Object> list = new ArrayList<>(example);
            list.set(last, element);
            return inPlace.apply(list);
        };
        String place = field + "[" + last + "]";
        Schema<?> items = api.resolved(schema.getItems());
        if (!"object".equals(items.getType())) {
            cases(items, example.get(last), place, replaced, cases);
            return;
        }
        cases.add(new Case(place + " of another type", replaced.apply("x"), place, false));
        cases.add(new Case(place + " null", replaced.apply(null), place, false));
        mutate(items, castMap(example.get(last)), place + ".", replaced::apply, cases);
    }

    /** Values of one property by what they are; those that begin with "good" are accepted. */
    private static Map<String, Object> values(Schema<?> schema, Object example) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("null", null);
        values.put("boolean".equals(schema.getType()) ? "good boolean" : "boolean", true);
        switch (schema.getType()) {
            case "integer" -> {
                BigDecimal min = schema.getMinimum();
                BigDecimal max = schema.getMaximum();
                values.put("good minimum", min.toBigInteger());
                values.put("good maximum", max.toBigInteger());
                values.put("below minimum", min.subtract(BigDecimal.ONE).toBigInteger());
                values.put("above maximum", max.add(BigDecimal.ONE).toBigInteger());
                values.put("beyond 64 bits", max.toBigInteger().shiftLeft(70));
                values.put("fraction", new BigDecimal("12.5"));
                values.put("whole fraction", new BigDecimal("12.0"));
                values.put("exponent", new BigDecimal("1E+1"));
                values.put("text", "12");
            }
            case "string" -> texts(schema, (String) example, values);
            case "array" -> {
                Object first = ((List<?>) example).getFirst();
                values.put("object", Map.of());
                if (schema.getMinItems() > 0) {
                    values.put("too few", Collections.nCopies(schema.getMinItems() - 1, first));
                }
                values.put("too many", Collections.nCopies(schema.getMaxItems() + 1, first));
            }
            default -> values.put("text", "x");
        }
        return values;
    }

    private static void texts(Schema<?> schema, String example, Map<String, Object> values) {
        values.put("number", 1);
        values.put("empty", "");
        if (schema.getEnum() != null) {
            schema.getEnum().forEach(choice -> values.put("good choice " + choice, choice));
            values.put("no choice", "CASH");
            values.put(
                    "choice in another case",
                    schema.getEnum().getFirst().toString().toLowerCase(java.util.Locale.ROOT));
            return;
        }
        String longest =
                example + example.substring(example.length() - 1).repeat(schema.getMaxLength() - example.length());
        values.put("good example", example);
        values.put("too long", longest + longest.charAt(longest.length() - 1));
        values.put("against the pattern", " " + example.substring(1));
        values.put("with a line after it", example + "\n");
        if (longest.matches(schema.getPattern())) {
            values.put("good longest", longest);
        }
        String shortest = "a".repeat(schema.getMinLength());
        if (shortest.matches(schema.getPattern()) && schema.getMinLength() < schema.getMaxLength()) {
            values.put("good shortest", shortest);
        }
        if (schema.getMinLength() > 1) {
            values.put("too short", example.substring(0, schema.getMinLength() - 1));
        }
    }

    private static Map<String, Object> with(Map<String, Object> object, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(object);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, Object> without(Map<String, Object> object, String name) {
        Map<String, Object> changed = new LinkedHashMap<>(object);
        changed.remove(name);
        return changed;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> castMap(Object object) {
        return (Map<String, Object>) object;
    }
}
