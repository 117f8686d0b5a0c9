package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Functions;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.credit.aws.ApplicationsHandler;
import doubleeleven.credit.aws.BillingHandler;
import doubleeleven.credit.aws.CreditDayHandler;
import doubleeleven.credit.aws.OverdueHandler;
import doubleeleven.gateway.aws.FailoverHandler;
import doubleeleven.gateway.aws.GatewayHandler;
import doubleeleven.gateway.aws.HealthWatcherHandler;
import doubleeleven.gateway.aws.OperationsHandler;
import doubleeleven.gateway.aws.ReleaseHandler;
import doubleeleven.gateway.aws.StressLoadHandler;
import doubleeleven.gateway.aws.StressStepHandler;
import doubleeleven.gateway.stress.Doors;
import doubleeleven.it.client.Answer;
import doubleeleven.ledger.aws.PostingHandler;
import doubleeleven.ledger.aws.ReconciliationHandler;
import doubleeleven.payment.aws.PhaseTwoHandler;
import doubleeleven.payment.aws.RecoveryHandler;
import doubleeleven.payment.aws.RelayHandler;
import doubleeleven.rig.Execution.Deployed;
import doubleeleven.rig.PaymentStream.Change;
import doubleeleven.risk.aws.AssessCreditHandler;
import doubleeleven.risk.aws.FeaturesHandler;
import doubleeleven.risk.aws.ScoreRiskHandler;
import doubleeleven.routing.Traffic;
import doubleeleven.setup.aws.OperatorKeyHandler;
import doubleeleven.setup.aws.RoutingRuleHandler;
import doubleeleven.testkit.asl.PaymentTcc;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

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

    private static final String ACCOUNT = "000000000000";
    private static final String SHADOW_GATEWAY = "double11-shadow-gateway:live";
    private static final String OPERATIONS = "/operations/";
    private static final String DOORS = ".doors.example";
    private static final String PAYMENT_TCC = "payment-tcc";
    private static final String PHASE_TWO = "phase-two";
    private static final String POSTING = "posting";
    private static final String FEATURES = "features";
    private static final String CREDIT_DECISION = "credit-decision";
    private static final String CREDIT_DAY = "credit-day";
    private static final int CONSUMER_SECONDS = 30;
    /** So little that recovery sweeps once and leaves the pause to whoever calls it. */
    private static final Duration ONE_SWEEP = Duration.ofMillis(13_900);

    private final Traffic traffic;
    private final @Nullable World shadow;
    private final Topology topology;
    private final Course course;
    private final RandomGenerator random;
    private final PrintStream out;
    private final Database database;
    private final Map<String, PaymentStream> streams = new LinkedHashMap<>();
    private final Set<String> overdrawn = new ConcurrentSkipListSet<>();
    private final Queues queues = new Queues();
    private final Topics topics = new Topics();
    private final Workflows workflows;
    private final Map<String, Function> gateways = new LinkedHashMap<>();
    private final Map<String, Function> operations = new LinkedHashMap<>();
    private final Map<String, Function> recoveries = new LinkedHashMap<>();
    private final Map<String, Function> watchers = new LinkedHashMap<>();
    private final Map<String, StreamSource> relays = new HashMap<>();
    private final List<Source> sources = new ArrayList<>();
    private final Set<String> functions = new TreeSet<>();
    private final List<QueueSource> fed = new ArrayList<>();
    private final List<StandardWorkflow> decisions = new ArrayList<>();
    private final List<StandardWorkflow> failovers = new ArrayList<>();
    private final Map<String, StandardWorkflow> creditDays = new LinkedHashMap<>();
    private final Map<String, StandardWorkflow> releases = new LinkedHashMap<>();
    private final Map<String, StandardWorkflow> stressTests = new LinkedHashMap<>();
    private final Function reconciliation;
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
        this.traffic = traffic;
        this.shadow = shadow;
        this.topology = topology;
        this.course = course;
        this.random = random;
        this.out = out;
        this.database = database;
        this.workflows = new Workflows(traffic, course, paymentTcc);
        PaymentStream common = new PaymentStream(this::relay);
        for (String region : topology.regions()) {
            boolean strong = database.isStrong(traffic.name("payment"));
            streams.put(region, strong ? common : new PaymentStream(change -> relayIn(region, change)));
            addRegion(region);
        }
        database.listen((region, table, old, now) -> {
            if (table.equals(traffic.name("payment"))) {
                stream(region).changed(old, now);
            }
        });
        @Nullable Function first = null;
        for (Topology.Unit unit : topology.units()) {
            for (String colour : unit.colours()) {
                Function reconciling = new Cell(unit, colour).deploy();
                boolean primary = unit.region().equals(topology.regions().getFirst());
                first = first == null && primary ? reconciling : first;
            }
        }
        topology.regions().forEach(this::addRelease);
        if (shadow != null) {
            topology.regions().forEach(this::addStressTest);
        }
        this.reconciliation = Objects.requireNonNull(first, "the primary Region has no unit");
        publishFirstRule();
        this.operatorKey = issueOperatorKey();
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
        return workflows;
    }

    /** Functions, as the bus names them, such as {@code RZ01-a/phase-two}. */
    public List<String> functions() {
        return List.copyOf(functions);
    }

    /** ARNs of the workflows. */
    public List<String> workflowArns() {
        return workflows.arns();
    }

    /** URLs of the queues. */
    public List<String> queueUrls() {
        return queues.urls();
    }

    /** What delivers by itself. */
    public List<Source> sources() {
        return Collections.unmodifiableList(sources);
    }

    /** One call of the API in a Region, as API Gateway hands it to the function. */
    public Answer call(String region, String method, String path, Map<String, String> headers, @Nullable String body) {
        Function function = (path.startsWith(OPERATIONS) ? operations : gateways).get(region);
        if (function == null) {
            throw new IllegalArgumentException("no Region " + region);
        }
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("resource", path);
        event.put("path", path);
        event.put("httpMethod", method);
        event.put("headers", headers);
        event.put("requestContext", Map.of("accountId", ACCOUNT, "stage", "live", "httpMethod", method));
        event.put("body", body);
        event.put("isBase64Encoded", false);
        byte[] answer;
        try {
            answer = function.invoke(Json.write(event).getBytes(UTF_8));
        } catch (Function.Failed | Course.Cut e) {
            // As API Gateway answers for a function that fails.
            return new Answer(502, "{\"message\": \"Internal server error\"}", Map.of());
        }
        Map<String, Object> response = Json.object(new String(answer, UTF_8));
        Map<String, List<String>> answered = ((Map<?, ?>) response.getOrDefault("headers", Map.of()))
                .entrySet().stream()
                        .collect(Collectors.toMap(
                                header -> (String) header.getKey(), header -> List.of((String) header.getValue())));
        return new Answer(Math.toIntExact(Json.integer(response, "statusCode")), Json.text(response, "body"), answered);
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
        return List.copyOf(recoveries.keySet());
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
        Objects.requireNonNull(recoveries.get(cell)).invoke("{}".getBytes(UTF_8), ONE_SWEEP);
    }

    /** One look of that Region's watcher at all units. */
    public void watch(String region) {
        Objects.requireNonNull(watchers.get(region)).invoke("{}".getBytes(UTF_8));
    }

    public Map<String, Object> reconcile() {
        return Json.object(new String(reconciliation.invoke("{}".getBytes(UTF_8)), UTF_8));
    }

    /** Starts a unit's day of credit, as its schedule does; it runs when it is delivered. */
    public void startCreditDay(String unit) {
        Instant now = course.clock().instant();
        Objects.requireNonNull(creditDays.get(unit)).start("schedule-" + now + "-" + random.nextLong(), Map.of());
    }

    /** How a unit's last day of credit failed; empty where it did not. */
    public List<String> failedCreditDays() {
        return creditDays.values().stream()
                .flatMap(day -> day.lastFailure().stream())
                .toList();
    }

    /** Decisions on applications that failed for good, with what failed them. */
    public List<String> failedDecisions() {
        return decisions.stream().flatMap(each -> each.failures().stream()).toList();
    }

    /** What an operator does about decisions that failed: each goes on at the state that failed. */
    public void redriveDecisions() {
        decisions.forEach(StandardWorkflow::redrive);
    }

    /** What the decision of that name came to; nothing where it has not. */
    public Optional<Map<String, Object>> outputOf(String decision) {
        return decisions.stream()
                .flatMap(each -> each.output(decision).stream())
                .findFirst();
    }

    /** How failovers and failbacks failed, incomplete ones included. */
    public List<String> failedFailovers() {
        return failovers.stream().flatMap(each -> each.failures().stream()).toList();
    }

    /** Releases whose workflows failed, with what failed them. */
    public List<String> failedReleases() {
        return releases.values().stream()
                .flatMap(each -> each.failures().stream())
                .toList();
    }

    /** Runs of stress tests whose workflows failed, with what failed them. */
    public List<String> failedStressTests() {
        return stressTests.values().stream()
                .flatMap(each -> each.failures().stream())
                .toList();
    }

    /** The address of a Region's door, for those who call it from outside. */
    public static String door(String region) {
        return "https://" + region + DOORS;
    }

    /** Has those decisions go on that no operator took in time. */
    public void expireReviews() {
        decisions.forEach(StandardWorkflow::expire);
    }

    /** Messages and records that wait, hidden ones included, and executions of workflows that nobody needs to answer. */
    public int waiting() {
        return queues.all().stream().mapToInt(Queue::size).sum()
                + relays.values().stream().mapToInt(StreamSource::size).sum()
                + workflows.standard().stream()
                        .mapToInt(StandardWorkflow::running)
                        .sum();
    }

    /** Payments that are not terminal. */
    public List<String> open() {
        return streams.values().stream()
                .flatMap(stream -> stream.open().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Accounts that had less than nothing at any moment; watched where one part runs at a time. */
    public Set<String> overdrawn() {
        return Collections.unmodifiableSet(overdrawn);
    }

    /** What gave up, by queue. */
    public Map<String, List<String>> deadLetters() {
        Map<String, List<String>> letters = new HashMap<>();
        queues.all().forEach(queue -> letters.put(queue.name(), queue.deadLetters()));
        relays.forEach((region, relay) -> letters.put(region + "/relay", relay.deadLetters()));
        letters.values().removeIf(List::isEmpty);
        return letters;
    }

    @Override
    public void close() {
        database.close();
    }

    private void audit(Map<String, AttributeValue> account) {
        AttributeValue available = account.get("available");
        if (available != null && available.n().startsWith("-")) {
            overdrawn.add(Values.text(account, "pk") + "/" + Values.text(account, "sk"));
        }
    }

    private void relay(Change change) {
        topology.regionOfUnit(change.text("unit")).ifPresent(region -> relayFrom(region, change));
    }

    /** What the event source mapping's filter lets through: decided. */
    private void relayFrom(String region, Change change) {
        String status = change.text("status");
        if (status.equals("COMMITTED") || status.equals("ABORTED")) {
            Objects.requireNonNull(relays.get(region)).append(change);
        }
    }

    /** A Region's own stream tells of every write; the Region relays those of its units. */
    private void relayIn(String region, Change change) {
        if (topology.regionOfUnit(change.text("unit")).filter(region::equals).isPresent()) {
            relayFrom(region, change);
        }
    }

    private PaymentStream stream(String region) {
        return Objects.requireNonNull(streams.get(region), "no stream in " + region);
    }

    private Tables tablesIn(String region) {
        return new Tables(traffic, database.in(region), stream(region), course.isOneAtATime() ? this::audit : null);
    }

    private void addRegion(String region) {
        String name = region + "/gateway";
        gateways.put(
                region,
                function(
                        name,
                        25,
                        environment(region, "gateway", gatewayVariables()),
                        host -> new GatewayHandler(host, course.racing())));
        operations.put(
                region,
                function(
                        region + "/operations",
                        25,
                        environment(
                                region,
                                "gateway",
                                Map.of(
                                        "AWS_ACCOUNT",
                                        ACCOUNT,
                                        "QUEUES",
                                        queuesIn(region),
                                        "FINAL_DEAD_LETTERS",
                                        traffic.name("relay-dlq"),
                                        "DOOR_HOSTS",
                                        DOORS)),
                        OperationsHandler::new));
        addFailovers(region);
        if (traffic == Traffic.LIVE) {
            addWatcher(region);
        }
        topics.add(topic(region));
        String relay = region + "/relay";
        StreamSource source = new StreamSource(
                relay,
                region,
                function(
                        relay,
                        30,
                        environment(region, "payment", Map.of("DECIDED_TOPIC_ARN", topic(region))),
                        RelayHandler::new),
                course);
        relays.put(region, source);
        sources.add(source);
    }

    private Map<String, String> gatewayVariables() {
        Map<String, String> variables = new HashMap<>(Map.of(
                "AWS_ACCOUNT",
                ACCOUNT,
                "HEDGE_MILLISECONDS",
                Integer.toString(topology.limits().hedgeMilliseconds())));
        if (shadow != null) {
            variables.put("SHADOW_GATEWAY", SHADOW_GATEWAY);
        }
        return variables;
    }

    /** The one function of the shadow that may be called from outside it. */
    private static Functions shadowGateway(World shadow, String region) {
        return (function, payload) -> {
            if (!function.equals(SHADOW_GATEWAY)) {
                throw SdkClientException.create("no function " + function);
            }
            try {
                return Objects.requireNonNull(shadow.gateways.get(region)).invoke(payload);
            } catch (Function.Failed e) {
                throw SdkClientException.create(function + " failed", e);
            }
        };
    }

    private void addFailovers(String region) {
        Function steps = function(
                region + "/" + Workflows.FAILOVER,
                120,
                environment(region, "gateway", Map.of("AWS_ACCOUNT", ACCOUNT)),
                FailoverHandler::new);
        for (String workflow : List.of(Workflows.UNIT_FAILOVER, Workflows.UNIT_FAILBACK)) {
            String full = region + "/" + workflow;
            failovers.add(workflows.addFailover(
                    workflow,
                    "arn:aws:states:" + region + ":" + ACCOUNT + ":stateMachine:" + traffic.name(workflow),
                    region,
                    new Deployed(
                            full,
                            over(full, DynamoDbClient.class, tablesIn(region)),
                            Map.of(Workflows.FAILOVER, steps))));
            sources.add(failovers.getLast());
        }
    }

    private void addWatcher(String region) {
        watchers.put(
                region,
                function(
                        region + "/health-watcher",
                        90,
                        environment(
                                region,
                                "gateway",
                                Map.of(
                                        "AWS_ACCOUNT",
                                        ACCOUNT,
                                        "LOOK_EVERY_SECONDS",
                                        "0",
                                        "PATIENCE_MILLISECONDS",
                                        Integer.toString(topology.limits().watchPatienceMilliseconds()))),
                        HealthWatcherHandler::new));
    }

    /** Its load goes through the doors, as anybody's does. */
    private void addStressTest(String region) {
        Function steps = function(
                region + "/" + Workflows.STRESS_STEP,
                30,
                environment(
                        region,
                        "gateway",
                        Map.of("AWS_ACCOUNT", ACCOUNT, "REGIONS", String.join(",", topology.regions()))),
                StressStepHandler::new);
        Function load = function(
                region + "/" + Workflows.STRESS_LOAD,
                900,
                environment(region, "gateway", Map.of()),
                host -> new StressLoadHandler(host, this::throughDoor, () -> new CoursePace(course)));
        String name = region + "/" + Workflows.STRESS_TEST;
        StandardWorkflow workflow = workflows.addStressTest(
                "arn:aws:states:" + region + ":" + ACCOUNT + ":stateMachine:" + traffic.name(Workflows.STRESS_TEST),
                region,
                new Deployed(
                        name,
                        over(name, DynamoDbClient.class, tablesIn(region)),
                        Map.of(Workflows.STRESS_STEP, steps, Workflows.STRESS_LOAD, load)));
        stressTests.put(region, workflow);
        sources.add(workflow);
    }

    private Doors.Reply throughDoor(String door, String path, Map<String, String> headers, Map<String, ?> body) {
        String region = door.substring("https://".length(), door.length() - DOORS.length());
        Answer answer = call(region, "POST", path, headers, Json.write(body));
        return new Doors.Reply.Answered(answer.status(), answer.headers().containsKey("traceparent"), answer.body());
    }

    private void addRelease(String region) {
        String name = region + "/release";
        StandardWorkflow workflow = workflows.addRelease(
                "arn:aws:states:" + region + ":" + ACCOUNT + ":stateMachine:" + traffic.name("release"),
                region,
                new Deployed(
                        name,
                        over(name, DynamoDbClient.class, tablesIn(region)),
                        Map.of(
                                Workflows.RELEASE_STEP,
                                function(
                                        region + "/" + Workflows.RELEASE_STEP,
                                        30,
                                        environment(
                                                region,
                                                "gateway",
                                                Map.of(
                                                        "AWS_ACCOUNT",
                                                        ACCOUNT,
                                                        "REGIONS",
                                                        String.join(",", topology.regions()))),
                                        ReleaseHandler::new))));
        releases.put(region, workflow);
        sources.add(workflow);
    }

    private String queuesIn(String region) {
        return topology.units().stream()
                .filter(unit -> unit.region().equals(region))
                .flatMap(unit -> unit.colours().stream()
                        .flatMap(colour ->
                                Stream.of(PHASE_TWO, POSTING, FEATURES).map(part -> physical(unit, colour, part))))
                .collect(Collectors.joining(","));
    }

    private void publishFirstRule() {
        String region = topology.regions().getFirst();
        Host host = host(region + "/routing-rule", environment(region, "setup", Map.of()));
        new RoutingRuleHandler(host)
                .apply(
                        Map.of("Document", topology.rule()),
                        Invocation.until(course.clock(), Duration.ofSeconds(60)).context());
    }

    private String issueOperatorKey() {
        String region = topology.regions().getFirst();
        Function function =
                function(region + "/operator-key", 30, environment(region, "setup", Map.of()), OperatorKeyHandler::new);
        return Json.text(Json.object(new String(function.invoke("{}".getBytes(UTF_8)), UTF_8)), "apiKey");
    }

    private Function function(
            String name,
            int seconds,
            Map<String, String> environment,
            java.util.function.Function<Host, RequestStreamHandler> handler) {
        functions.add(name);
        Host host = host(name, environment);
        return new Function(name, Duration.ofSeconds(seconds), () -> handler.apply(host), course);
    }

    private Host host(String caller, Map<String, String> environment) {
        return new Host(
                new Environment(environment),
                (type, region, _) -> client(type, caller, region),
                course.clockOf(caller),
                random,
                out);
    }

    private SdkClient client(Class<? extends SdkClient> type, String caller, Region region) {
        if (type == DynamoDbClient.class) {
            return over(caller, DynamoDbClient.class, tablesIn(region.id()));
        }
        if (type == SqsClient.class) {
            return over(caller, SqsClient.class, queues);
        }
        if (type == SnsClient.class) {
            return over(caller, SnsClient.class, topics);
        }
        if (type == SfnClient.class) {
            return over(caller, SfnClient.class, workflows);
        }
        if (type == Functions.class && shadow != null) {
            return shadowGateway(shadow, region.id());
        }
        throw new UnsupportedOperationException(caller + " calls " + type.getSimpleName() + " in " + region);
    }

    private <C extends SdkClient> C over(String caller, Class<C> type, C service) {
        return course.bus().equals(Bus.DIRECT) ? service : Clients.over(course.bus(), caller, type, service);
    }

    private Map<String, String> environment(String region, String context, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_REGION", region,
                "POWERTOOLS_SERVICE_NAME", context,
                "ACCOUNT_TABLE", traffic.name("account"),
                "PAYMENT_TABLE", traffic.name("payment"),
                "CREDIT_TABLE", traffic.name("credit"),
                "CONTROL_TABLE", traffic.name("control"),
                "PLATFORM_TABLE", traffic.name("platform"),
                "FEATURE_TABLE", traffic.name("feature"),
                "TOPOLOGY", topology.rule()));
        environment.put("TRAFFIC", traffic.name());
        environment.putAll(more);
        return environment;
    }

    private String physical(Topology.Unit unit, String colour, String part) {
        return traffic.name(unit.name().toLowerCase(Locale.ROOT) + "-" + colour + "-" + part);
    }

    private String topic(String region) {
        return "arn:aws:sns:" + region + ":" + ACCOUNT + ":" + traffic.name("decided");
    }

    /** One colour of one unit. */
    private final class Cell {
        private final Topology.Unit unit;
        private final String colour;
        private final String name;

        Cell(Topology.Unit unit, String colour) {
            this.unit = unit;
            this.colour = colour;
            this.name = unit.name() + "-" + colour;
        }

        /** Deploys it, and answers a function that reconciles, of which one is used. */
        Function deploy() {
            Queue phaseTwo = queue(PHASE_TWO, PhaseTwoHandler::new, "payment");
            queue(POSTING, PostingHandler::new, "ledger");
            Queue features = queue(FEATURES, FeaturesHandler::new, "risk");
            topics.subscribe(topic(unit.region()), phaseTwo, Map.of("unit", unit.name(), "colour", colour));
            topics.subscribe(
                    topic(unit.region()),
                    features,
                    Map.of("unit", unit.name(), "colour", colour, "status", "COMMITTED"));
            workflows.addPaymentTcc(
                    arn(PAYMENT_TCC),
                    unit.name(),
                    deployed(
                            PAYMENT_TCC,
                            Map.of(
                                    PaymentTcc.SCORE_RISK,
                                    function(PaymentTcc.SCORE_RISK, 3, "risk", ScoreRiskHandler::new))));
            decisions.add(workflows.addCreditDecision(
                    arn(CREDIT_DECISION),
                    unit.region(),
                    deployed(
                            CREDIT_DECISION,
                            Map.of(
                                    Workflows.ASSESS,
                                    function(Workflows.ASSESS, 30, "risk", AssessCreditHandler::new),
                                    Workflows.APPLICATIONS,
                                    function(Workflows.APPLICATIONS, 30, "credit", ApplicationsHandler::new)))));
            sources.add(decisions.getLast());
            if (colour.equals(unit.colours().getFirst())) {
                StandardWorkflow day = workflows.addCreditDay(
                        arn(CREDIT_DAY),
                        unit.region(),
                        deployed(
                                CREDIT_DAY,
                                Map.of(
                                        Workflows.PLAN,
                                        function(Workflows.PLAN, 30, "credit", CreditDayHandler::new),
                                        Workflows.BILLING,
                                        function(Workflows.BILLING, 900, "credit", BillingHandler::new),
                                        Workflows.OVERDUE,
                                        function(Workflows.OVERDUE, 900, "credit", OverdueHandler::new))));
                creditDays.put(unit.name(), day);
                sources.add(day);
            }
            recoveries.put(name, function("recovery", 60, "payment", RecoveryHandler::new));
            return function("reconciliation", 900, "ledger", ReconciliationHandler::new);
        }

        private Queue queue(
                String part, java.util.function.Function<Host, RequestStreamHandler> handler, String context) {
            int seconds = Math.min(CONSUMER_SECONDS, topology.limits().consumerTimeoutSecondsAtMost());
            int index = fed.size();
            Queue queue = new Queue(
                    name + "/" + part,
                    Duration.ofSeconds((long) topology.limits().visibilityTimesTimeout() * seconds),
                    topology.limits().maxReceiveCount(),
                    () -> course.passage(name + "/" + part),
                    course.clock()::instant,
                    at -> course.arrived(fed.get(index), at));
            QueueSource source = new QueueSource(queue, unit.region(), function(part, seconds, context, handler));
            fed.add(source);
            sources.add(source);
            queues.add(url(part), queue);
            return queue;
        }

        private Function function(
                String part,
                int seconds,
                String context,
                java.util.function.Function<Host, RequestStreamHandler> handler) {
            Map<String, String> more = new HashMap<>(Map.of(
                    "UNIT", unit.name(),
                    "COLOUR", colour,
                    "PHASE_TWO_QUEUE_URL", url(PHASE_TWO),
                    "POSTING_QUEUE_URL", url(POSTING),
                    "FEATURE_READ_MILLISECONDS",
                            Integer.toString(topology.limits().featureReadMilliseconds()),
                    "RISK_DEADLINE_MILLISECONDS",
                            Integer.toString(topology.limits().riskDeadlineMilliseconds())));
            // A call runs as a part of the function's course, and one that the function dies of ends the function.
            more.put("RISK_THREADS", "0");
            if (course.isOneAtATime()) {
                more.put("RECOVERY_WORKERS", "1");
            }
            return World.this.function(name + "/" + part, seconds, environment(unit.region(), context, more), handler);
        }

        private Deployed deployed(String workflow, Map<String, Function> functions) {
            String full = name + "/" + workflow;
            return new Deployed(full, over(full, DynamoDbClient.class, tablesIn(unit.region())), functions);
        }

        private String arn(String workflow) {
            return "arn:aws:states:" + unit.region() + ":" + ACCOUNT + ":stateMachine:" + physical(workflow);
        }

        private String url(String part) {
            return "https://sqs." + unit.region() + ".amazonaws.com/" + ACCOUNT + "/" + physical(part);
        }

        private String physical(String part) {
            return World.this.physical(unit, colour, part);
        }
    }
}
