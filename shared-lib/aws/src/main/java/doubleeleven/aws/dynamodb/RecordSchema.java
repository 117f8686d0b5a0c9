package doubleeleven.aws.dynamodb;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverter;
import software.amazon.awssdk.enhanced.dynamodb.EnhancedType;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTag;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTags;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;

/**
 * A static schema of a record: attributes are named one by one and the record is built from them at the end. Built once per execution
 * environment; no reflection at run time.
 */
final class RecordSchema<T> {
    private final StaticImmutableTableSchema.Builder<T, Fields> builder;

    private RecordSchema(Class<T> type, Function<Fields, T> build) {
        this.builder = TableSchema.builder(type, Fields.class).newItemBuilder(Fields::new, build);
    }

    static <T> RecordSchema<T> of(Class<T> type, Function<Fields, T> build) {
        return new RecordSchema<>(type, build);
    }

    <V> RecordSchema<T> partitionKey(String name, AttributeConverter<V> converter, Function<T, @Nullable V> getter) {
        return add(name, converter, getter, List.of(StaticAttributeTags.primaryPartitionKey()));
    }

    <V> RecordSchema<T> sortKey(String name, AttributeConverter<V> converter, Function<T, @Nullable V> getter) {
        return add(name, converter, getter, List.of(StaticAttributeTags.primarySortKey()));
    }

    <V> RecordSchema<T> attribute(String name, AttributeConverter<V> converter, Function<T, @Nullable V> getter) {
        return add(name, converter, getter, List.of());
    }

    <V> RecordSchema<T> attribute(String name, EnhancedType<V> type, Function<T, @Nullable V> getter) {
        builder.addAttribute(type, a -> a.name(name).getter(getter).setter((fields, value) -> fields.put(name, value)));
        return this;
    }

    TableSchema<T> build() {
        return builder.build();
    }

    private <V> RecordSchema<T> add(
            String name,
            AttributeConverter<V> converter,
            Function<T, @Nullable V> getter,
            List<StaticAttributeTag> tags) {
        builder.addAttribute(
                converter.type(),
                a -> a.name(name)
                        .attributeConverter(converter)
                        .getter(getter)
                        .setter((fields, value) -> fields.put(name, value))
                        .tags(tags));
        return this;
    }

    /** The attributes read so far of one item. The schema beside it declares each one's type, so the caller's type is the right one. */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    static final class Fields {
        private final Map<String, Object> values = new HashMap<>();

        void put(String name, @Nullable Object value) {
            if (value != null) {
                values.put(name, value);
            }
        }

        @SuppressWarnings("unchecked") // the attribute of that name was declared with this type
        <V> @Nullable V find(String name) {
            return (V) values.get(name);
        }

        <V> V get(String name) {
            V value = find(name);
            if (value == null) {
                throw new IllegalStateException("the item has no attribute " + name);
            }
            return value;
        }

        <V> V get(String name, V otherwise) {
            V value = find(name);
            return value == null ? otherwise : value;
        }
    }
}
