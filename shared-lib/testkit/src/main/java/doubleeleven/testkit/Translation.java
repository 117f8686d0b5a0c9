package doubleeleven.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Attribute values of both generations of the SDK. */
final class Translation {
    private Translation() {}

    static @Nullable Map<String, com.amazonaws.services.dynamodbv2.model.AttributeValue> old(
            @Nullable Map<String, AttributeValue> item) {
        return item == null ? null : each(item, Translation::old);
    }

    static com.amazonaws.services.dynamodbv2.model.AttributeValue old(AttributeValue value) {
        com.amazonaws.services.dynamodbv2.model.AttributeValue old =
                new com.amazonaws.services.dynamodbv2.model.AttributeValue();
        switch (value.type()) {
            case S -> old.setS(value.s());
            case N -> old.setN(value.n());
            case B -> old.setB(value.b().asByteBuffer());
            case SS -> old.setSS(value.ss());
            case NS -> old.setNS(value.ns());
            case BS -> old.setBS(value.bs().stream().map(SdkBytes::asByteBuffer).toList());
            case M -> old.setM(each(value.m(), Translation::old));
            case L -> old.setL(value.l().stream().map(Translation::old).toList());
            case BOOL -> old.setBOOL(value.bool());
            case NUL -> old.setNULL(value.nul());
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("no value: " + value);
        }
        return old;
    }

    static @Nullable Map<String, AttributeValue> item(
            @Nullable Map<String, com.amazonaws.services.dynamodbv2.model.AttributeValue> old) {
        return old == null ? null : each(old, Translation::value);
    }

    static List<Map<String, AttributeValue>> items(
            List<Map<String, com.amazonaws.services.dynamodbv2.model.AttributeValue>> old) {
        List<Map<String, AttributeValue>> items = new ArrayList<>(old.size());
        old.forEach(item -> items.add(each(item, Translation::value)));
        return items;
    }

    private static AttributeValue value(com.amazonaws.services.dynamodbv2.model.AttributeValue old) {
        if (old.getS() != null) {
            return AttributeValue.fromS(old.getS());
        }
        if (old.getN() != null) {
            return AttributeValue.fromN(old.getN());
        }
        if (old.getM() != null) {
            return AttributeValue.fromM(each(old.getM(), Translation::value));
        }
        if (old.getL() != null) {
            return AttributeValue.fromL(
                    old.getL().stream().map(Translation::value).toList());
        }
        if (old.getBOOL() != null) {
            return AttributeValue.fromBool(old.getBOOL());
        }
        if (old.getSS() != null) {
            return AttributeValue.fromSs(old.getSS());
        }
        if (old.getNS() != null) {
            return AttributeValue.fromNs(old.getNS());
        }
        if (old.getB() != null) {
            return AttributeValue.fromB(SdkBytes.fromByteBuffer(old.getB()));
        }
        if (old.getBS() != null) {
            return AttributeValue.fromBs(
                    old.getBS().stream().map(SdkBytes::fromByteBuffer).toList());
        }
        if (old.getNULL() != null) {
            return AttributeValue.fromNul(old.getNULL());
        }
        throw new IllegalArgumentException("no value: " + old);
    }

    static <A, B> Map<String, B> each(Map<String, A> values, Function<A, B> translation) {
        Map<String, B> translated = HashMap.newHashMap(values.size());
        values.forEach((name, value) -> translated.put(name, translation.apply(value)));
        return translated;
    }
}
