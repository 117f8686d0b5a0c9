package doubleeleven.gateway;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/** What is asked for where an account is opened. */
final class OpeningRequests {
    private OpeningRequests() {}

    /** A new customer with a balance. */
    record Customer(String customer, String publicKey, Money openingBalance) {
        static Checked<Customer> read(Map<String, @Nullable Object> json) {
            return Fields.read(json, fields -> {
                String publicKey = fields.text("publicKey", Text.PUBLIC_KEY);
                if (!publicKey.isEmpty() && PublicKeys.decode(publicKey).isEmpty()) {
                    fields.wrong("publicKey", "is not a point of Ed25519 that can sign");
                }
                return new Customer(
                        fields.text("customer", Text.ID),
                        publicKey,
                        Currencies.money(fields, fields.integer("openingBalance", 0, Limits.MOST_MINOR)));
            });
        }
    }

    /** A coupon for a customer: money with an end. */
    record Coupon(String coupon, Money amount, Instant expiresAt) {
        static Checked<Coupon> read(Map<String, @Nullable Object> json) {
            return Fields.read(
                    json,
                    fields -> new Coupon(
                            fields.text("coupon", Text.ID),
                            Currencies.money(fields, fields.integer("amount", 1, Limits.MOST_MINOR)),
                            time(fields, "expiresAt")));
        }
    }

    /** A standing agreement, signed by the customer. */
    record Mandate(String token) {
        static Checked<Mandate> read(Map<String, @Nullable Object> json) {
            return Fields.read(json, fields -> new Mandate(fields.text("token", Text.TOKEN)));
        }
    }

    /** A new merchant. */
    record Merchant(String merchant, CurrencyUnit currency, int buckets) {
        static Checked<Merchant> read(Map<String, @Nullable Object> json) {
            return Fields.read(
                    json,
                    fields -> new Merchant(
                            fields.text("merchant", Text.ID),
                            Currencies.currency(fields),
                            Math.toIntExact(
                                    fields.integerIfGiven("buckets", 1, Limits.MOST_BUCKETS, Limits.USUAL_BUCKETS))));
        }
    }

    private static Instant time(Fields fields, String name) {
        String text = fields.text(name, Text.TIME);
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeException e) {
            fields.wrong(name, Text.TIME.expectation());
            return Instant.EPOCH;
        }
    }
}
