package doubleeleven.aws.dynamodb;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverter;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Writes and reads the attributes of a record that lies inside an item. */
final class Document {
    private final Map<String, AttributeValue> attributes = new LinkedHashMap<>();

    <V> Document put(String name, AttributeConverter<V> converter, @Nullable V value) {
        if (value != null) {
            attributes.put(name, converter.transformFrom(value));
        }
        return this;
    }

    Map<String, AttributeValue> attributes() {
        return attributes;
    }

    static <V> V get(Map<String, AttributeValue> attributes, String name, AttributeConverter<V> converter) {
        V value = find(attributes, name, converter);
        if (value == null) {
            throw new IllegalStateException("the item has no attribute " + name);
        }
        return value;
    }

    static <V> @Nullable V find(Map<String, AttributeValue> attributes, String name, AttributeConverter<V> converter) {
        AttributeValue value = attributes.get(name);
        return value == null ? null : converter.transformTo(value);
    }

    /** An attribute value as plain JSON: what a workflow takes as input. */
    static Object plain(AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s();
            case N -> Long.valueOf(value.n());
            case BOOL -> value.bool();
            case L -> value.l().stream().map(Document::plain).toList();
            case M -> plain(value.m());
            default -> throw new IllegalArgumentException("no plain form of " + value.type());
        };
    }

    /** The reverse of {@link #plain(AttributeValue)}. */
    private static AttributeValue attribute(Object plain) {
        return switch (plain) {
            case String text -> AttributeValue.fromS(text);
            case Number number -> AttributeValue.fromN(Long.toString(number.longValue()));
            case Boolean bool -> AttributeValue.fromBool(bool);
            case List<?> list ->
                AttributeValue.fromL(list.stream().map(Document::attribute).toList());
            case Map<?, ?> map -> AttributeValue.fromM(attributes(map));
            default -> throw new IllegalArgumentException("no attribute for " + plain.getClass());
        };
    }

    static Map<String, AttributeValue> attributes(Map<?, ?> plain) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        plain.forEach((name, value) -> attributes.put(String.valueOf(name), attribute(value)));
        return attributes;
    }

    static Map<String, Object> plain(Map<String, AttributeValue> attributes) {
        Map<String, Object> plain = new LinkedHashMap<>();
        attributes.forEach((name, value) -> plain.put(name, plain(value)));
        return plain;
    }
}
