package doubleeleven.rig;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Bus.ServiceCall;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.routing.Traffic;
import doubleeleven.testkit.ManualClock;
import doubleeleven.testkit.asl.StateFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;

/** Stress tests by the deployed workflow and the real handlers, in a time of their own, while live customers pay. */
class StressTestRunsTest {
    private static final Topology SANDBOX = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
    private static final Instant BEGIN = Instant.parse("2026-11-10T22:00:00Z");
    private static final String EAST = "us-east-1";
    private static final String TEST = "eve";
    private static final String TESTS = "/operations/stress-tests";
    private static final Customer GENERATOR = Customer.of("the load generator");
    private static final String SHADOW = "double11-shadow-";
    private static final int MOST_SECONDS = 600;

    private final ManualClock clock = new ManualClock();
    private final List<Customer> customers = new ArrayList<>();
    /** Statuses of answers to live payments, by how many. */
    private final Map<Integer, Integer> answers = new TreeMap<>();

    private Predicate<ServiceCall> broken = _ -> false;
    private Predicate<ServiceCall> slow = _ -> false;
    /** Calls of functions that are carried out, and whose answers are lost. */
    private Predicate<ServiceCall> lost = _ -> false;

    private Duration slowness = Duration.ZERO;
    private Runnable everySecond = () -> {};
    private boolean liveGoesOn = true;

    private Database database;
    private World shadow;
    private World live;
    private Clientele clientele;
    private Shop shop;
    private int orders;

    /** Time moves when somebody waits, and live customers pay meanwhile. */
    private final class Meanwhile implements Course.Beside {
        private final Course direct = Course.direct(this::carry, clock);
        private boolean paying;

        private Object carry(ServiceCall call, java.util.function.Supplier<Object> effect) {
            if (broken.test(call)) {
                throw DynamoDbException.builder()
                        .message("it breaks")
                        .statusCode(500)
                        .build();
            }
            if (slow.test(call)) {
                clock.pass(slowness);
            }
            Object answer = effect.get();
            if (lost.test(call)) {
                throw new StateFailed("Lambda.Unknown", "the answer is lost");
            }
            return answer;
        }

        @Override
        public Course other() {
            return direct;
        }

        @Override
        public void pause(Duration pause) {
            Instant until = clock.instant().plus(pause);
            while (clock.instant().isBefore(until)) {
                Duration left = Duration.between(clock.instant(), until);
                clock.pass(left.compareTo(Duration.ofMillis(500)) < 0 ? left : Duration.ofMillis(500));
                if (!paying) {
                    paying = true;
                    second();
                    paying = false;
                }
            }
        }
    }

    @BeforeEach
    void open() {
        clock.set(BEGIN);
        database = Database.withShadow();
        Course course = new Meanwhile();
        shadow = World.shadow(SANDBOX, course, new Random(3), World.SILENT, database);
        live = World.beside(shadow, SANDBOX, course, new Random(7), World.SILENT, database);
        clientele = new Clientele(live);
        shop = clientele.openShop("tea", "GBP", 2);
        IntStream.range(0, 24).forEach(i -> customers.add(clientele.openCustomer("customer-" + i, "GBP", 1_000_000)));
        admit(live);
        admit(shadow);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** By the operators of that traffic, each at their own function. */
    private static void admit(World world) {
        Answer answer = operators(
                world,
                "POST",
                TESTS,
                Map.of("stressTest", TEST, "publicKey", GENERATOR.publicKey(), "minutes", 60, "reason", "a rehearsal"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private static Answer operators(World world, String method, String path, Map<String, ?> body) {
        return world.call(
                EAST,
                method,
                path,
                Map.of("Authorization", "Bearer " + world.operatorKey()),
                body.isEmpty() ? null : Json.write(body));
    }

    /** Marks that are good for a minute each. */
    private List<String> marks() {
        long now = clock.instant().getEpochSecond();
        return IntStream.range(0, 10)
                .mapToObj(i -> GENERATOR.mark(TEST, now + 60L * i, now + 60L * (i + 1)))
                .toList();
    }

    private Map<String, Object> plan() {
        return new HashMap<>(Map.of(
                "doors", SANDBOX.regions().stream().map(World::door).toList(),
                "rate", 4,
                "steps", List.of(50, 100),
                "stepSeconds", 10,
                "sliceSeconds", 5,
                "baselineSeconds", 15,
                "customers", 60,
                "merchants", 3,
                "currency", "GBP"));
    }

    private void begin(Map<String, Object> plan) {
        plan.put("marks", marks());
        plan.put("operatorKey", shadow.operatorKey());
        plan.put("reason", "a rehearsal");
        Answer answer = operators(live, "POST", TESTS + "/" + TEST + "/run", plan);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    }

    private Answer show() {
        return operators(live, "GET", TESTS + "/" + TEST, Map.of());
    }

    private Map<String, Object> run() {
        return Json.child(show().body(), "run");
    }

    /** Half a second in which a live customer pays, then what the time brings. */
    private void second() {
        if (liveGoesOn) {
            String order = "order-" + ++orders;
            Customer customer = customers.get(orders % customers.size());
            String door = SANDBOX.regions().get(orders % SANDBOX.regions().size());
            Answer answer = clientele.pay(door, shop, clientele.signed(customer, shop, order, 10), "key-" + order);
            answers.merge(answer.status(), 1, Integer::sum);
        }
        everySecond.run();
        live.drain();
        shadow.drain();
    }

    private Map<String, Object> awaitEnd() {
        for (int i = 0; i < MOST_SECONDS && !run().containsKey("endedAt"); i++) {
            clock.pass(Duration.ofMillis(500));
            second();
        }
        assertThat(run()).containsKey("endedAt");
        return run();
    }

    private Map<String, Object> go(Map<String, Object> plan) {
        begin(plan);
        return awaitEnd();
    }

    private List<Map<String, Object>> steps(Map<String, Object> run) {
        return Json.objects(run, "steps");
    }

    /** Items of the shadow's payments, by order. */
    private List<Map<String, AttributeValue>> sent() {
        return Snapshot.scan(database.whole(), Traffic.SHADOW.name("payment")).stream()
                .filter(item -> item.containsKey("command")
                        && Values.text(item.get("command").m(), "order").startsWith("st-"))
                .toList();
    }

    private Map<String, Map<String, AttributeValue>> money() {
        return List.of("account", "payment", "credit").stream()
                .flatMap(table -> Snapshot.scan(database.whole(), Traffic.LIVE.name(table)).stream())
                .collect(toMap(
                        item -> Values.text(item, "pk") + "/" + (item.containsKey("sk") ? Values.text(item, "sk") : ""),
                        item -> item));
    }

    /** The order of a payment of the load that is about to run: its step and its number. */
    private static boolean isRunOf(ServiceCall call, String steps) {
        return call.request() instanceof StartSyncExecutionRequest request
                && request.input().matches("(?s).*\"st-[a-z2-7]+-" + steps + "\".*");
    }

    private boolean isOfShadow(ServiceCall call, String operation) {
        return call.operation().equals(operation)
                && String.valueOf(call.request()).contains(SHADOW);
    }

    private boolean isOfLive(ServiceCall call, String operation) {
        return call.operation().equals(operation)
                && !String.valueOf(call.request()).contains(SHADOW);
    }

    @Test
    void aTestThatEverythingHoldsReachesItsTargetWhileLiveCustomersPay() {
        Map<String, Object> run = go(plan());

        assertThat(run).as(run.toString()).containsEntry("state", "REACHED").containsEntry("heldPerSecond", 4.0);
        assertThat(steps(run))
                .extracting(step -> step.get("percent") + " % " + step.get("due") + " " + step.get("verdict"))
                .containsExactly("50 % 20 HELD", "100 % 40 HELD");
        assertThat(answers).containsOnlyKeys(201);
        assertThat(show().body()).containsEntry("running", false);
        assertThat(live.failedStressTests()).isEmpty();
    }

    /** What was sent, by what the shadow's tables hold of it. */
    @Test
    void theReportSaysWhatTheGeneratorReallySent() {
        Map<String, Object> plan = plan();
        broken = call -> isRunOf(call, "0-1[0-9]");
        plan.put("failuresPerThousand", 1000);

        Map<String, Object> run = go(plan);

        Map<String, Long> reported = new TreeMap<>();
        steps(run)
                .forEach(step -> Json.child(step, "outcomes")
                        .forEach((outcome, count) -> reported.merge(outcome, ((Number) count).longValue(), Long::sum)));
        Map<String, Long> found = new TreeMap<>();
        sent().forEach(item ->
                found.merge(Values.text(item, "status").equals("SUCCEEDED") ? "PAID" : "DECLINED", 1L, Long::sum));
        found.put("OPEN", 10L);
        assertThat(reported).isEqualTo(found);
        assertThat(sent()).hasSize(50);
        assertThat(steps(run)).extracting(step -> step.get("sent")).containsExactly(20, 40);
    }

    @Test
    void nothingLiveIsTouched() {
        liveGoesOn = false;
        Map<String, Map<String, AttributeValue>> before = money();

        Map<String, Object> run = go(plan());

        assertThat(run).containsEntry("state", "REACHED");
        assertThat(sent()).hasSize(60);
        assertThat(money()).isEqualTo(before);
        Books.assertMoneyIsConserved(live);
    }

    @Test
    void theReportSaysHowLiveTrafficDidBeforeAndMeanwhile() {
        Map<String, Object> run = go(plan());

        assertThat(Json.integer(Json.child(run, "liveBefore"), "payments")).isGreaterThanOrEqualTo(20);
        assertThat(steps(run))
                .allSatisfy(step -> assertThat(Json.child(step, "live"))
                        .containsEntry("failed", 0)
                        .containsEntry("overdue", 0)
                        .containsEntry("deadLetters", 0)
                        .hasEntrySatisfying(
                                "payments",
                                many -> assertThat(((Number) many).intValue()).isGreaterThanOrEqualTo(12)));
    }

    @Test
    void aShadowThatFailsStopsTheTestAtThatStep() {
        broken = call -> isRunOf(call, "1-[0-9]+");

        Map<String, Object> run = go(plan());

        assertThat(run).containsEntry("state", "NOT_HELD").containsEntry("heldPerSecond", 2.0);
        assertThat(Json.text(run, "why")).contains("20 of 20 payments of the test failed");
        assertThat(steps(run))
                .extracting(step -> step.get("verdict") + " " + step.get("slices"))
                .containsExactly("HELD 2", "NOT_HELD 1");
        assertThat(answers).containsOnlyKeys(201);
    }

    @Test
    void aShadowThatIsSlowStopsTheTestThoughEveryPaymentIsPaid() {
        slowness = Duration.ofMillis(1500);
        slow = call -> isOfShadow(call, "startSyncExecution");

        Map<String, Object> run = go(plan());

        assertThat(run).containsEntry("state", "NOT_HELD");
        assertThat(Json.text(run, "why")).contains("took longer than 1,000 ms");
    }

    @Test
    void liveCustomersWhosePaymentsFailStopTheTest() {
        everySecond = () -> {
            if (sent().size() > 5) {
                broken = call -> isOfLive(call, "startSyncExecution");
            }
        };

        Map<String, Object> run = go(plan());

        assertThat(run).containsEntry("state", "LIVE_SUFFERED").doesNotContainKey("heldPerSecond");
        assertThat(Json.text(run, "why")).contains("live payments failed");
        assertThat(steps(run))
                .singleElement()
                .satisfies(step -> assertThat(step).containsEntry("slices", 1));
        assertThat(sent()).as("only the slice in which it began").hasSize(10);
    }

    /** Two of more than a hundred since the step began are within the limit, two of ten since the last look are not. */
    @Test
    void aBadMomentOfLiveCustomersStopsTheTestAfterALongGoodTime() {
        List<Object> failed = new ArrayList<>();
        broken = call ->
                sent().size() > 130 && isOfLive(call, "startSyncExecution") && failed.size() < 2 && failed.add(call);
        Map<String, Object> plan = plan();
        plan.put("rate", 2);
        plan.put("steps", List.of(100));
        plan.put("stepSeconds", 120);
        plan.put("liveFailuresPerThousand", 15);

        Map<String, Object> run = go(plan);

        assertThat(failed).hasSize(2);
        assertThat(run).containsEntry("state", "LIVE_SUFFERED");
        assertThat(Json.text(run, "why")).contains("2 of 10 live payments failed");
    }

    @Test
    void liveCustomersWhoWaitLongerStopTheTest() {
        everySecond = () -> {
            if (sent().size() > 3) {
                slowness = Duration.ofMillis(300);
                slow = call -> isOfLive(call, "startSyncExecution");
            }
        };
        Map<String, Object> plan = plan();
        plan.put("stepSeconds", 60);
        plan.put("p99Millis", 10_000);

        Map<String, Object> run = go(plan);

        assertThat(run).containsEntry("state", "LIVE_SUFFERED");
        assertThat(Json.text(run, "why")).contains("live payments take longer than twice");
    }

    @Test
    void liveTrafficThatIsUnwellLetsNothingBegin() {
        broken = call -> isOfLive(call, "startSyncExecution");

        Map<String, Object> run = go(plan());

        assertThat(run).containsEntry("state", "LIVE_UNWELL");
        assertThat(steps(run)).isEmpty();
        assertThat(sent()).isEmpty();
    }

    @Test
    void whatAnOperatorStopsEndsWithinASlice() {
        List<Integer> sentWhenStopped = new ArrayList<>();
        everySecond = () -> {
            if (sent().size() > 13 && sentWhenStopped.isEmpty()) {
                Answer stopped =
                        operators(live, "POST", TESTS + "/" + TEST + "/stop", Map.of("reason", "live latency rises"));
                assertThat(stopped.status()).isEqualTo(200);
                sentWhenStopped.add(sent().size());
            }
        };
        Map<String, Object> plan = plan();
        plan.put("stepSeconds", 300);

        Map<String, Object> run = go(plan);

        assertThat(run).containsEntry("state", "STOPPED");
        assertThat(steps(run))
                .singleElement()
                .satisfies(step -> assertThat(step).containsEntry("slices", 2).containsEntry("verdict", "STOPPED"));
        assertThat(sent()).hasSizeLessThanOrEqualTo(20);
        assertThat(sentWhenStopped).hasSize(1);
    }

    @Test
    void aTestThatIsStoppedBeforeItsLoadSendsNothing() {
        begin(plan());
        operators(live, "POST", TESTS + "/" + TEST + "/stop", Map.of("reason", "not now"));

        Map<String, Object> run = awaitEnd();

        assertThat(run).containsEntry("state", "STOPPED");
        assertThat(sent()).isEmpty();
    }

    @Test
    void aTestWhoseLiveFiguresCannotBeReadEndsAndIsClosed() {
        everySecond = () -> {
            if (sent().size() > 3) {
                broken = call -> call.caller().endsWith("/stress-step")
                        && call.operation().equals("batchGetItem");
            }
        };

        Map<String, Object> run = go(plan());

        assertThat(run).containsEntry("state", "BROKEN");
        assertThat(show().body()).containsEntry("running", false);
        assertThat(live.failedStressTests()).singleElement().asString().contains("stress-step failed");
        assertThat(sent()).hasSize(10);
    }

    @Test
    void aShadowThatCannotBePreparedEndsTheTest() {
        broken = call -> isOfShadow(call, "putItem") && call.caller().endsWith("/gateway");

        Map<String, Object> run = go(plan());

        assertThat(run).containsEntry("state", "BROKEN");
        assertThat(show().body()).containsEntry("running", false);
        assertThat(answers).containsOnlyKeys(201);
    }

    @Test
    void aLookWhoseAnswerIsLostCountsItsSliceOnce() {
        Set<Object> told = new HashSet<>();
        lost = call -> call.service().equals("Lambda")
                && call.request() instanceof Map<?, ?> request
                && request.get("Payload") instanceof Map<?, ?> payload
                && "LOOK".equals(payload.get("step"))
                && told.add(payload.get("slice"));

        Map<String, Object> run = go(plan());

        assertThat(told).hasSize(4);
        assertThat(run).containsEntry("state", "REACHED");
        assertThat(steps(run)).extracting(step -> step.get("due")).containsExactly(20, 40);
        assertThat(sent()).hasSize(60);
    }
}
