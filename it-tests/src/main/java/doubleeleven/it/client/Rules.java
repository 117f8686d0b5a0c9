package doubleeleven.it.client;

import java.util.List;
import java.util.Map;

/** The routing rule in force, as an operator sees it. */
public final class Rules {
    private Rules() {}

    /** Its units, as the document has them. */
    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    public static List<Map<String, Object>> units(Api operator) {
        Answer rule = operator.get("/operations/routing-rule");
        if (rule.body().get("document") instanceof Map<?, ?> document
                && document.get("units") instanceof List<?> units) {
            return (List<Map<String, Object>>) units;
        }
        throw new IllegalStateException("no routing rule: " + rule);
    }
}
