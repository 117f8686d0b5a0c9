package doubleeleven.rig.sim;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.Shard;
import doubleeleven.rig.Topology;
import doubleeleven.routing.Route;
import doubleeleven.routing.RoutingRule;
import doubleeleven.testkit.LocalTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** When and where each version of the rule and of each route was written, against which whatever is read is held. */
final class RouteHistory {
    private static final String ROUTE = "ROUTE#";

    private final Scheduler scheduler;
    private final Topology topology;
    private final long longestLag;
    private final Consumer<String> violations;
    private final Map<String, List<Written>> routes = new HashMap<>();
    /** Since when a Region is out of the others' reach. */
    private final Map<String, Long> outSince = new HashMap<>();

    private @Nullable RoutingRule newest;
    private long failovers;
    private long failbacks;
    private long stale;
    private long oldest;

    private record Written(Route route, long at, String region) {}

    RouteHistory(Scheduler scheduler, Topology topology, Duration longestLag, Consumer<String> violations) {
        this.scheduler = scheduler;
        this.topology = topology;
        this.longestLag = longestLag.toNanos() / 1000;
        this.violations = violations;
    }

    long ruleVersion() {
        return newest == null ? 0 : newest.version();
    }

    /** Units that a version forbade, and the one before did not. */
    long failovers() {
        return failovers;
    }

    /** Units that were allowed again. */
    long failbacks() {
        return failbacks;
    }

    /** Routes that were read and were not the newest. */
    long stale() {
        return stale;
    }

    /** The longest time after which a route that had been replaced was read. */
    Duration oldest() {
        return Duration.ofMillis(oldest / 1000);
    }

    /** The newest version of a route; nothing where there is none. */
    long newestOf(String shard) {
        List<Written> all = routes.getOrDefault(shard, List.of());
        return all.isEmpty() ? 0 : all.getLast().route().version();
    }

    /** A Region and the others do not hear of each other from now on. */
    void out(String region) {
        outSince.put(region, scheduler.micros());
    }

    void back(String region) {
        outSince.remove(region);
    }

    /** A route is read where it lies. */
    void seen(String shard, String region, Route route, boolean strongly) {
        List<Written> all = routes.getOrDefault(shard, List.of());
        if (all.stream().noneMatch(written -> written.route().equals(route))) {
            violations.accept("nobody wrote " + route);
        }
        List<Written> missed = all.stream()
                .filter(written -> written.route().version() > route.version())
                .toList();
        if (missed.isEmpty()) {
            return;
        }
        stale++;
        oldest = Math.max(oldest, scheduler.micros() - missed.getFirst().at());
        if (strongly) {
            violations.accept("a strongly consistent read saw " + route + " after " + missed);
        }
        missed.stream()
                .filter(written -> within(region, written) > longestLag)
                .findFirst()
                .ifPresent(written -> violations.accept(region + " reads " + route + " too long after " + written));
    }

    /** For how long a write was on its way to a Region while the two were in reach. */
    private long within(String region, Written written) {
        long until = region.equals(written.region())
                ? scheduler.micros()
                : Stream.of(region, written.region())
                        .mapToLong(each -> outSince.getOrDefault(each, scheduler.micros()))
                        .min()
                        .orElseThrow();
        return until - written.at();
    }

    /** An item of the control table is written. */
    void published(String caller, Map<String, AttributeValue> item) {
        String key = Values.text(item, "pk");
        if (key.startsWith(ROUTE)) {
            String shard = key.substring(ROUTE.length());
            Route route = Objects.requireNonNull(route(item));
            if (route.version() <= newestOf(shard)) {
                violations.accept(
                        "version " + route.version() + " of the route of " + shard + " after " + newestOf(shard));
            }
            routes.computeIfAbsent(shard, _ -> new ArrayList<>())
                    .add(new Written(route, scheduler.micros(), topology.regionOfPart(caller)));
        } else if (key.equals(RuleItems.PARTITION)
                && Values.text(item, "sk").equals(Values.text(RuleItems.CURRENT, "sk"))) {
            RoutingRule rule = RoutingDocument.read(Values.text(item, "document"));
            if (rule.version() != ruleVersion() + 1) {
                violations.accept("version " + rule.version() + " of the rule after " + ruleVersion());
            }
            if (newest != null) {
                failovers += newlyForbidden(newest, rule);
                failbacks += newlyForbidden(rule, newest);
            }
            newest = rule;
        }
    }

    /** Units that a rule forbids, and the other does not. */
    private static long newlyForbidden(RoutingRule other, RoutingRule rule) {
        return rule.units().values().stream()
                .filter(unit -> unit.forbidden() && !other.unit(unit.name()).forbidden())
                .count();
    }

    /** Nothing is under way: tells which Regions do not have the newest rule's routes, and forgets what can be read no more. */
    List<String> atRest(Function<String, DynamoDbClient> regions) {
        List<String> wrong = new ArrayList<>();
        if (newest != null) {
            newest.routes()
                    .forEach(ruled -> topology.regions().forEach(region -> {
                        Route there = told(regions.apply(region), ruled.shard());
                        if (!ruled.equals(there)) {
                            wrong.add(region + " still has " + there + " instead of " + ruled);
                        }
                    }));
        }
        // A replica may still show the one before.
        routes.values().forEach(all -> all.subList(0, all.size() - 1).clear());
        return wrong;
    }

    private static @Nullable Route told(DynamoDbClient tables, Shard shard) {
        return route(tables.getItem(get -> get.tableName(LocalTables.CONTROL)
                        .key(Map.of(
                                "pk", AttributeValue.fromS(ROUTE + shard),
                                "sk", AttributeValue.fromS("CURRENT"))))
                .item());
    }

    static boolean isRoute(String table, Map<String, AttributeValue> key) {
        return table.equals(LocalTables.CONTROL) && Values.text(key, "pk").startsWith(ROUTE);
    }

    static @Nullable Route route(Map<String, AttributeValue> item) {
        return item.isEmpty()
                ? null
                : new Route(
                        new Shard(Integer.parseInt(Values.text(item, "pk").substring(ROUTE.length()))),
                        number(item, "version"),
                        Values.text(item, "owner"),
                        Values.text(item, "standby"),
                        Objects.requireNonNull(item.get("forbidden")).bool());
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        return Long.parseLong(Objects.requireNonNull(item.get(name)).n());
    }
}
