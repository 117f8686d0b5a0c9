package doubleeleven.routing;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a rule says, as the objects, lists, texts and numbers of a JSON document. Rules from before capacities and the peak were kept say
 * nothing of them.
 */
public final class RuleDocument {
    private RuleDocument() {}

    public static Map<String, Object> of(RoutingRule rule) {
        Map<String, Object> document = new LinkedHashMap<>();
        putIfKept(document, "peak", rule.peak());
        document.put(
                "units",
                rule.units().values().stream().map(unit -> of(rule, unit)).toList());
        return document;
    }

    private static Map<String, Object> of(RoutingRule rule, Unit unit) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", unit.name());
        fields.put("region", unit.region());
        fields.put("standby", unit.standby());
        putIfKept(fields, "capacity", unit.capacity());
        fields.put("colours", unit.colours());
        if (unit.forbidden()) {
            fields.put("forbidden", true);
        }
        fields.put(
                "shards",
                rule.shardsOf(unit.name()).stream().map(ShardRange::toString).toList());
        return fields;
    }

    private static void putIfKept(Map<String, Object> fields, String name, long rate) {
        if (rate > 0) {
            fields.put(name, rate);
        }
    }
}
