package doubleeleven.gateway;

import doubleeleven.ids.Fingerprint;
import java.util.Map;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Money that comes in from outside.
 *
 * @param reference the operator's own, such as a bank's number of the transfer; it is booked once
 */
record TopUpRequest(String reference, Money amount) {

    static Checked<TopUpRequest> read(Map<String, @Nullable Object> json) {
        return Fields.read(
                json,
                fields -> new TopUpRequest(
                        fields.text("reference", Text.ORDER),
                        Currencies.money(fields, fields.integer("amount", 1, Limits.MOST_MINOR))));
    }

    String fingerprint(String owner) {
        return Fingerprint.of(
                "DEPOSIT",
                owner,
                reference,
                amount.getCurrencyUnit().getCode(),
                Long.toString(amount.getAmountMinorLong()));
    }
}
