package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.Json;
import doubleeleven.gateway.stress.Doors;
import doubleeleven.it.client.Answer;
import doubleeleven.routing.Traffic;
import doubleeleven.setup.aws.OperatorKeyHandler;
import doubleeleven.setup.aws.RoutingRuleHandler;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sfn.SfnClient;

/**
 * A deployment in one process: what the stacks deploy for a topology, with the real handlers, the deployed definition and a real
 * database; queues, topics and streams lie in memory.
 *
 * <pre>{@code
 * try (World world = World.open(Topology.read(file), Course.direct(Bus.DIRECT, clock), random, World.SILENT)) {
 *     Answer answer = world.call("us-east-1", "POST", "/payments", headers, body);
 *     world.drain();
 * }
 * }</pre>
 */
public final class World implements AutoCloseable {
    public static final PrintStream SILENT = new PrintStream(java.io.OutputStream.nullOutputStream(), false, UTF_8);

    private static final String SETUP = "setup";

    private final Topology topology;
    private final Course course;
    private final RandomGenerator random;
    private final Database database;
    private final Services services;
    private final Hosting hosting;
    private final OperatorWorkflows operatorWorkflows;
    private final Map<String, RegionStack> regions = new LinkedHashMap<>();
    private final Map<String, Cell> cells = new LinkedHashMap<>();
    private final List<Source> sources = new ArrayList<>();
    private final String operatorKey;

    private World(
            Traffic traffic,
            @Nullable World shadow,
            Topology topology,
            Course course,
            RandomGenerator random,
            PrintStream out,
            Database database,
            UnaryOperator<String> paymentTcc) {
        this.topology = topology;
        this.course = course;
        this.random = random;
        this.database = database;
        this.services = new Services(
                traffic,
                course,
                database,
                new PaymentStreams(topology, database, traffic.name("payment")),
                new Workflows(traffic, course, paymentTcc),
                shadow == null ? null : region -> shadow.region(region).shadowGateway());
        this.hosting = new Hosting(traffic, topology, course, random, out, services);
        this.operatorWorkflows = new OperatorWorkflows(hosting);
        List<Place> places = topology.regions().stream()
                .map(region -> Place.ofRegion(traffic, region))
                .toList();
        places.forEach(this::addRegion);
        topology.units().forEach(unit -> unit.colours().forEach(colour -> addCell(new Cell(hosting, unit, colour))));
        places.forEach(place -> sources.add(operatorWorkflows.addRelease(place)));
        if (shadow != null) {
            places.forEach(place -> sources.add(operatorWorkflows.addStressTest(place, this::throughDoor)));
        }
        publishFirstRule(places.getFirst());
        this.operatorKey = issueOperatorKey(places.getFirst());
    }

    /**
     * Deploys.
     *
     * @param random for what functions draw
     * @param out where log lines and metrics go
     */
    public static World open(Topology topology, Course course, RandomGenerator random, PrintStream out) {
        return open(topology, course, random, out, Database.shared());
    }

    /** Deploys on tables that are closed with the world. */
    public static World open(
            Topology topology, Course course, RandomGenerator random, PrintStream out, Database database) {
        return open(topology, course, random, out, database, UnaryOperator.identity());
    }

    /**
     * Deploys with another payment workflow.
     *
     * @param paymentTcc makes it of the definition that is deployed
     */
    public static World open(
            Topology topology,
            Course course,
            RandomGenerator random,
            PrintStream out,
            Database database,
            UnaryOperator<String> paymentTcc) {
        return new World(Traffic.LIVE, null, topology, course, random, out, database, paymentTcc);
    }

    /** Deploys what stress tests run on. It has no door of its own: its calls come through the live world's, see {@link #beside}. */
    public static World shadow(
            Topology topology, Course course, RandomGenerator random, PrintStream out, Database database) {
        return new World(Traffic.SHADOW, null, topology, course, random, out, database, UnaryOperator.identity());
    }

    /** Deploys live beside a shadow, to whose gateways its own send what is marked. Both may have the same database, which neither closes. */
    public static World beside(
            World shadow,
            Topology topology,
            Course course,
            RandomGenerator random,
            PrintStream out,
            Database database) {
        return new World(Traffic.LIVE, shadow, topology, course, random, out, database, UnaryOperator.identity());
    }

    public Topology topology() {
        return topology;
    }

    public Course course() {
        return course;
    }

    /** Where merchants are told what became of their payments. */
    public Inboxes inboxes() {
        return services.inboxes();
    }

    /** The bearer token of an operator. */
    public String operatorKey() {
        return operatorKey;
    }

    /** The tables, without a bus: for those who look on. */
    public DynamoDbClient tables() {
        return database.whole();
    }

    /** The tables as callers in a Region see them, without a bus. */
    public DynamoDbClient tables(String region) {
        return database.in(region);
    }

    /** Every unit's workflows, without a bus. */
    SfnClient workflows() {
        return services.workflows();
    }

    /** Functions, as the bus names them, such as {@code RZ01-a/phase-two}. */
    public List<String> functions() {
        return hosting.functions();
    }

    /** ARNs of the workflows. */
    public List<String> workflowArns() {
        return services.workflows().arns();
    }

    /** URLs of the queues. */
    public List<String> queueUrls() {
        return services.queues().urls();
    }

    /** What delivers by itself. */
    public List<Source> sources() {
        return Collections.unmodifiableList(sources);
    }

    /** One call of the API in a Region, as API Gateway hands it to the function. */
    public Answer call(String region, String method, String path, Map<String, String> headers, @Nullable String body) {
        return region(region).door().call(method, path, headers, body);
    }

    /** Handles what can be delivered now, and what comes of it, until nothing is left. */
    public int drain() {
        int all = 0;
        int some;
        do {
            some = sources.stream().mapToInt(Source::poll).sum();
            all += some;
        } while (some > 0);
        return all;
    }

    /** Handles what arrives, by so many threads, until closed. */
    public Workers work(int threads) {
        return new Workers(sources, threads);
    }

    /** Names of the units with their colours, such as {@code RZ01-a}. */
    public List<String> cells() {
        return List.copyOf(cells.keySet());
    }

    /** Region of a unit with its colour. */
    public String regionOf(String cell) {
        return topology.regionOf(cell);
    }

    /** One sweep of every unit's recovery. */
    public void recover() {
        cells().forEach(this::recover);
    }

    /** One sweep of that unit's recovery. */
    public void recover(String cell) {
        Objects.requireNonNull(cells.get(cell)).recover();
    }

    /** One look of that Region's watcher at all units. */
    public void watch(String region) {
        region(region).watch();
    }

    /** A run of the primary Region's reconciliation. */
    public Map<String, Object> reconcile() {
        Cell first = cells.values().stream()
                .filter(cell -> cell.region().equals(topology.regions().getFirst()))
                .findFirst()
                .orElseThrow();
        return Json.object(new String(first.reconcile(), UTF_8));
    }

    /** Starts a unit's day of credit, as its schedule does; it runs when it is delivered. */
    public void startCreditDay(String unit) {
        Instant now = course.clock().instant();
        cells.values().stream()
                .filter(cell -> cell.unit().equals(unit))
                .flatMap(cell -> cell.creditDay().stream())
                .findFirst()
                .orElseThrow()
                .start("schedule-" + now + "-" + random.nextLong(), Map.of());
    }

    /** How a unit's last day of credit failed; empty where it did not. */
    public List<String> failedCreditDays() {
        return cells.values().stream()
                .flatMap(cell -> cell.creditDay().stream())
                .flatMap(day -> day.lastFailure().stream())
                .toList();
    }

    /** Decisions on applications that failed for good, with what failed them. */
    public List<String> failedDecisions() {
        return decisions().flatMap(each -> each.failures().stream()).toList();
    }

    /** What an operator does about decisions that failed: each goes on at the state that failed. */
    public void redriveDecisions() {
        decisions().forEach(StandardWorkflow::redrive);
    }

    private Stream<StandardWorkflow> decisions() {
        return cells.values().stream().map(Cell::decision);
    }

    /** What the decision of that name came to; nothing where it has not. */
    public Optional<Map<String, Object>> outputOf(String decision) {
        return decisions().flatMap(each -> each.output(decision).stream()).findFirst();
    }

    /** How failovers and failbacks failed, incomplete ones included. */
    public List<String> failedFailovers() {
        return operatorWorkflows.failedFailovers();
    }

    /** Releases whose workflows failed, with what failed them. */
    public List<String> failedReleases() {
        return operatorWorkflows.failedReleases();
    }

    /** Runs of stress tests whose workflows failed, with what failed them. */
    public List<String> failedStressTests() {
        return operatorWorkflows.failedStressTests();
    }

    /** The address of a Region's door, for those who call it from outside. */
    public static String door(String region) {
        return Door.address(region);
    }

    /** Has those decisions go on that no operator took in time. */
    public void expireReviews() {
        decisions().forEach(StandardWorkflow::expire);
    }

    /** Messages and records that wait, hidden ones included, and executions of workflows that nobody needs to answer. */
    public int waiting() {
        return services.queues().all().stream().mapToInt(Queue::size).sum()
                + services.streams().waiting()
                + services.workflows().standard().stream()
                        .mapToInt(StandardWorkflow::running)
                        .sum();
    }

    /** Payments that are not terminal. */
    public List<String> open() {
        return services.streams().open();
    }

    /** Accounts that had less than nothing at any moment; watched where one part runs at a time. */
    public Set<String> overdrawn() {
        return services.overdrawn();
    }

    /** What gave up, by queue. */
    public Map<String, List<String>> deadLetters() {
        Map<String, List<String>> letters = new HashMap<>(services.streams().deadLetters());
        services.queues().all().forEach(queue -> letters.put(queue.name(), queue.deadLetters()));
        letters.values().removeIf(List::isEmpty);
        return letters;
    }

    @Override
    public void close() {
        database.close();
    }

    private void addRegion(Place place) {
        RegionStack region = new RegionStack(hosting, place);
        regions.put(place.region(), region);
        sources.addAll(operatorWorkflows.addFailovers(place));
        sources.add(region.relay());
    }

    private void addCell(Cell cell) {
        cells.put(cell.name(), cell);
        sources.addAll(cell.sources());
    }

    private void publishFirstRule(Place primary) {
        new RoutingRuleHandler(hosting.host(primary, "routing-rule", SETUP, Map.of()))
                .apply(
                        Map.of("Document", topology.rule()),
                        Invocation.until(course.clock(), Duration.ofSeconds(60)).context());
    }

    private String issueOperatorKey(Place primary) {
        Function function = hosting.function(primary, "operator-key", 30, SETUP, Map.of(), OperatorKeyHandler::new);
        return Json.text(Json.object(new String(function.invoke("{}".getBytes(UTF_8)), UTF_8)), "apiKey");
    }

    private RegionStack region(String region) {
        RegionStack found = regions.get(region);
        if (found == null) {
            throw new IllegalArgumentException("no Region " + region);
        }
        return found;
    }

    private Doors.Reply throughDoor(String door, String path, Map<String, String> headers, Map<String, ?> body) {
        Answer answer = call(Door.regionOf(door), "POST", path, headers, Json.write(body));
        return new Doors.Reply.Answered(answer.status(), answer.headers().containsKey("traceparent"), answer.body());
    }
}
