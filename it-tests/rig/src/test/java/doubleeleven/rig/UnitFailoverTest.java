package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.ids.Shard;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;

/** The deployed failover workflows on real payments: a Region dies in the middle of them, is taken out, and comes back. */
class UnitFailoverTest {
    private static final String LOST = "us-east-1";
    private static final String DOOR = "us-east-2";
    private static final String UNIT = "RZ01";
    private static final String FAILOVERS = "/operations/units/" + UNIT + "/failovers";
    private static final long OPENED = 10_000;
    private static final long PRICE = 100;

    private final ManualClock clock = new ManualClock();
    private World world;
    private Clientele clientele;
    private Shop shop;
    private List<Customer> customers;
    private RoutingRule first;
    /** Calls from within the Region until it is gone; never where it stays. */
    private int until = Integer.MAX_VALUE;

    private boolean away;
    private boolean brokenRisk;
    /** What becomes of a failover's own calls of services. */
    private Fault fault = new Fault(0, false);

    private int ownCalls;
    /** What somebody else does in the first pause. */
    private Runnable meanwhile = () -> {};

    private final List<String> started = new ArrayList<>();
    private int bought;

    /** One of those calls does not come back. */
    private record Fault(int at, boolean landed) {}

    @BeforeEach
    void open() {
        clock.set(Instant.parse("2026-11-11T00:00:00Z"));
        Topology topology = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
        first = RoutingDocument.read(topology.rule());
        world = World.open(
                topology, new Sleepless(Course.direct(this::carry, clock), clock), new Random(7), World.SILENT);
        clientele = new Clientele(world);
        shop = clientele.openShop("tea", "GBP", 1);
        customers = IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "c" + i)
                .filter(name -> first.owner(Shard.of(name)).name().equals(UNIT))
                .limit(8)
                .map(name -> clientele.openCustomer(name, "GBP", OPENED))
                .toList();
        world.drain();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void recover() {
        world.cells().stream()
                .filter(cell -> !away || !world.regionOf(cell).equals(LOST))
                .forEach(world::recover);
    }

    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        String part = call.caller().substring(0, call.caller().indexOf('/'));
        String from = part.contains("-east-") || part.contains("-west-") ? part : world.regionOf(part);
        if (from.equals(LOST) && --until < 0) {
            away = true;
        }
        if (away && from.equals(LOST)) {
            throw new Course.Cut(call.caller() + " is gone");
        }
        if (away && isAt(call.request())) {
            throw SdkClientException.builder()
                    .message("no route")
                    .cause(new ConnectException())
                    .build();
        }
        if (call.request() instanceof StartSyncExecutionRequest request) {
            started.add(request.stateMachineArn().replaceAll(".*double11-(rz..-.).*", "$1"));
        }
        if (brokenRisk && call.caller().startsWith(UNIT) && call.service().equals("Lambda")) {
            throw SdkClientException.create("the release is broken");
        }
        if (call.caller().endsWith("/" + Workflows.FAILOVER) && ++ownCalls == fault.at()) {
            if (fault.landed()) {
                var _ = effect.get();
            }
            throw new Course.Cut("no answer");
        }
        return effect.get();
    }

    private static boolean isAt(Object request) {
        return switch (request) {
            case StartSyncExecutionRequest sync -> sync.stateMachineArn().contains(LOST);
            case StartExecutionRequest start -> start.stateMachineArn().contains(LOST);
            default -> request.toString().contains("sqs." + LOST);
        };
    }

    private Answer buy(String door) {
        int number = bought++;
        return buy(door, number);
    }

    private Answer buy(String door, int number) {
        Customer payer = customers.get(number % customers.size());
        return clientele.pay(door, shop, clientele.signed(payer, shop, "o" + number, PRICE), "k" + number);
    }

    private Map<String, Object> fail(String direction) {
        Answer answer = clientele.post(
                DOOR, world.operatorKey(), FAILOVERS, null, Map.of("direction", direction, "reason", "a drill"));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
        world.drain();
        Map<String, Object> now = look(answer.text("id"));
        for (int turn = 0; now.get("state").equals("RUNNING"); turn++) {
            assertThat(turn).as("%s", now).isLessThan(100);
            passTime();
            now = look(answer.text("id"));
        }
        return now;
    }

    private Map<String, Object> look(String id) {
        return clientele.get(DOOR, world.operatorKey(), FAILOVERS + "/" + id).body();
    }

    /** Recovery runs where it can, customers go on buying. */
    private void passTime() {
        clock.pass(Duration.ofSeconds(5));
        assertThat(buy(DOOR).status()).isEqualTo(201);
        recover();
        world.drain();
        Runnable once = meanwhile;
        meanwhile = () -> {};
        once.run();
    }

    private RoutingRule inForce() {
        return published().rule();
    }

    private PublishedRule published() {
        return RuleItems.read(world.tables()
                .getItem(get -> get.tableName(LocalTables.CONTROL).key(RuleItems.CURRENT))
                .item());
    }

    /** As many payments die with the Region as there are calls in one, each a call later. */
    private void loseTheRegionInTheMiddleOfPayments() {
        for (int calls = 1; calls <= 24; calls++) {
            until = calls;
            buy(LOST);
            away = false;
        }
        until = Integer.MAX_VALUE;
        away = true;
    }

    /** Each order is asked for again; what customers and the merchant have then says whether any was paid twice or lost. */
    private void eachOrderIsPaidOnce() {
        int paid = 0;
        for (int number = 0; number < bought; number++) {
            Answer answer = buy(DOOR, number);
            if (answer.status() == 201) {
                paid++;
            } else {
                assertThat(answer.problem()).as("died before it was decided").isEqualTo("attempt-failed");
            }
        }
        for (int turn = 0; turn < 3; turn++) {
            clock.pass(Duration.ofSeconds(30));
            recover();
            world.drain();
        }
        assertThat(world.open()).isEmpty();
        long left = 0;
        for (Customer customer : customers) {
            Map<String, Object> accounts = clientele
                    .get(DOOR, world.operatorKey(), "/customers/" + customer.id() + "/accounts")
                    .body();
            for (Map<String, Object> account : Json.objects(accounts, "accounts")) {
                assertThat(account).containsEntry("held", 0);
                left += Json.integer(account, "available");
            }
        }
        assertThat(left).isEqualTo(customers.size() * OPENED - paid * PRICE);
        assertThat(Json.integer(
                        clientele
                                .get(DOOR, shop.key(), "/merchants/tea/balance")
                                .body(),
                        "posted"))
                .isEqualTo(paid * PRICE);
    }

    @Test
    void aUnitWhoseRegionIsGoneIsTakenOutAndWhatItLeftOpenEnds() {
        loseTheRegionInTheMiddleOfPayments();
        assertThat(world.open()).as("in doubt").isNotEmpty();

        Map<String, Object> failover = fail("AWAY");

        assertThat(failover).containsEntry("state", "DONE").containsEntry("wards", List.of("RZ03"));
        assertThat(world.failedFailovers()).isEmpty();
        assertThat(inForce().unit(UNIT).forbidden()).isTrue();
        assertThat(published().reason()).endsWith("a drill");
        started.clear();
        assertThat(buy(DOOR).status()).isEqualTo(201);
        assertThat(started).as("nobody asks the lost unit any more").containsExactly("rz02-a");
        eachOrderIsPaidOnce();
    }

    @Test
    void aUnitComesBackByOneShardFirstAndThenTheRuleSaysWhatItSaidBefore() {
        loseTheRegionInTheMiddleOfPayments();
        fail("AWAY");
        away = false;

        Map<String, Object> failback = fail("BACK");

        assertThat(failback).as("%s", failback).containsEntry("state", "DONE");
        assertThat(inForce().saysTheSameAs(first)).isTrue();
        assertThat(inForce().version()).as("forbidden, tried out, restored").isEqualTo(4);
        started.clear();
        for (int i = 0; i < customers.size(); i++) {
            assertThat(buy(DOOR).status()).isEqualTo(201);
        }
        assertThat(started).allMatch(cell -> cell.startsWith("rz01"));
        eachOrderIsPaidOnce();
    }

    @Test
    void aUnitThatStaysOutOfReachStaysOut() {
        loseTheRegionInTheMiddleOfPayments();
        fail("AWAY");
        RoutingRule taken = inForce();

        Map<String, Object> failback = fail("BACK");

        assertThat(failback).containsEntry("state", "INCOMPLETE");
        assertThat(inForce()).isEqualTo(taken);
        assertThat(world.failedFailovers()).singleElement().asString().contains("nothing was published");
        eachOrderIsPaidOnce();
    }

    @Test
    void aUnitThatFailsWhenItIsTriedOutIsTakenOutAgain() {
        fail("AWAY");
        RoutingRule taken = inForce();
        brokenRisk = true;

        Map<String, Object> failback = fail("BACK");

        assertThat(failback).containsEntry("state", "WITHDRAWN");
        assertThat(inForce().saysTheSameAs(taken)).isTrue();
        assertThat(inForce().version()).isEqualTo(taken.version() + 2);

        brokenRisk = false;
        assertThat(fail("BACK")).containsEntry("state", "DONE");
        assertThat(inForce().saysTheSameAs(first)).as("its ward included").isTrue();
        eachOrderIsPaidOnce();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whicheverCallOfAFailoverIsLostOrItsAnswerItEndsTheSame(boolean landed) {
        fail("AWAY");
        fail("BACK");
        int calls = ownCalls;
        assertThat(calls).isGreaterThan(100);
        List<Integer> deaths =
                new ArrayList<>(IntStream.rangeClosed(1, 12).boxed().toList());
        IntStream.iterate(13, at -> at < calls, at -> at + 23).forEach(deaths::add);

        for (int at : deaths) {
            long version = inForce().version();
            fault = new Fault(at, landed);
            ownCalls = 0;

            assertThat(fail("AWAY")).as("death at call %d", at).containsEntry("state", "DONE");
            assertThat(inForce().unit(UNIT).forbidden()).isTrue();
            assertThat(fail("BACK")).as("death at call %d", at).containsEntry("state", "DONE");
            assertThat(inForce().saysTheSameAs(first))
                    .as("death at call %d", at)
                    .isTrue();
            assertThat(inForce().version()).isEqualTo(version + 3);
        }
        eachOrderIsPaidOnce();
    }

    @Test
    void whoeverPublishesOtherwiseMeanwhileIsNotUndone() {
        meanwhile = () -> {
            Answer answer = clientele.post(
                    DOOR,
                    world.operatorKey(),
                    "/operations/routing-rule/rollback",
                    null,
                    Map.of("toVersion", 1, "expectedVersion", 2, "reason", "a false alarm"));
            assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
        };

        Map<String, Object> failover = fail("AWAY");

        assertThat(failover).containsEntry("state", "OVERTAKEN");
        assertThat(published().reason()).isEqualTo("a false alarm");
        assertThat(inForce().saysTheSameAs(first)).isTrue();
    }
}
