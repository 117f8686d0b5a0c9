package doubleeleven.gateway;

import doubleeleven.ids.Fingerprint;
import java.util.Map;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Money that a customer pays back.
 *
 * @param repayment the caller's own number; among the customer's it is carried out once
 * @param token the customer's signature under this very repayment
 */
record RepaymentRequest(String repayment, Money amount, String token) {

    static Checked<RepaymentRequest> read(Map<String, @Nullable Object> json) {
        return Fields.read(
                json,
                fields -> new RepaymentRequest(
                        fields.text("repayment", Text.ORDER),
                        Currencies.money(fields, fields.integer("amount", 1, Limits.MOST_MINOR)),
                        fields.object("consent", consent -> consent.text("token", Text.TOKEN))));
    }

    /** Digest of everything that is asked for. The token is no part of it: the customer may have to sign again for a retry. */
    String fingerprint(String customer) {
        return Fingerprint.of(
                "REPAYMENT", customer, amount.getCurrencyUnit().getCode(), Long.toString(amount.getAmountMinorLong()));
    }
}
