package doubleeleven.gateway;

import java.util.LinkedHashMap;
import java.util.Map;

/** What one of several merchants gets of an order. */
record Share(String merchant, long amountMinor) {
    static Share read(Fields fields) {
        return new Share(fields.text("merchant", Text.ID), fields.integer("amount", 1, Limits.MOST_MINOR));
    }

    /** As requests, tokens and answers name it. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("merchant", merchant);
        json.put("amount", amountMinor);
        return json;
    }
}
