package doubleeleven.aws.dynamodb;

import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.joda.money.CurrencyUnit;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverter;
import software.amazon.awssdk.enhanced.dynamodb.AttributeValueType;
import software.amazon.awssdk.enhanced.dynamodb.EnhancedType;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How values lie in items: texts as S, numbers and times (epoch milliseconds) as N, records as M. */
final class Converters {
    static final AttributeConverter<String> TEXT = text(String.class, text -> text, text -> text);
    static final AttributeConverter<OrderHash> ORDER = text(OrderHash.class, OrderHash::value, OrderHash::new);
    static final AttributeConverter<AttemptId> ATTEMPT = text(AttemptId.class, AttemptId::value, AttemptId::new);
    static final AttributeConverter<CurrencyUnit> CURRENCY =
            text(CurrencyUnit.class, CurrencyUnit::getCode, CurrencyUnit::of);
    static final AttributeConverter<Long> NUMBER = number(Long.class, number -> number, number -> number);
    static final AttributeConverter<Instant> TIME = number(Instant.class, Instant::toEpochMilli, Instant::ofEpochMilli);

    private Converters() {}

    static AttributeConverter<Boolean> flag() {
        return of(
                EnhancedType.of(Boolean.class),
                AttributeValueType.BOOL,
                AttributeValue::fromBool,
                AttributeValue::bool);
    }

    static <V> AttributeConverter<V> text(Class<V> type, Function<V, String> write, Function<String, V> read) {
        return of(
                EnhancedType.of(type),
                AttributeValueType.S,
                value -> AttributeValue.fromS(write.apply(value)),
                attribute -> read.apply(attribute.s()));
    }

    static <V> AttributeConverter<V> number(Class<V> type, Function<V, Long> write, Function<Long, V> read) {
        return of(
                EnhancedType.of(type),
                AttributeValueType.N,
                value -> AttributeValue.fromN(write.apply(value).toString()),
                attribute -> read.apply(Long.valueOf(attribute.n())));
    }

    static <V> AttributeConverter<V> document(
            Class<V> type,
            Function<V, Map<String, AttributeValue>> write,
            Function<Map<String, AttributeValue>, V> read) {
        return of(
                EnhancedType.of(type),
                AttributeValueType.M,
                value -> AttributeValue.fromM(write.apply(value)),
                attribute -> read.apply(attribute.m()));
    }

    static <V> AttributeConverter<List<V>> list(AttributeConverter<V> element) {
        return of(
                EnhancedType.listOf(element.type()),
                AttributeValueType.L,
                values -> AttributeValue.fromL(
                        values.stream().map(element::transformFrom).toList()),
                attribute -> attribute.l().stream().map(element::transformTo).toList());
    }

    static AttributeConverter<Map<String, Long>> numbers() {
        return of(
                EnhancedType.mapOf(String.class, Long.class),
                AttributeValueType.M,
                values -> {
                    Map<String, AttributeValue> map = new LinkedHashMap<>();
                    values.forEach((name, value) -> map.put(name, NUMBER.transformFrom(value)));
                    return AttributeValue.fromM(map);
                },
                attribute -> {
                    Map<String, Long> map = new LinkedHashMap<>();
                    attribute.m().forEach((name, value) -> map.put(name, NUMBER.transformTo(value)));
                    return map;
                });
    }

    static <V> AttributeConverter<Map<AttemptId, V>> byAttempt(AttributeConverter<V> element) {
        return of(
                EnhancedType.mapOf(EnhancedType.of(AttemptId.class), element.type()),
                AttributeValueType.M,
                values -> {
                    Map<String, AttributeValue> map = new LinkedHashMap<>();
                    values.forEach((attempt, value) -> map.put(attempt.value(), element.transformFrom(value)));
                    return AttributeValue.fromM(map);
                },
                attribute -> {
                    Map<AttemptId, V> map = new LinkedHashMap<>();
                    attribute
                            .m()
                            .forEach((attempt, value) -> map.put(new AttemptId(attempt), element.transformTo(value)));
                    return Map.copyOf(map);
                });
    }

    private static <V> AttributeConverter<V> of(
            EnhancedType<V> type,
            AttributeValueType attributeType,
            Function<V, AttributeValue> write,
            Function<AttributeValue, V> read) {
        return new AttributeConverter<>() {
            @Override
            public AttributeValue transformFrom(V value) {
                return write.apply(value);
            }

            @Override
            public V transformTo(AttributeValue attribute) {
                return read.apply(attribute);
            }

            @Override
            public EnhancedType<V> type() {
                return type;
            }

            @Override
            public AttributeValueType attributeValueType() {
                return attributeType;
            }
        };
    }
}
