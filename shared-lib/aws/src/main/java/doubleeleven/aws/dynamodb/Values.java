package doubleeleven.aws.dynamodb;

import doubleeleven.account.AccountKey;
import doubleeleven.ids.OrderHash;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Attribute values for expressions and keys. */
public final class Values {
    private Values() {}

    public static AttributeValue s(String text) {
        return AttributeValue.fromS(text);
    }

    public static AttributeValue n(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    public static AttributeValue n(Instant time) {
        return n(time.toEpochMilli());
    }

    public static AttributeValue m(Map<String, AttributeValue> map) {
        return AttributeValue.fromM(map);
    }

    /** The key of an account item, or of the payment item that a REFUNDABLE branch holds on. */
    public static Map<String, AttributeValue> key(AccountKey key) {
        return key.sk() == null ? Map.of("pk", s(key.pk())) : Map.of("pk", s(key.pk()), "sk", s(key.sk()));
    }

    public static Map<String, AttributeValue> key(OrderHash order) {
        return Map.of("pk", s(order.value()));
    }

    /** A text attribute that every such item has. */
    public static String text(Map<String, AttributeValue> item, String name) {
        return Document.get(item, name, Converters.TEXT);
    }

    /** A time that every such item has. */
    public static Instant time(Map<String, AttributeValue> item, String name) {
        return Document.get(item, name, Converters.TIME);
    }

    public static AttributeValue tombstone(OrderHash order, Instant at) {
        return m(Map.of("at", n(at), "order", s(order.value())));
    }
}
