package doubleeleven.routing;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What there is to route to.
 *
 * @param units by name
 */
public record Deployed(SortedMap<String, Site> units) {
    /** Where a unit runs, and its colours. */
    public record Site(String region, SortedSet<String> colours) {
        public Site {
            colours = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(colours));
        }
    }

    public Deployed {
        units = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(units));
    }

    /** A topology's first rule names every unit and colour of the deployment, those without shards or weight included. */
    public static Deployed of(RoutingRule topology) {
        Map<String, Unit> units = topology.units();
        SortedMap<String, Site> sites = new TreeMap<>();
        units.forEach((name, unit) -> sites.put(
                name, new Site(unit.region(), new TreeSet<>(unit.colours().keySet()))));
        return new Deployed(sites);
    }

    public Set<String> regions() {
        return units.values().stream().map(Site::region).collect(Collectors.toUnmodifiableSet());
    }

    boolean isInSeveralRegions() {
        return regions().size() > 1;
    }
}
