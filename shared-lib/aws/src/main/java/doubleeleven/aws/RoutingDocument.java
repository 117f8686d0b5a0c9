package doubleeleven.aws;

import doubleeleven.ids.Shard;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The routing rule as JSON: what the control table holds, and, with further fields that are ignored here, what a topology file says.
 *
 * <pre>{@code
 * {"version": 1, "units": [{"name": "RZ01", "region": "us-east-1", "standby": "RZ02", "colours": {"a": 100}, "shards": ["00-33"]}, ...]}
 * }</pre>
 */
public final class RoutingDocument {
    private RoutingDocument() {}

    /** Reads a rule. A document without a version is a topology, the first rule of all. */
    public static RoutingRule read(String json) {
        Map<String, Object> document = Json.object(json);
        long version = document.containsKey("version") ? Json.integer(document, "version") : 1;
        Map<String, Unit> units = new LinkedHashMap<>();
        String[] owners = new String[Shard.COUNT];
        for (Map<String, Object> unit : Json.objects(document, "units")) {
            String name = Json.text(unit, "name");
            units.put(name, new Unit(name, Json.text(unit, "region"), Json.text(unit, "standby"), colours(unit)));
            if (unit.get("shards") instanceof List<?> ranges) {
                ranges.forEach(range -> own(owners, name, String.valueOf(range)));
            }
        }
        if (Arrays.asList(owners).contains(null)) {
            throw new IllegalArgumentException("some shards have no owner");
        }
        return new RoutingRule(version, List.of(owners), units);
    }

    public static String write(RoutingRule rule) {
        List<Object> units = new ArrayList<>();
        rule.units().values().forEach(unit -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", unit.name());
            fields.put("region", unit.region());
            fields.put("standby", unit.standby());
            fields.put("colours", unit.colours());
            fields.put("shards", ranges(rule, unit.name()));
            units.add(fields);
        });
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", rule.version());
        document.put("units", units);
        return Json.write(document);
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

    private static List<String> ranges(RoutingRule rule, String unit) {
        List<String> ranges = new ArrayList<>();
        for (int shard = 0; shard < Shard.COUNT; shard++) {
            int first = shard;
            while (shard < Shard.COUNT && rule.owners().get(shard).equals(unit)) {
                shard++;
            }
            if (shard > first) {
                ranges.add(new Shard(first) + "-" + new Shard(shard - 1));
            }
        }
        return ranges;
    }
}
