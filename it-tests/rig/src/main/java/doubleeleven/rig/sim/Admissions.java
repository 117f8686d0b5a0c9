package doubleeleven.rig.sim;

import doubleeleven.aws.Json;
import doubleeleven.rig.Bus;
import doubleeleven.rig.Course;
import doubleeleven.rig.Topology;
import doubleeleven.routing.Route;
import doubleeleven.testkit.LocalTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;

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

    private final Course other;
    private final Scheduler scheduler;
    private final Topology topology;
    private final RouteHistory routes;
    private final RulesInUse rules;
    private final Decisions decisions;
    private final Bus bus = this::carry;

    private final Map<Scheduler.Task, StartSyncExecutionRequest> starting = new HashMap<>();
    private final Map<Scheduler.Task, Run> runs = new HashMap<>();
    private final Map<String, Set<String>> servers = new HashMap<>();
    private final Set<String> shards = new LinkedHashSet<>();
    private final List<String> violations = new ArrayList<>();
    private long byOwner;
    private long byStandby;
    private long byStandbyOfForbidden;
    private long open;
    private long forbidden;
    private long sentBack;
    private long askedAgain;

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

    Admissions(Course other, Scheduler scheduler, Topology topology, DynamoDbClient tables, Duration longestLag) {
        this.other = other;
        this.scheduler = scheduler;
        this.topology = topology;
        this.routes = new RouteHistory(scheduler, topology, longestLag, violations::add);
        this.rules = new RulesInUse(scheduler, violations::add);
        this.decisions = new Decisions(tables, violations::add);
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
        return routes.ruleVersion();
    }

    RoutingCount count() {
        return new RoutingCount(
                Math.max(0, ruleVersion() - 1),
                routes.failovers(),
                routes.failbacks(),
                servers.size(),
                servers.values().stream().filter(units -> units.size() > 1).count(),
                shards,
                byOwner,
                byStandby,
                byStandbyOfForbidden,
                open,
                forbidden,
                sentBack,
                rules.misrouted(),
                rules.rerouted(),
                rules.beside(),
                askedAgain,
                routes.stale(),
                routes.oldest());
    }

    /** A Region and the others do not hear of each other from now on. */
    void out(String region) {
        routes.out(region);
    }

    void back(String region) {
        routes.back(region);
    }

    @Override
    public void taken(String part, Object environment) {
        rules.taken(environment);
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
            Run run = new Run(
                    part.substring(0, part.indexOf('-')), payment, routes.newestOf(Json.text(payment, "shard")));
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
            case StartSyncExecutionRequest request -> rules.start(call, request, () -> start(call, request, effect));
            case GetItemRequest request
            when run != null && RouteHistory.isRoute(request.tableName(), request.key()) ->
                read(run, call, request, effect);
            case PutItemRequest request
            when request.tableName().equals(LocalTables.CONTROL) ->
                other.bus().carry(call, () -> {
                    Object answer = effect.get();
                    routes.published(call.caller(), request.item());
                    return answer;
                });
            case UpdateItemRequest request ->
                other.bus().carry(call, () -> {
                    Object answer = effect.get();
                    if (run != null) {
                        wrote(run, request);
                    }
                    if (request.tableName().equals(LocalTables.PAYMENT)) {
                        decisions.written(request.key());
                    }
                    return answer;
                });
            default -> other.bus().carry(call, effect);
        };
    }

    private Object start(Bus.ServiceCall call, StartSyncExecutionRequest request, Supplier<Object> effect) {
        return other.bus().carry(call, () -> {
            Scheduler.Task task = scheduler.current();
            starting.put(task, request);
            try {
                return effect.get();
            } finally {
                starting.remove(task);
            }
        });
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
            Route route = RouteHistory.route(((GetItemResponse) read).item());
            if (route != null) {
                routes.seen(run.shard, topology.regionOfPart(call.caller()), route, strongly);
            }
            return read;
        });
        Route route = RouteHistory.route(((GetItemResponse) answer).item());
        if (!again) {
            run.first = route;
        }
        run.last = route;
        run.failed = false;
        return answer;
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

    private void wrong(Run run, String what) {
        violations.add(run + " " + what);
    }

    /** Nothing is under way: tells what is wrong with the routes, and forgets what can matter no more. */
    List<String> atRest(Function<String, DynamoDbClient> regions) {
        List<String> wrong = new ArrayList<>(violations);
        wrong.addAll(routes.atRest(regions));
        runs.clear();
        rules.atRest();
        return wrong;
    }
}
