package doubleeleven.gateway;

import doubleeleven.ids.Fingerprint;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payee;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a merchant gives back of a payment, in minor units of its currency.
 *
 * @param merchant the payee that gives it back, where several merchants share the payment; else it may be left out
 */
record RefundRequest(String merchantRefund, @Nullable String merchant, long amountMinor) {

    static Checked<RefundRequest> read(Map<String, @Nullable Object> json) {
        return Fields.read(
                json,
                fields -> new RefundRequest(
                        fields.text("merchantRefund", Text.ORDER),
                        fields.textIfGiven("merchant", Text.ID),
                        fields.integer("amount", 1, Limits.MOST_MINOR)));
    }

    /** Digest of everything the refund consists of. Whose it is goes without saying where the payment has one payee. */
    String fingerprint(Command paid, Payee payee) {
        String original = paid.id().order().value();
        String amount = Long.toString(amountMinor);
        return paid.isShared()
                ? Fingerprint.of("REFUND", original, merchantRefund, amount, payee.merchant())
                : Fingerprint.of("REFUND", original, merchantRefund, amount);
    }
}
