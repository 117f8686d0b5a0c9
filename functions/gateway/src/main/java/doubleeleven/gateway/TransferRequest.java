package doubleeleven.gateway;

import doubleeleven.ids.Fingerprint;
import java.util.Map;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Money that one customer gives to another.
 *
 * @param transfer the caller's own number; among the payer's it is carried out once
 * @param token the payer's signature under this very transfer
 */
record TransferRequest(String transfer, String payer, String payee, Money amount, String token) {

    static Checked<TransferRequest> read(Map<String, @Nullable Object> json) {
        return Fields.read(json, TransferRequest::read);
    }

    private static TransferRequest read(Fields fields) {
        String transfer = fields.text("transfer", Text.ORDER);
        String payer = fields.text("payer", Text.ID);
        String payee = fields.text("payee", Text.ID);
        Money amount = Currencies.money(fields, fields.integer("amount", 1, Limits.MOST_MINOR));
        String token = fields.object("consent", consent -> consent.text("token", Text.TOKEN));
        if (fields.isFine() && payee.equals(payer)) {
            fields.wrong("payee", "must be another customer than the payer");
        }
        return new TransferRequest(transfer, payer, payee, amount, token);
    }

    /** Digest of everything the transfer consists of. The token is no part of it: the payer may have to sign again for a retry. */
    String fingerprint() {
        return Fingerprint.of(
                "TRANSFER",
                payer,
                payee,
                amount.getCurrencyUnit().getCode(),
                Long.toString(amount.getAmountMinorLong()));
    }
}
