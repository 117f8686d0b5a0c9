package doubleeleven.aws;

import doubleeleven.credit.Terms;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** The terms of credit that ship in the zip: changing a fee is a deployment, with its review and its way back. */
public final class CreditTerms {
    private CreditTerms() {}

    public static Terms read() {
        try (InputStream in = CreditTerms.class.getResourceAsStream("/credit-terms.json")) {
            if (in == null) {
                throw new IllegalStateException("credit-terms.json is not in the zip");
            }
            return read(Json.object(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Terms read(Map<String, Object> json) {
        Map<Integer, Integer> fees = new HashMap<>();
        if (json.get("instalments") instanceof Map<?, ?> plans) {
            plans.forEach((count, fee) ->
                    fees.put(Integer.valueOf(String.valueOf(count)), Math.toIntExact(((Number) fee).longValue())));
        }
        return new Terms(
                Json.text(json, "name"),
                Math.toIntExact(Json.integer(json, "dueDay")),
                Math.toIntExact(Json.integer(json, "dailyInterestPpm")),
                fees);
    }
}
