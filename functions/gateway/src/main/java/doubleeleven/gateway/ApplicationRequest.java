package doubleeleven.gateway;

import doubleeleven.credit.Applicant;
import doubleeleven.ids.Fingerprint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A request for a line of credit.
 *
 * @param application the caller's own number; among the customer's it is decided once
 * @param token the customer's signature under this very request
 */
record ApplicationRequest(String application, Money requested, Map<String, Long> applicant, String token) {

    static Checked<ApplicationRequest> read(Map<String, @Nullable Object> json) {
        return Fields.read(
                json,
                fields -> new ApplicationRequest(
                        fields.text("application", Text.ID),
                        Currencies.money(fields, fields.integer("requestedLimit", 1, Limits.MOST_MINOR)),
                        fields.object("applicant", ApplicationRequest::applicant),
                        fields.object("consent", consent -> consent.text("token", Text.TOKEN))));
    }

    private static Map<String, Long> applicant(Fields fields) {
        Map<String, Long> applicant = new LinkedHashMap<>();
        Applicant.FIELDS.forEach(
                field -> applicant.put(field.name(), fields.integer(field.name(), field.least(), field.most())));
        return applicant;
    }

    /** Digest of everything that is asked for. The token is no part of it: the customer may have to sign again for a retry. */
    String fingerprint(String customer) {
        List<String> parts = new ArrayList<>(List.of(
                "APPLICATION",
                customer,
                application,
                requested.getCurrencyUnit().getCode(),
                Long.toString(requested.getAmountMinorLong())));
        Applicant.FIELDS.forEach(field -> parts.add(String.valueOf(applicant.get(field.name()))));
        return Fingerprint.of(parts.toArray(String[]::new));
    }
}
