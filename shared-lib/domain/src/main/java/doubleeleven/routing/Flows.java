package doubleeleven.routing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many new payments the platform takes on, all doors together. What is null has no limit.
 *
 * @param environments execution environments of the gateway, in all Regions, that serve at the limit: each enforces that part of
 *     every limit for itself
 * @param app of any one API key
 * @param merchant of a merchant that is not named
 * @param merchants of those that are named, by id
 * @param unit of a unit that is not named
 * @param units of those that are named, by name
 * @param hotAccount of one customer: each payment is a conditional write on the same item
 * @param hotBucket of one bucket of a payee: each payment adds an entry to the same partition
 */
public record Flows(
        int environments,
        @Nullable Flow app,
        @Nullable Flow merchant,
        SortedMap<String, Flow> merchants,
        @Nullable Flow unit,
        SortedMap<String, Flow> units,
        @Nullable Flow hotAccount,
        @Nullable Flow hotBucket) {
    public static final int MOST_ENVIRONMENTS = 100_000;

    /** Nothing is limited. */
    public static final Flows NONE = new Flows(1, null, null, new TreeMap<>(), null, new TreeMap<>(), null, null);

    public Flows {
        merchants = Collections.unmodifiableSortedMap(new TreeMap<>(merchants));
        units = Collections.unmodifiableSortedMap(new TreeMap<>(units));
        if (environments < 1 || environments > MOST_ENVIRONMENTS) {
            throw new IllegalArgumentException(
                    "environments are from 1 to " + MOST_ENVIRONMENTS + ", not " + environments);
        }
    }

    public @Nullable Flow ofMerchant(String id) {
        Flow named = merchants.get(id);
        return named == null ? merchant : named;
    }

    public @Nullable Flow ofUnit(String name) {
        Flow named = units.get(name);
        return named == null ? unit : named;
    }

    /** Every limit by its place in the document, such as {@code merchants.m1}. */
    Map<String, Flow> byPlace() {
        Map<String, Flow> all = new LinkedHashMap<>();
        put(all, "app", app);
        put(all, "merchant", merchant);
        merchants.forEach((id, flow) -> put(all, "merchants." + id, flow));
        put(all, "unit", unit);
        units.forEach((name, flow) -> put(all, "units." + name, flow));
        put(all, "hotAccount", hotAccount);
        put(all, "hotBucket", hotBucket);
        return all;
    }

    private static void put(Map<String, Flow> all, String place, @Nullable Flow flow) {
        if (flow != null) {
            all.put(place, flow);
        }
    }
}
