package doubleeleven.gateway;

import doubleeleven.routing.First;
import doubleeleven.routing.Flow;
import doubleeleven.routing.InForce;
import doubleeleven.routing.Load;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.RuleDiff;
import doubleeleven.routing.RuleDiff.Change;
import doubleeleven.routing.RuleDocument;
import doubleeleven.routing.Trial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routing rule, as JSON for operators. */
final class RuleRepresentation {
    private static final String VERSIONS = "/operations/routing-rule/versions";

    private RuleRepresentation() {}

    /** What is in force, and while some try it, what all others obey. */
    static Map<String, Object> whole(InForce inForce) {
        Map<String, Object> json = whole(inForce.published());
        if (inForce.isTrial()) {
            RoutingRule rest = inForce.rest();
            json.put("rest", Map.of("version", rest.version(), "document", RuleDocument.of(rest)));
        }
        return json;
    }

    static Map<String, Object> whole(PublishedRule published) {
        Map<String, Object> json = record(published);
        json.put("document", RuleDocument.of(published.rule()));
        json.put("loads", loads(published.rule()));
        json.put("links", Map.of("versions", VERSIONS));
        return json;
    }

    /** When a version was published, by whom and why. */
    static Map<String, Object> record(PublishedRule published) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", published.version());
        put(
                json,
                "publishedAt",
                published.publishedAt() == null ? null : published.publishedAt().toString());
        json.put("publishedBy", published.publishedBy());
        json.put("reason", published.reason());
        put(json, "restores", published.restores());
        if (published.trial() != null) {
            put(json, published.trial());
        }
        return json;
    }

    private static void put(Map<String, Object> json, Trial trial) {
        json.put("first", first(trial.first()));
        json.put("rest", Map.of("version", trial.rest()));
        Trial.Spread spread = trial.spread();
        if (spread != null) {
            json.put("spread", Map.of("at", spread.at().toString(), "by", spread.by(), "reason", spread.reason()));
        }
    }

    private static Map<String, Object> first(First first) {
        return Map.of("region", first.region(), "percent", first.percent());
    }

    /** A version that was published. */
    static Map<String, Object> publication(PublishedRule published, RoutingRule before) {
        Map<String, Object> json = record(published);
        json.put("diff", of(before, published.rule()));
        json.put("loads", loads(published.rule()));
        json.put("links", Map.of("self", VERSIONS + "/" + published.version()));
        return json;
    }

    /** A version that nobody published yet. */
    static Map<String, Object> dryRun(RoutingRule wanted, @Nullable First first, RoutingRule before) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", wanted.version());
        put(json, "first", first == null ? null : first(first));
        json.put("diff", of(before, wanted));
        json.put("loads", loads(wanted));
        return json;
    }

    static Map<String, Object> of(RoutingRule from, RoutingRule to) {
        RuleDiff diff = RuleDiff.between(from, to);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("from", from.version());
        json.put("to", to.version());
        put(json, "peak", change(diff.peak()));
        json.put(
                "shards",
                diff.moved().stream()
                        .map(moved ->
                                Map.of("shards", moved.shards().toString(), "from", moved.from(), "to", moved.to()))
                        .toList());
        json.put("units", diff.units().stream().map(RuleRepresentation::unit).toList());
        put(json, "environments", change(diff.environments()));
        json.put("flows", diff.flows().stream().map(RuleRepresentation::flow).toList());
        json.put(
                "switches",
                diff.switches().stream()
                        .map(turned -> Map.of(
                                "feature",
                                turned.feature().field(),
                                "to",
                                turned.on() ? RuleDocument.ON : RuleDocument.OFF))
                        .toList());
        return json;
    }

    private static Map<String, Object> unit(RuleDiff.UnitDiff diff) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("unit", diff.unit());
        json.put("change", diff.kind().name());
        put(json, "region", change(diff.region()));
        put(json, "standby", change(diff.standby()));
        put(json, "capacity", change(diff.capacity()));
        put(json, "colours", change(diff.colours()));
        put(json, "forbidden", change(diff.forbidden()));
        return json;
    }

    private static Map<String, Object> flow(RuleDiff.FlowDiff diff) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("limit", diff.place());
        Flow from = diff.limit().from();
        Flow to = diff.limit().to();
        put(json, "from", from == null ? null : RuleDocument.of(from));
        put(json, "to", to == null ? null : RuleDocument.of(to));
        return json;
    }

    private static @Nullable Map<String, Object> change(@Nullable Change<?> change) {
        if (change == null) {
            return null;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        put(json, "from", change.from());
        put(json, "to", change.to());
        return json;
    }

    private static List<Map<String, Object>> loads(RoutingRule rule) {
        return rule.loads().stream().map(RuleRepresentation::load).toList();
    }

    private static Map<String, Object> load(Load load) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("unit", load.unit());
        put(json, "lost", load.lost());
        json.put("needed", load.needed());
        json.put("available", load.available());
        return json;
    }

    private static void put(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
