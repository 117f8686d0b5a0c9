package doubleeleven.gateway;

import doubleeleven.ids.Fingerprint;
import doubleeleven.ids.OrderHash;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a merchant gives back of a payment, in minor units of its currency. */
record RefundRequest(String merchantRefund, long amountMinor) {

    static Checked<RefundRequest> read(Map<String, @Nullable Object> json) {
        return Fields.read(
                json,
                fields -> new RefundRequest(
                        fields.text("merchantRefund", Text.ORDER), fields.integer("amount", 1, Limits.MOST_MINOR)));
    }

    String fingerprint(OrderHash original) {
        return Fingerprint.of("REFUND", original.value(), merchantRefund, Long.toString(amountMinor));
    }
}
