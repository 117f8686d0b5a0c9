package doubleeleven.rig.sim;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.Shard;
import doubleeleven.rig.Bus;
import doubleeleven.rig.Course;
import doubleeleven.rig.Topology;
import doubleeleven.routing.Route;
import doubleeleven.routing.RoutingRule;
import doubleeleven.testkit.LocalTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionResponse;

/**
 * Which unit served whom, by what it had really read. It looks on at every call of executions, gateways and publishers where the call is made
 * and where it lands, knows when each version of each route was written, and keeps what must not be:
 *
 * <ol>
 *   <li>An execution that serves (enters {@code Try}) was let in by the last route that it read: the route names its unit as owner and does not
 *       forbid it, or names it as standby, the command says whom it stands in for, and the caller knew a rule that is not older. Or no route
 *       could be read: those fail open, and are counted by themselves. Whatever an execution wrote, it served before; it claims and decides in
 *       the name of its own unit.
 *   <li>A route that was read was written just so. Where it was not the newest, the next one was written no longer ago than a write takes
 *       to the Region, the time not counted for which the Regions were out of each other's reach; a strongly consistent read saw the newest.
 *   <li>Whose caller knew a newer version than the Region's replica asked once more, strongly. So nobody serves or is refused by an older
 *       version than its caller knew of, if the route had that one when the execution began.
 *   <li>An attempt is decided once, whoever serves it: its decision and the decision's time never change.
 *   <li>Versions only grow: of the rule by one, of each route, and of the rule that each execution environment of a gateway goes by; whom a unit
 *       sends elsewhere goes there by the version that it was told, or a newer one.
 *   <li>At rest every Region reads just what the newest rule says in each of the hundred routes.
 * </ol>
 */
final class Admissions implements Course.Beside {
    private static final String PAYMENT_TCC = "/payment-tcc";
    private static final String ROUTE = "ROUTE#";

    private final Course other;
    private final Scheduler scheduler;
    private final Topology topology;
    private final DynamoDbClient tables;
    private final long longestLag;
    private final Bus bus = this::carry;

    private final Map<String, List<Written>> routes = new HashMap<>();
    /** Since when a Region is out of the others' reach. */
    private final Map<String, Long> outSince = new HashMap<>();

    private final Map<Scheduler.Task, StartSyncExecutionRequest> starting = new HashMap<>();
    private final Map<Scheduler.Task, Run> runs = new HashMap<>();
    private final Map<Scheduler.Task, Object> environments = new HashMap<>();
    /** Executions that a gateway waits for. */
    private final Map<Scheduler.Task, Integer> underWay = new HashMap<>();
    /** The version of the route by which a gateway was told to go elsewhere. */
    private final Map<Scheduler.Task, Long> sentOn = new HashMap<>();

    private final IdentityHashMap<Object, Long> rulesInUse = new IdentityHashMap<>();
    private final Map<String, Decision> decisions = new HashMap<>();
    private final Map<String, Set<String>> servers = new HashMap<>();
    private final Set<String> shards = new LinkedHashSet<>();
    private final List<String> violations = new ArrayList<>();
    private @Nullable RoutingRule newest;
    private long failovers;
    private long failbacks;
    private long byOwner;
    private long byStandby;
    private long byStandbyOfForbidden;
    private long open;
    private long forbidden;
    private long sentBack;
    private long misrouted;
    private long rerouted;
    private long beside;
    private long askedAgain;
    private long stale;
    private long oldest;

    private record Written(Route route, long at, String region) {}

    private record Decision(boolean commits, String at) {}

    private enum Admission {
        NONE,
        BY_ROUTE,
        OPEN
    }

    /** An execution of the payment workflow. */
    private static final class Run {
        private final String unit;
        private final String shard;
        private final String attempt;
        private final long callersRule;
        private final boolean standsIn;
        private final long newestAtFirst;
        private @Nullable Route first;
        private @Nullable Route last;
        private boolean reads;
        private boolean failed;
        private boolean askedStrongly;
        private Admission admission = Admission.NONE;

        private Run(String unit, Map<String, Object> payment, long newestAtFirst) {
            this.unit = unit;
            this.shard = Json.text(payment, "shard");
            this.attempt = Json.text(payment, "pk") + " " + Json.text(payment, "attempt");
            this.callersRule = Json.integer(payment, "rule");
            this.standsIn = Json.child(payment, "command").containsKey("failover");
            this.newestAtFirst = newestAtFirst;
        }

        private boolean isLetInBy(Route route) {
            return (route.owner().equals(unit) && !route.forbidden())
                    || (standsIn && route.standby().equals(unit) && callersRule >= route.version());
        }

        @Override
        public String toString() {
            return unit + " with " + attempt + " of shard " + shard + (standsIn ? ", standing in" : "")
                    + ", whose caller knew " + callersRule + " and which read " + first + ", then " + last;
        }
    }

    /**
     * How calls were routed.
     *
     * @param switches of the rule
     * @param failovers units that a version forbade, and the one before did not
     * @param failbacks units that were allowed again
     * @param attempts that anybody served
     * @param byTwoUnits those of them that more than one unit served
     * @param shards of which anybody was served
     * @param byOwner executions that served by a route, as owner
     * @param byStandby the same as standby
     * @param byStandbyOfForbidden those of them that did so since the owner was forbidden
     * @param open that served since no route could be read
     * @param forbidden owners that refused since they were forbidden
     * @param sentBack standbys that refused since the caller's rule was older than the route
     * @param misrouted answers that told gateways who serves instead
     * @param rerouted that gateways began after such an answer
     * @param beside that gateways began while another one of the same attempt was under way
     * @param askedAgain that asked once more since their callers knew a newer version
     * @param stale routes that were read and were not the newest
     * @param oldest the longest time after which a route that had been replaced was read
     */
    record Count(
            long switches,
            long failovers,
            long failbacks,
            long attempts,
            long byTwoUnits,
            Set<String> shards,
            long byOwner,
            long byStandby,
            long byStandbyOfForbidden,
            long open,
            long forbidden,
            long sentBack,
            long misrouted,
            long rerouted,
            long beside,
            long askedAgain,
            long stale,
            Duration oldest) {
        static final Count NONE = new Count(0, 0, 0, 0, 0, Set.of(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO);

        Count {
            shards = Set.copyOf(shards);
        }

        /** Of two worlds. */
        Count plus(Count more) {
            Set<String> all = new LinkedHashSet<>(shards);
            all.addAll(more.shards);
            return new Count(
                    switches + more.switches,
                    failovers + more.failovers,
                    failbacks + more.failbacks,
                    attempts + more.attempts,
                    byTwoUnits + more.byTwoUnits,
                    all,
                    byOwner + more.byOwner,
                    byStandby + more.byStandby,
                    byStandbyOfForbidden + more.byStandbyOfForbidden,
                    open + more.open,
                    forbidden + more.forbidden,
                    sentBack + more.sentBack,
                    misrouted + more.misrouted,
                    rerouted + more.rerouted,
                    beside + more.beside,
                    askedAgain + more.askedAgain,
                    stale + more.stale,
                    oldest.compareTo(more.oldest) < 0 ? more.oldest : oldest);
        }

        /** In one line. */
        String summary() {
            return ("%,d switches, %,d of them failovers and %,d failbacks, %,d payments of %d shards: served %,d times by the owner, %,d by the"
                            + " standby (%,d of a forbidden owner), %,d where no route could be read; refused by %,d forbidden owners, %,d"
                            + " standbys of callers with an older rule; %,d misrouted, %,d rerouted, %,d begun beside another, %,d asked again; %,d read an old route,"
                            + " at most %.1f s old; %,d served by two units and decided once")
                    .formatted(
                            switches,
                            failovers,
                            failbacks,
                            attempts,
                            shards.size(),
                            byOwner,
                            byStandby,
                            byStandbyOfForbidden,
                            open,
                            forbidden,
                            sentBack,
                            misrouted,
                            rerouted,
                            beside,
                            askedAgain,
                            stale,
                            oldest.toMillis() / 1000.0,
                            byTwoUnits);
        }
    }

    Admissions(Course other, Scheduler scheduler, Topology topology, DynamoDbClient tables, Duration longestLag) {
        this.other = other;
        this.scheduler = scheduler;
        this.topology = topology;
        this.tables = tables;
        this.longestLag = longestLag.toNanos() / 1000;
    }

    @Override
    public Course other() {
        return other;
    }

    @Override
    public Bus bus() {
        return bus;
    }

    long ruleVersion() {
        return newest == null ? 0 : newest.version();
    }

    List<String> violations() {
        return violations;
    }

    Count count() {
        return new Count(
                Math.max(0, ruleVersion() - 1),
                failovers,
                failbacks,
                servers.size(),
                servers.values().stream().filter(units -> units.size() > 1).count(),
                shards,
                byOwner,
                byStandby,
                byStandbyOfForbidden,
                open,
                forbidden,
                sentBack,
                misrouted,
                rerouted,
                beside,
                askedAgain,
                stale,
                Duration.ofMillis(oldest / 1000));
    }

    /** A Region and the others do not hear of each other from now on. */
    void out(String region) {
        outSince.put(region, scheduler.micros());
    }

    void back(String region) {
        outSince.remove(region);
    }

    @Override
    public void taken(String part, Object environment) {
        environments.put(scheduler.life(), environment);
        other.taken(part, environment);
    }

    @Override
    public <T> T run(String part, Duration limit, Supplier<T> work) {
        StartSyncExecutionRequest request = starting.remove(scheduler.current());
        if (request == null) {
            return other.run(part, limit, work);
        }
        return other.run(part, limit, () -> {
            Map<String, Object> payment = Json.child(Json.object(request.input()), "payment");
            Run run = new Run(part.substring(0, part.indexOf('-')), payment, newestOf(Json.text(payment, "shard")));
            if (!run.unit.equals(Json.text(payment, "unit"))) {
                wrong(run, "is told to be another unit");
            }
            runs.put(scheduler.life(), run);
            return work.get();
        });
    }

    @Override
    public void entered(String part, String site) {
        Run run = part.endsWith(PAYMENT_TCC) ? runs.get(scheduler.life()) : null;
        if (run != null && site.equals("Try")) {
            serves(run);
        } else if (run != null && site.equals("Misrouted")) {
            refuses(run);
        }
        other.entered(part, site);
    }

    private void serves(Run run) {
        shards.add(run.shard);
        Set<String> units = servers.computeIfAbsent(run.attempt, _ -> new LinkedHashSet<>());
        units.add(run.unit);
        Route route = run.last;
        if (route == null) {
            run.admission = Admission.OPEN;
            open++;
            if (!run.reads) {
                wrong(run, "serves without having asked who does");
            } else if (!run.failed) {
                wrong(run, "serves since it found no route");
            }
            return;
        }
        run.admission = Admission.BY_ROUTE;
        if (run.unit.equals(route.owner())) {
            byOwner++;
        } else {
            byStandby++;
            byStandbyOfForbidden += route.forbidden() ? 1 : 0;
        }
        if (!run.isLetInBy(route)) {
            wrong(run, "serves a shard that another unit serves");
        }
        knows(run, route);
    }

    private void refuses(Run run) {
        Route route = run.last;
        if (route == null || run.isLetInBy(route)) {
            wrong(run, "refuses a shard that it serves");
            return;
        }
        if (run.unit.equals(route.owner())) {
            forbidden++;
        } else if (run.standsIn && run.unit.equals(route.standby())) {
            sentBack++;
        }
        knows(run, route);
    }

    private void knows(Run run, Route route) {
        Route first = run.first;
        if (first != null && first.version() < run.callersRule && !run.askedStrongly) {
            wrong(run, "did not ask for the newest route");
        }
        if (route.version() < Math.min(run.callersRule, run.newestAtFirst)) {
            wrong(run, "goes by an older version than its caller knew, when the route had " + run.newestAtFirst);
        }
    }

    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        Run run = call.caller().endsWith(PAYMENT_TCC) ? runs.get(scheduler.life()) : null;
        return switch (call.request()) {
            case StartSyncExecutionRequest request -> start(call, request, effect);
            case GetItemRequest request
            when run != null && isRoute(request.tableName(), request.key()) -> read(run, call, request, effect);
            case PutItemRequest request
            when request.tableName().equals(LocalTables.CONTROL) ->
                other.bus().carry(call, () -> {
                    Object answer = effect.get();
                    published(call.caller(), request.item());
                    return answer;
                });
            case UpdateItemRequest request ->
                other.bus().carry(call, () -> {
                    Object answer = effect.get();
                    if (run != null) {
                        wrote(run, request);
                    }
                    if (request.tableName().equals(LocalTables.PAYMENT)) {
                        decided(request.key());
                    }
                    return answer;
                });
            default -> other.bus().carry(call, effect);
        };
    }

    private Object start(Bus.ServiceCall call, StartSyncExecutionRequest request, Supplier<Object> effect) {
        Scheduler.Task gateway = scheduler.life();
        long rule = Json.integer(Json.child(Json.object(request.input()), "payment"), "rule");
        Long told = sentOn.get(gateway);
        if (told != null) {
            rerouted++;
            if (rule < told) {
                violations.add(call.caller() + " goes by version " + rule + " after a unit told it of " + told);
            }
        } else {
            goesBy(call.caller(), environments.get(gateway), rule);
        }
        beside += underWay.merge(gateway, 1, Integer::sum) > 1 ? 1 : 0;
        Object answer;
        try {
            answer = other.bus().carry(call, () -> {
                Scheduler.Task task = scheduler.current();
                starting.put(task, request);
                try {
                    return effect.get();
                } finally {
                    starting.remove(task);
                }
            });
        } finally {
            underWay.merge(gateway, -1, Integer::sum);
        }
        if (answer instanceof StartSyncExecutionResponse response
                && response.output() != null
                && "MISROUTED".equals(Json.object(response.output()).get("outcome"))) {
            misrouted++;
            sentOn.put(gateway, Json.integer(Json.child(Json.object(response.output()), "route"), "version"));
        }
        return answer;
    }

    private void goesBy(String caller, @Nullable Object environment, long rule) {
        Long before = environment == null ? null : rulesInUse.put(environment, rule);
        if (before != null && rule < before) {
            violations.add(caller + " goes by version " + rule + " of the rule after " + before);
        }
    }

    private Object read(Run run, Bus.ServiceCall call, GetItemRequest request, Supplier<Object> effect) {
        boolean again = run.reads;
        boolean strongly = Boolean.TRUE.equals(request.consistentRead());
        run.reads = true;
        run.askedStrongly |= strongly;
        run.last = null;
        run.failed = true;
        if (again) {
            askedAgain++;
        }
        Object answer = other.bus().carry(call, () -> {
            Object read = effect.get();
            Route route = route(((GetItemResponse) read).item());
            if (route != null) {
                seen(run, topology.regionOfPart(call.caller()), route, strongly);
            }
            return read;
        });
        Route route = route(((GetItemResponse) answer).item());
        if (!again) {
            run.first = route;
        }
        run.last = route;
        run.failed = false;
        return answer;
    }

    /** A route is read where it lies. */
    private void seen(Run run, String region, Route route, boolean strongly) {
        List<Written> all = routes.getOrDefault(run.shard, List.of());
        if (all.stream().noneMatch(written -> written.route().equals(route))) {
            violations.add("nobody wrote " + route);
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
            violations.add("a strongly consistent read saw " + route + " after " + missed);
        }
        missed.stream()
                .filter(written -> within(region, written) > longestLag)
                .findFirst()
                .ifPresent(written -> violations.add(region + " reads " + route + " too long after " + written));
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

    private void published(String caller, Map<String, AttributeValue> item) {
        String key = Values.text(item, "pk");
        if (key.startsWith(ROUTE)) {
            String shard = key.substring(ROUTE.length());
            Route route = Objects.requireNonNull(route(item));
            if (route.version() <= newestOf(shard)) {
                violations.add(
                        "version " + route.version() + " of the route of " + shard + " after " + newestOf(shard));
            }
            routes.computeIfAbsent(shard, _ -> new ArrayList<>())
                    .add(new Written(route, scheduler.micros(), topology.regionOfPart(caller)));
        } else if (key.equals(RuleItems.PARTITION)
                && Values.text(item, "sk").equals(Values.text(RuleItems.CURRENT, "sk"))) {
            RoutingRule rule = RoutingDocument.read(Values.text(item, "document"));
            if (rule.version() != ruleVersion() + 1) {
                violations.add("version " + rule.version() + " of the rule after " + ruleVersion());
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

    private void wrote(Run run, UpdateItemRequest request) {
        if (run.admission == Admission.NONE) {
            wrong(run, "wrote " + request.updateExpression() + " without serving");
        }
        AttributeValue unit = request.expressionAttributeValues().get(":unit");
        if (request.tableName().equals(LocalTables.PAYMENT)
                && unit != null
                && !unit.s().equals(run.unit)) {
            wrong(run, "wrote in the name of " + unit.s());
        }
    }

    /** A payment was written. */
    private void decided(Map<String, AttributeValue> key) {
        Map<String, AttributeValue> item = tables.getItem(
                        get -> get.tableName(LocalTables.PAYMENT).key(key).consistentRead(true))
                .item();
        AttributeValue attempt = item.get("attempt");
        boolean commits = switch (item.containsKey("status") ? Values.text(item, "status") : "") {
            case "COMMITTED", "SUCCEEDED" -> true;
            case "ABORTED", "CLOSED" -> false;
            default -> {
                attempt = null;
                yield false;
            }
        };
        if (attempt != null) {
            AttributeValue at = item.get("decidedAt");
            Decision decision = new Decision(commits, at == null ? "" : at.n());
            String decided = Values.text(key, "pk") + " " + attempt.s();
            Decision before = decisions.putIfAbsent(decided, decision);
            if (before != null && !before.equals(decision)) {
                violations.add(decided + " is decided twice: " + before + ", then " + decision);
            }
        }
    }

    private long newestOf(String shard) {
        List<Written> all = routes.getOrDefault(shard, List.of());
        return all.isEmpty() ? 0 : all.getLast().route().version();
    }

    private void wrong(Run run, String what) {
        violations.add(run + " " + what);
    }

    /** Nothing is under way: tells what is wrong with the routes, and forgets what can matter no more. */
    List<String> atRest(Function<String, DynamoDbClient> regions) {
        List<String> wrong = new ArrayList<>(violations);
        if (newest != null) {
            newest.routes()
                    .forEach(ruled -> topology.regions().forEach(region -> {
                        Route there = told(regions.apply(region), ruled.shard());
                        if (!ruled.equals(there)) {
                            wrong.add(region + " still has " + there + " instead of " + ruled);
                        }
                    }));
        }
        runs.clear();
        environments.clear();
        underWay.clear();
        sentOn.clear();
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

    private static boolean isRoute(String table, Map<String, AttributeValue> key) {
        return table.equals(LocalTables.CONTROL) && Values.text(key, "pk").startsWith(ROUTE);
    }

    private static @Nullable Route route(Map<String, AttributeValue> item) {
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
