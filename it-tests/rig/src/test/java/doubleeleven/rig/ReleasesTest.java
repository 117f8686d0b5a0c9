package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.Shard;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Bus.ServiceCall;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import doubleeleven.testkit.asl.StateFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** Releases by the deployed workflow and the real handlers, in a time of their own, under a steady load of payments. */
class ReleasesTest {
    private static final String EAST = "us-east-1";
    private static final Topology SANDBOX = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
    private static final String RELEASES = "/operations/units/RZ01/releases";
    private static final int MOST_LOOKS = 40;

    private final ManualClock clock = new ManualClock();
    private final Random random = new Random(11);
    private final List<Customer> customers = new ArrayList<>();
    /** Statuses of answers to payments, by how many. */
    private final Map<Integer, Integer> answers = new TreeMap<>();

    private Predicate<ServiceCall> broken = _ -> false;
    /** Of so many calls of what is broken, one fails. */
    private int oneOf = 1;

    private World world;
    private Clientele clientele;
    private Shop shop;
    private int orders;

    @BeforeEach
    void open() {
        clock.set(Instant.parse("2026-11-11T00:00:00Z"));
        Bus breaking = (call, effect) -> {
            if (broken.test(call) && random.nextInt(oneOf) == 0) {
                throw call.service().equals("Lambda")
                        ? new StateFailed("Lambda.Unknown", "it does not start")
                        : DynamoDbException.builder()
                                .message("it breaks")
                                .statusCode(500)
                                .build();
            }
            return effect.get();
        };
        world = World.open(SANDBOX, Course.direct(breaking, clock), new Random(7), World.SILENT);
        clientele = new Clientele(world);
        shop = clientele.openShop("tea", "GBP", 2);
        // Some see b from a tenth on, some from a half on, some at the end.
        customers.addAll(seeing(8, 90, 100));
        customers.addAll(seeing(8, 50, 90));
        customers.addAll(seeing(8, 0, 50));
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** Customers of the unit whose colour turns to b at weights between 100 less these. */
    private List<Customer> seeing(int many, int from, int to) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "customer-" + from + "-" + i)
                .filter(id -> Shard.of(id).number() <= 33)
                .filter(id -> colour(id, 100 - from).equals("b")
                        && colour(id, 100 - to).equals("a"))
                .limit(many)
                .map(id -> clientele.openCustomer(id, "GBP", 1_000_000))
                .toList();
    }

    private static String colour(String customer, int weightOfB) {
        return RoutingRule.colourFor(
                customer,
                new Unit("RZ01", EAST, "RZ02", 0, new TreeMap<>(Map.of("a", 100 - weightOfB, "b", weightOfB))));
    }

    private String begin(List<Integer> steps) {
        Answer answer = clientele.post(
                EAST,
                world.operatorKey(),
                RELEASES,
                null,
                Map.of("to", "b", "reason", "build 4711", "steps", steps, "least", 20));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        world.drain();
        return answer.text("release");
    }

    private Answer release(String id) {
        return clientele.get(EAST, world.operatorKey(), RELEASES + "/" + id);
    }

    /** Ten seconds in which every customer pays once, at one door after the other, then what the time brings. */
    private void tenSeconds() {
        for (Customer customer : customers) {
            String order = "order-" + ++orders;
            String door = SANDBOX.regions().get(orders % SANDBOX.regions().size());
            Answer answer = clientele.pay(door, shop, clientele.signed(customer, shop, order, 10), "key-" + order);
            answers.merge(answer.status(), 1, Integer::sum);
            clock.set(clock.instant().plus(Duration.ofSeconds(10).dividedBy(customers.size())));
        }
        clock.set(clock.instant().plusMillis(100));
        world.drain();
    }

    private Answer awaitEnd(String id) {
        for (int look = 0; look < MOST_LOOKS && release(id).find("endedAt").isEmpty(); look++) {
            tenSeconds();
        }
        assertThat(world.failedReleases()).isEmpty();
        return release(id);
    }

    private List<String> reasons() {
        return clientele
                .get(EAST, world.operatorKey(), "/operations/routing-rule/versions")
                .objects("versions")
                .reversed()
                .stream()
                .skip(1)
                .map(version -> String.valueOf(version.get("reason")).replaceFirst("^release [^:]*: ", ""))
                .toList();
    }

    private List<Map<String, AttributeValue>> payments() {
        return world.tables().scanPaginator(request -> request.tableName(LocalTables.PAYMENT)).items().stream()
                .filter(item -> item.containsKey("colour") && "RZ01".equals(Values.text(item, "unit")))
                .toList();
    }

    private void settle() {
        broken = _ -> false;
        for (int i = 0; i < 4; i++) {
            clock.set(clock.instant().plusSeconds(40));
            world.recover();
            world.drain();
        }
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void aGoodColourComesToServeEverybodyAndNoPaymentChangesItsColourOnTheWay() {
        String id = begin(List.of(10, 50, 100));

        Answer ended = awaitEnd(id);

        assertThat(ended.text("state")).as(ended.text()).isEqualTo("SUCCEEDED");
        assertThat(reasons()).as("a tenth was b's already").containsExactly("b to 50 %", "b to 100 %");
        assertThat(answers).containsOnlyKeys(201);
        settle();
        assertThat(payments()).hasSizeGreaterThan(100).allSatisfy(item -> {
            assertThat(Values.text(item, "status")).isEqualTo("SUCCEEDED");
            assertThat(Values.text(item, "finishedBy")).endsWith("-" + Values.text(item, "colour"));
        });
        assertThat(payments().stream().map(item -> Values.text(item, "colour")).distinct())
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aColourWhoseRiskIsBrokenIsRolledBackAndTheOtherServesEverybody() {
        broken = call ->
                call.caller().equals("RZ01-b/payment-tcc") && call.service().equals("Lambda");

        Answer ended = awaitEnd(begin(List.of(10, 50, 100)));

        assertThat(ended.text("state")).as(ended.text()).isEqualTo("ROLLED_BACK");
        assertThat(ended.text("why")).contains("failed").contains("against 0 of");
        assertThat(reasons()).containsExactly("b to 0 %");
        clock.set(clock.instant().plusSeconds(11));
        answers.clear();
        tenSeconds();
        assertThat(answers).as("after the rollback").containsOnlyKeys(201);
        settle();
    }

    @Test
    void aColourThatFailsAThirdOfItsPaymentsIsRolledBackThoughTheStandbyRescuesThemAll() {
        broken = call -> call.operation().equals("startSyncExecution")
                && String.valueOf(call.request()).contains("rz01-b-payment-tcc");
        oneOf = 3;

        Answer ended = awaitEnd(begin(List.of(10, 50, 100)));

        assertThat(ended.text("state")).as(ended.text()).isEqualTo("ROLLED_BACK");
        assertThat(answers).containsOnlyKeys(201);
        settle();
    }

    /** The caller is told that all is paid; what follows never comes. */
    @Test
    void aColourWhosePhaseTwoIsBrokenIsRolledBackThoughEveryAnswerIsGood() {
        broken = call -> call.caller().equals("RZ01-b/phase-two");

        Answer ended = awaitEnd(begin(List.of(10, 50, 100)));

        assertThat(ended.text("state")).as(ended.text()).isEqualTo("ROLLED_BACK");
        assertThat(ended.text("why")).containsAnyOf("not finished in time", "gave up");
        assertThat(answers).containsOnlyKeys(201);
        settle();
    }

    @Test
    void aReleaseWhoseFiguresCannotBeReadIsRolledBack() {
        String id = begin(List.of(50, 100));
        tenSeconds();
        broken = call ->
                call.caller().endsWith("/release-step") && call.operation().equals("batchGetItem");

        Answer ended = awaitEnd(id);

        assertThat(ended.text("state")).as(ended.text()).isEqualTo("ROLLED_BACK");
        assertThat(reasons()).containsExactly("b to 50 %", "b to 0 %");
    }

    @Test
    void nothingIsShiftedUntilAnOperatorAgreesAndARejectionEndsIt() {
        for (boolean approve : List.of(true, false)) {
            Answer asked = clientele.post(
                    EAST,
                    world.operatorKey(),
                    RELEASES,
                    null,
                    Map.of("to", "b", "reason", "r", "steps", List.of(50, 100), "least", 10, "approval", true));
            String id = asked.text("release");
            world.drain();
            tenSeconds();
            assertThat(release(id).text("state")).isEqualTo("AWAITING_APPROVAL");
            List<String> before = reasons();

            clientele.post(
                    EAST,
                    world.operatorKey(),
                    RELEASES + "/" + id + "/decision",
                    null,
                    Map.of("approve", approve, "reason", "a quiet day"));
            world.drain();

            assertThat(release(id).text("state")).isEqualTo(approve ? "VERIFYING" : "REJECTED");
            if (approve) {
                assertThat(reasons()).containsExactly("b to 50 %");
                clientele.post(
                        EAST,
                        world.operatorKey(),
                        RELEASES + "/" + id + "/decision",
                        null,
                        Map.of("approve", false, "reason", "a bad feeling"));
                assertThat(awaitEnd(id).text("why")).contains("a bad feeling");
            } else {
                assertThat(reasons()).isEqualTo(before);
            }
        }
    }

    /** What the other colour's later build adds to an item is not its own, and stays. */
    @Test
    void aPaymentThatALaterBuildOfTheSameColourClaimedIsFinished() {
        Customer customer = customers.getFirst();
        Answer paid = clientele.pay(EAST, shop, clientele.signed(customer, shop, "later", 10), "key-later");
        assertThat(paid.status()).isEqualTo(201);
        Map<String, AttributeValue> item = new HashMap<>(payments().getFirst());
        item.put("addedLater", AttributeValue.fromM(Map.of("what", AttributeValue.fromS("nobody here knows it"))));
        world.tables().putItem(request -> request.tableName(LocalTables.PAYMENT).item(item));

        world.drain();

        assertThat(payments()).singleElement().satisfies(finished -> {
            assertThat(Values.text(finished, "status")).isEqualTo("SUCCEEDED");
            assertThat(finished).containsKey("addedLater");
            assertThat(Values.text(finished, "finishedBy")).endsWith("-b");
        });
    }
}
