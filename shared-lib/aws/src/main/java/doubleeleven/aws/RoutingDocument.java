package doubleeleven.aws;

import doubleeleven.ids.Shard;
import doubleeleven.routing.Feature;
import doubleeleven.routing.Flow;
import doubleeleven.routing.Flows;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.RuleDocument;
import doubleeleven.routing.Unit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The routing rule as JSON: what the control table holds, and, with further fields that are ignored here, what a topology file says.
 *
 * <pre>{@code
 * {"version": 1, "peak": 100, "units": [
 *   {"name": "RZ01", "region": "us-east-1", "standby": "RZ02", "capacity": 70, "colours": {"a": 100}, "shards": ["00-33"]}, ...]}
 * }</pre>
 */
public final class RoutingDocument {
    private RoutingDocument() {}

    /**
     * Reads a rule; fields that only a later release knows are left aside. A document without a version is a topology, the first rule of
     * all.
     */
    public static RoutingRule read(String json) {
        Map<String, Object> document = Json.object(json);
        long version = document.containsKey("version") ? Json.integer(document, "version") : 1;
        Map<String, Unit> units = new LinkedHashMap<>();
        String[] owners = new String[Shard.COUNT];
        for (Map<String, Object> unit : Json.objects(document, "units")) {
            String name = Json.text(unit, "name");
            units.put(
                    name,
                    new Unit(
                            name,
                            Json.text(unit, "region"),
                            Json.text(unit, "standby"),
                            rate(unit, "capacity"),
                            colours(unit),
                            Boolean.TRUE.equals(unit.get("forbidden"))));
            if (unit.get("shards") instanceof List<?> ranges) {
                ranges.forEach(range -> own(owners, name, String.valueOf(range)));
            }
        }
        if (Arrays.asList(owners).contains(null)) {
            throw new IllegalArgumentException("some shards have no owner");
        }
        return new RoutingRule(
                version, rate(document, "peak"), List.of(owners), units, flows(document), switchedOff(document));
    }

    /**
     * Reads a rule to publish it again or to compare it: it must not say anything that would be lost.
     *
     * @throws IllegalArgumentException where it says more than this release knows
     */
    public static RoutingRule readWhole(String json) {
        RoutingRule rule = read(json);
        if (!Json.object(write(rule)).equals(Json.object(json))) {
            throw new IllegalArgumentException(
                    "version " + rule.version() + " of the rule says more than this release knows");
        }
        return rule;
    }

    public static String write(RoutingRule rule) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", rule.version());
        document.putAll(RuleDocument.of(rule));
        return Json.write(document);
    }

    /** Payments a second; 0 in documents from before they were kept. */
    private static long rate(Map<String, Object> object, String field) {
        return object.containsKey(field) ? Json.integer(object, field) : 0;
    }

    private static Flows flows(Map<String, Object> document) {
        if (!document.containsKey("flows")) {
            return Flows.NONE;
        }
        Map<String, Object> flows = Json.child(document, "flows");
        return new Flows(
                Math.toIntExact(Json.integer(flows, "environments")),
                flow(flows, "app"),
                flow(flows, "merchant"),
                named(flows, "merchants", "merchant"),
                flow(flows, "unit"),
                named(flows, "units", "unit"),
                flow(flows, "hotAccount"),
                flow(flows, "hotBucket"));
    }

    private static @Nullable Flow flow(Map<String, Object> flows, String field) {
        return flows.containsKey(field) ? flow(Json.child(flows, field)) : null;
    }

    private static Flow flow(Map<String, Object> limit) {
        return new Flow(Json.integer(limit, "ratePerSecond"), Json.integer(limit, "burst"));
    }

    private static SortedMap<String, Flow> named(Map<String, Object> flows, String field, String key) {
        SortedMap<String, Flow> named = new TreeMap<>();
        if (flows.containsKey(field)) {
            Json.objects(flows, field).forEach(limit -> named.put(Json.text(limit, key), flow(limit)));
        }
        return named;
    }

    /** What only a later release can switch off is left aside. */
    private static Set<Feature> switchedOff(Map<String, Object> document) {
        Set<Feature> off = EnumSet.noneOf(Feature.class);
        if (document.containsKey("switches")) {
            Map<String, Object> switches = Json.child(document, "switches");
            for (Feature feature : Feature.values()) {
                if (RuleDocument.OFF.equals(switches.get(feature.field()))) {
                    off.add(feature);
                }
            }
        }
        return off;
    }

    private static SortedMap<String, Integer> colours(Map<String, Object> unit) {
        SortedMap<String, Integer> colours = new TreeMap<>();
        if (unit.get("colours") instanceof Map<?, ?> weights) {
            weights.forEach((colour, weight) -> colours.put(String.valueOf(colour), ((Number) weight).intValue()));
        }
        return colours;
    }

    private static void own(String[] owners, String unit, String range) {
        int dash = range.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
        int last = Integer.parseInt(range.substring(dash + 1));
        for (int shard = first; shard <= last; shard++) {
            if (owners[shard] != null) {
                throw new IllegalArgumentException("shard " + new Shard(shard) + " has two owners");
            }
            owners[shard] = unit;
        }
    }
}
