package doubleeleven.routing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a rule says, as the objects, lists, texts and numbers of a JSON document. Rules from before capacities and the peak were kept say
 * nothing of them; nor does one say anything of limits or switches where there are none.
 */
public final class RuleDocument {
    /** Of a switch. */
    public static final String ON = "ON";

    public static final String OFF = "OFF";

    private RuleDocument() {}

    public static Map<String, Object> of(RoutingRule rule) {
        Map<String, Object> document = new LinkedHashMap<>();
        putIfKept(document, "peak", rule.peak());
        document.put(
                "units",
                rule.units().values().stream().map(unit -> of(rule, unit)).toList());
        if (!rule.flows().equals(Flows.NONE)) {
            document.put("flows", of(rule.flows()));
        }
        if (!rule.switchedOff().isEmpty()) {
            Map<String, Object> switches = new LinkedHashMap<>();
            rule.switchedOff().forEach(feature -> switches.put(feature.field(), OFF));
            document.put("switches", switches);
        }
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

    private static Map<String, Object> of(Flows flows) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("environments", flows.environments());
        put(fields, "app", flows.app());
        put(fields, "merchant", flows.merchant());
        put(fields, "merchants", "merchant", flows.merchants());
        put(fields, "unit", flows.unit());
        put(fields, "units", "unit", flows.units());
        put(fields, "hotAccount", flows.hotAccount());
        put(fields, "hotBucket", flows.hotBucket());
        return fields;
    }

    /** A limit, as a document has it. */
    public static Map<String, Object> of(Flow flow) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("ratePerSecond", flow.ratePerSecond());
        fields.put("burst", flow.burst());
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Flow flow) {
        if (flow != null) {
            fields.put(name, of(flow));
        }
    }

    private static void put(Map<String, Object> fields, String name, String key, SortedMap<String, Flow> flows) {
        if (!flows.isEmpty()) {
            List<Map<String, Object>> named = flows.entrySet().stream()
                    .map(each -> {
                        Map<String, Object> limit = new LinkedHashMap<>();
                        limit.put(key, each.getKey());
                        limit.putAll(of(each.getValue()));
                        return limit;
                    })
                    .toList();
            fields.put(name, named);
        }
    }

    private static void putIfKept(Map<String, Object> fields, String name, long rate) {
        if (rate > 0) {
            fields.put(name, rate);
        }
    }
}
