package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.Shard;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.routing.RoutingRule;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;

/**
 * A version of the rule that one Region's gateways obey first: RZ01 serves by its other colour, and there are no coupons. Who serves which
 * shard is the same for all, so units hear nothing of it.
 */
class FirstGatewaysTest {
    private static final String RULE = "/operations/routing-rule";
    private static final String UNIT = "RZ01";
    private static final String FIRST = "us-west-2";
    private static final List<String> DOORS = List.of("us-east-1", "us-east-2", FIRST);
    private static final long OPENED = 10_000;

    private final ManualClock clock = new ManualClock();
    private final List<String> started = new ArrayList<>();
    private RoutingRule topology;
    private Map<String, Object> document;
    private World world;
    private Clientele clientele;
    private Shop shop;
    /** Of RZ01, who see colour a by the rule that was deployed. */
    private List<Customer> customers;

    private int paid;
    private boolean away;
    private int calls;
    private int changeAt;
    private Runnable change = () -> {};

    @BeforeEach
    void open() {
        clock.set(Instant.parse("2026-11-11T00:00:00Z"));
        Topology sandbox = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
        topology = RoutingDocument.read(sandbox.rule());
        world = World.open(
                sandbox, new Sleepless(Course.direct(this::carry, clock), clock), new Random(7), World.SILENT);
        clientele = new Clientele(world);
        shop = clientele.openShop("tea", "GBP", 1);
        customers = Stream.iterate(0, i -> i + 1)
                .map(i -> "c" + i)
                .filter(name -> topology.owner(Shard.of(name)).name().equals(UNIT))
                .filter(name -> RoutingRule.colourFor(name, topology.unit(UNIT)).equals("a"))
                .limit(8)
                .map(name -> clientele.openCustomer(name, "GBP", OPENED))
                .toList();
        world.drain();
        document = Json.child(rule(), "document");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        if (!call.caller().endsWith("/operations") && ++calls == changeAt) {
            changeAt = 0;
            change.run();
        }
        if (call.request() instanceof StartSyncExecutionRequest request) {
            started.add(request.stateMachineArn().replaceAll(".*double11-(rz..-.).*", "$1"));
            if (away && started.getLast().startsWith("rz01")) {
                throw SdkClientException.builder()
                        .message("no route")
                        .cause(new ConnectException())
                        .build();
            }
        }
        return effect.get();
    }

    private Map<String, Object> rule() {
        return clientele.get("us-east-1", world.operatorKey(), RULE).body();
    }

    private long version() {
        return Json.integer(rule(), "version");
    }

    private Answer operate(String path, Map<String, ?> body) {
        Answer answer = clientele.post("us-east-1", world.operatorKey(), path, null, body);
        assertThat(answer.status()).as("%s", answer.body()).isBetween(200, 202);
        return answer;
    }

    /** What is tried is the rule that was deployed, without colour a of RZ01 and without coupons. */
    private void tryOut() {
        Map<String, Object> tried = new LinkedHashMap<>(document);
        List<Map<String, Object>> units = new ArrayList<>(Json.objects(document, "units"));
        units.replaceAll(unit -> {
            Map<String, Object> other = new LinkedHashMap<>(unit);
            if (UNIT.equals(unit.get("name"))) {
                other.put("colours", Map.of("a", 0, "b", 100));
            }
            return other;
        });
        tried.put("units", units);
        tried.put("switches", Map.of("coupons", "OFF"));
        operate(
                RULE,
                Map.of(
                        "document",
                        tried,
                        "expectedVersion",
                        version(),
                        "reason",
                        "without a and without coupons",
                        "first",
                        Map.of("region", FIRST, "percent", 100)));
    }

    private void spread() {
        operate(RULE + "/spread", Map.of("expectedVersion", version(), "reason", "nothing got worse"));
    }

    private void withdraw() {
        operate(RULE + "/rollback", Map.of("toVersion", 1, "expectedVersion", version(), "reason", "it got worse"));
    }

    /** No gateway obeys an older rule any more. */
    private void wait10Seconds() {
        clock.pass(Duration.ofSeconds(11));
    }

    private Answer pay(String door) {
        int number = paid++;
        Answer answer = clientele.pay(
                door,
                shop,
                clientele.signed(customers.get(number % customers.size()), shop, "o" + number, 1),
                "k" + number);
        assertThat(answer.status()).as("%s at %s", answer.body(), door).isEqualTo(201);
        return answer;
    }

    /** Unit and colour that claimed it. */
    private String servedBy(Answer payment) {
        Map<String, AttributeValue> item = world.tables()
                .getItem(get -> get.tableName(LocalTables.PAYMENT)
                        .key(Map.of(
                                "pk", AttributeValue.fromS(payment.text("id").substring(2)))))
                .item();
        return Values.text(item, "unit") + "-" + Values.text(item, "colour");
    }

    private List<String> served() {
        return DOORS.stream().map(door -> servedBy(pay(door))).toList();
    }

    /** How a payment from a coupon is answered at each door; a customer has no such coupon, which is found out later than a switch. */
    private List<Boolean> couponsAreSwitchedOff() {
        return DOORS.stream()
                .map(door -> clientele.pay(
                        door,
                        shop,
                        Payments.withCoupon(
                                clientele.signed(customers.getFirst(), shop, "coupon" + paid++, 10), "none", 5),
                        "k" + paid))
                .map(answer -> answer.status() == 503 && answer.problem().equals("switched-off"))
                .toList();
    }

    private void obeyedEverywhere(boolean tried) {
        assertThat(served()).containsOnly(tried ? "RZ01-b" : "RZ01-a");
        assertThat(couponsAreSwitchedOff()).containsOnly(tried);
    }

    @Test
    void itsRegionsGatewaysObeyItAndAllOthersOnceItIsSpread() {
        obeyedEverywhere(false);

        tryOut();
        wait10Seconds();
        assertThat(served()).containsExactly("RZ01-a", "RZ01-a", "RZ01-b");
        assertThat(couponsAreSwitchedOff()).containsExactly(false, false, true);

        spread();
        wait10Seconds();
        obeyedEverywhere(true);
    }

    @Test
    void itIsObeyedByNobodyOnceItIsWithdrawn() {
        tryOut();
        wait10Seconds();
        assertThat(served()).containsExactly("RZ01-a", "RZ01-a", "RZ01-b");

        withdraw();
        wait10Seconds();

        obeyedEverywhere(false);
        assertThat(rule()).containsEntry("version", 3).doesNotContainKey("first");
    }

    /** Units compare the number that a payment is stamped with: a gateway that tries nothing must not seem to be behind. */
    @Test
    void aStandbyServesForEveryGatewayAsEverAndIsAskedOnce() {
        tryOut();
        wait10Seconds();
        away = true;

        for (String door : DOORS) {
            started.clear();
            assertThat(servedBy(pay(door))).isEqualTo("RZ02-a");
            assertThat(started.stream().filter(cell -> cell.startsWith("rz02")))
                    .as("executions of the standby for one payment at %s", door)
                    .hasSize(1);
        }
    }

    @Test
    void aFailoverMeanwhileTakesPlaceByWhatTheRestObeysAndEndsIt() {
        tryOut();
        wait10Seconds();

        Answer begun =
                operate("/operations/units/" + UNIT + "/failovers", Map.of("direction", "AWAY", "reason", "a drill"));
        world.drain();
        Map<String, Object> failover = Map.of("state", "RUNNING");
        for (int turn = 0; failover.get("state").equals("RUNNING"); turn++) {
            assertThat(turn).as("%s", failover).isLessThan(100);
            clock.pass(Duration.ofSeconds(5));
            world.recover();
            world.drain();
            failover = clientele
                    .get(
                            "us-east-1",
                            world.operatorKey(),
                            "/operations/units/" + UNIT + "/failovers/" + begun.text("id"))
                    .body();
        }

        assertThat(failover).containsEntry("state", "DONE");
        assertThat(rule()).containsEntry("version", 3).doesNotContainKeys("first", "rest");
        Map<String, Object> forbidden =
                Json.objects(Json.child(rule(), "document"), "units").getFirst();
        assertThat(forbidden).containsEntry("forbidden", true).containsEntry("colours", Map.of("a", 90, "b", 10));
        wait10Seconds();
        assertThat(served()).containsOnly("RZ02-a");
        assertThat(couponsAreSwitchedOff()).containsOnly(false);
    }

    /** Tried, spread, withdrawn, tried, withdrawn, and so on: each between two calls of a payment, a call later each time. */
    @Test
    void aHundredPaymentsThroughAllDoorsMeanwhileAreEachPaidOnceByTheUnitThatOwnsTheShard() {
        List<Runnable> changes = List.of(this::tryOut, this::spread, this::withdraw, this::tryOut, this::withdraw);
        for (int round = 0; round < 20; round++) {
            change = changes.get(round % changes.size());
            calls = 0;
            changeAt = 1 + 2 * round;
            for (int i = 0; i < 5; i++) {
                assertThat(servedBy(pay(DOORS.get(paid % DOORS.size())))).startsWith(UNIT);
            }
            assertThat(changeAt).as("changed in the middle").isZero();
            wait10Seconds();
        }
        world.drain();

        assertThat(paid).isEqualTo(100);
        assertThat(world.open()).isEmpty();
        assertThat(IntStream.range(0, customers.size())
                        .mapToLong(i -> Books.available(world, customers.get(i)))
                        .sum())
                .isEqualTo(customers.size() * OPENED - paid);
        assertThat(Json.integer(
                        clientele
                                .get("us-east-1", shop.key(), "/merchants/tea/balance")
                                .body(),
                        "posted"))
                .isEqualTo(paid);
        Books.assertMoneyIsConserved(world);
    }
}
