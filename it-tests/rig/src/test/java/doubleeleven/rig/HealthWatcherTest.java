package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.ids.Shard;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
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
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;

/** Nobody commands anything: the watchers of the Regions see a unit down, and the deployed workflow takes it out. */
class HealthWatcherTest {
    private static final String WATCHER = "/health-watcher";
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);
    private static final long OPENED = 10_000;
    private static final long PRICE = 100;

    private final Topology topology = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
    private final ManualClock clock = new ManualClock();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private World world;
    private Clientele clientele;
    private Shop shop;
    private RoutingRule first;
    private final Map<String, List<Customer>> customers = new HashMap<>();

    /** Regions that are gone with everything in them. */
    private final Set<String> lost = new HashSet<>();
    /** Calls that do not come through. */
    private Predicate<Bus.ServiceCall> cut = _ -> false;
    /** What happens right before such a call, once. */
    private Predicate<Bus.ServiceCall> moment = _ -> false;

    private Runnable meanwhile = () -> {};

    private final List<String> begun = new ArrayList<>();
    private final List<String> served = new ArrayList<>();
    private int bought;
    private final List<String> buyers = new ArrayList<>();

    @BeforeEach
    void open() {
        clock.set(Instant.parse("2026-11-11T00:00:00Z"));
        first = RoutingDocument.read(topology.rule());
        world = World.open(
                topology,
                new Sleepless(Course.direct(this::carry, clock), clock),
                new Random(7),
                new PrintStream(said, true, UTF_8));
        clientele = new Clientele(world);
        shop = clientele.openShop("tea", "GBP", 1);
        for (String unit : first.units().keySet()) {
            customers.put(
                    unit,
                    IntStream.iterate(0, i -> i + 1)
                            .mapToObj(i -> "c" + i)
                            .filter(name -> first.owner(Shard.of(name)).name().equals(unit))
                            .limit(3)
                            .map(name -> clientele.openCustomer(name, "GBP", OPENED))
                            .toList());
        }
        world.drain();
        said.reset();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        String from = topology.regionOfPart(call.caller());
        if (lost.contains(from)) {
            throw new Course.Cut(call.caller() + " is gone");
        }
        if (lost.stream().anyMatch(region -> isAt(call.request(), region)) || cut.test(call)) {
            throw SdkClientException.builder()
                    .message("no route")
                    .cause(new ConnectException())
                    .build();
        }
        if (moment.test(call)) {
            moment = _ -> false;
            meanwhile.run();
        }
        if (call.request() instanceof StartExecutionRequest request) {
            begun.add(request.stateMachineArn().replaceAll(".*:double11-", "") + " in " + from);
        }
        if (call.request() instanceof StartSyncExecutionRequest request
                && call.caller().endsWith("/gateway")) {
            served.add(request.stateMachineArn().replaceAll(".*double11-(rz..)-.*", "$1"));
        }
        return effect.get();
    }

    private static boolean isAt(Object request, String region) {
        return switch (request) {
            case StartSyncExecutionRequest sync -> sync.stateMachineArn().contains(":" + region + ":");
            case StartExecutionRequest start -> start.stateMachineArn().contains(":" + region + ":");
            default -> request.toString().contains("sqs." + region + ".");
        };
    }

    private static Predicate<Bus.ServiceCall> probes(String fromRegion, String toRegion) {
        return call -> call.caller().equals(fromRegion + WATCHER)
                && call.request() instanceof StartSyncExecutionRequest
                && isAt(call.request(), toRegion);
    }

    private String unitIn(String region) {
        return first.units().values().stream()
                .filter(unit -> unit.region().equals(region))
                .map(Unit::name)
                .findFirst()
                .orElseThrow();
    }

    private List<String> present() {
        return topology.regions().stream()
                .filter(region -> !lost.contains(region))
                .toList();
    }

    private String door() {
        return present().getLast();
    }

    private Answer buy(String door, String unit) {
        buyers.add(unit);
        return buy(door, bought++);
    }

    private Answer buy(String door, int number) {
        List<Customer> of = customers.get(buyers.get(number));
        Customer payer = of.get(number % of.size());
        return clientele.pay(door, shop, clientele.signed(payer, shop, "o" + number, PRICE), "k" + number);
    }

    /** Every watcher that there is looks once. */
    private void look() {
        present().forEach(world::watch);
        world.drain();
        clock.pass(BETWEEN_LOOKS);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            look();
        }
    }

    /** Customers of every unit buy, recovery runs where it can, the watchers look. */
    private void live() {
        for (String unit : customers.keySet()) {
            assertThat(buy(door(), unit).status()).as("a customer of %s", unit).isEqualTo(201);
        }
        world.cells().stream()
                .filter(cell -> !lost.contains(world.regionOf(cell)))
                .forEach(world::recover);
        look();
    }

    private RoutingRule inForce() {
        return published().rule();
    }

    private PublishedRule published() {
        return RuleItems.read(world.tables()
                .getItem(get -> get.tableName(LocalTables.CONTROL).key(RuleItems.CURRENT))
                .item());
    }

    private void inForce(RoutingRule rule) {
        world.tables()
                .putItem(put -> put.tableName(LocalTables.CONTROL)
                        .item(RuleItems.item(
                                RuleItems.CURRENT,
                                PublishedRule.deployed(rule, Instant.parse("2026-11-11T00:00:00Z")))));
    }

    private List<Map<String, Object>> failovers(String unit) {
        return Json.objects(
                clientele
                        .get(door(), world.operatorKey(), "/operations/units/" + unit + "/failovers")
                        .body(),
                "failovers");
    }

    private Map<String, Object> health(String unit) {
        Answer answer = clientele.get(door(), world.operatorKey(), "/operations/units");
        assertThat(answer.status()).isEqualTo(200);
        return Json.objects(answer.body(), "units").stream()
                .filter(each -> each.get("unit").equals(unit))
                .findFirst()
                .orElseThrow();
    }

    private long counted(String metric) {
        return said.toString(UTF_8)
                .lines()
                .filter(line -> line.contains("\"" + metric + "\":"))
                .count();
    }

    private void passUntilEnded(String unit) {
        for (int turn = 0; failovers(unit).getFirst().get("state").equals("RUNNING"); turn++) {
            assertThat(turn).as("%s", failovers(unit)).isLessThan(100);
            live();
        }
    }

    private void fail(String unit, String direction) {
        Answer answer = clientele.post(
                door(),
                world.operatorKey(),
                "/operations/units/" + unit + "/failovers",
                null,
                Map.of("direction", direction, "reason", "a person's own will"));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
        world.drain();
        passUntilEnded(unit);
    }

    private void eachOrderIsPaidOnceAndNoMoneyIsLost() {
        for (int number = 0; number < bought; number++) {
            assertThat(buy(door(), number).status()).isEqualTo(201);
        }
        for (int turn = 0; turn < 3; turn++) {
            clock.pass(Duration.ofSeconds(30));
            world.cells().stream()
                    .filter(cell -> !lost.contains(world.regionOf(cell)))
                    .forEach(world::recover);
            world.drain();
        }
        assertThat(world.open()).isEmpty();
        long left = 0;
        for (List<Customer> of : customers.values()) {
            for (Customer customer : of) {
                Map<String, Object> accounts = clientele
                        .get(door(), world.operatorKey(), "/customers/" + customer.id() + "/accounts")
                        .body();
                for (Map<String, Object> account : Json.objects(accounts, "accounts")) {
                    assertThat(account).containsEntry("held", 0);
                    left += Json.integer(account, "available");
                }
            }
        }
        assertThat(left).isEqualTo(9 * OPENED - bought * PRICE);
        assertThat(Json.integer(
                        clientele
                                .get(door(), shop.key(), "/merchants/tea/balance")
                                .body(),
                        "posted"))
                .isEqualTo(bought * PRICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "us-east-2", "us-west-2"})
    void aRegionThatIsGoneUnderLoadHasItsUnitTakenOutOnceByTheWatchersOfTheOthers(String region) {
        String unit = unitIn(region);
        live();
        lost.add(region);

        for (int i = 0; begun.isEmpty(); i++) {
            assertThat(i).isLessThan(4);
            live();
        }
        passUntilEnded(unit);
        live();

        assertThat(begun)
                .singleElement()
                .asString()
                .startsWith("unit-failover in ")
                .doesNotEndWith(region);
        assertThat(failovers(unit)).singleElement().satisfies(failover -> {
            assertThat(failover)
                    .containsEntry("state", "DONE")
                    .containsEntry("direction", "AWAY")
                    .containsEntry("by", "health-watcher");
            assertThat(String.valueOf(failover.get("reason")))
                    .contains(present().getFirst() + " sees", present().getLast() + " sees");
        });
        assertThat(published().publishedBy()).isEqualTo("health-watcher");
        assertThat(inForce().unit(unit).forbidden()).isTrue();
        served.clear();
        live();
        assertThat(served).doesNotContain(unit.toLowerCase(java.util.Locale.ROOT));
        assertThat(counted("FailoverWithheld")).isZero();
        eachOrderIsPaidOnceAndNoMoneyIsLost();
    }

    @Test
    void whereNobodyBuysThreeLooksTakeItOut() {
        lost.add("us-east-1");
        look(2);
        assertThat(begun).isEmpty();
        look();
        assertThat(begun).hasSize(1);
    }

    @Test
    void whereGatewaysOfBothOtherRegionsGaveTheUnitUpTooTwoLooksAreEnough() {
        lost.add("us-east-2");
        giveUp("RZ02");
        look();
        assertThat(begun).isEmpty();
        giveUp("RZ02");
        look();

        assertThat(begun).hasSize(1);
        assertThat(Json.objects(health("RZ02"), "sights"))
                .filteredOn(sight -> !sight.get("region").equals("us-east-2"))
                .hasSize(2)
                .allSatisfy(sight -> assertThat(sight).containsEntry("real", "MISSED"));
        assertThat(String.valueOf(failovers("RZ02").getFirst().get("reason"))).contains("customers' payments too");
    }

    @Test
    void aGatewayThatReachesTheUnitAgainSpeaksForIt() {
        cut = call -> call.request() instanceof StartSyncExecutionRequest && isAt(call.request(), "us-east-2");
        giveUp("RZ02");
        look();
        clock.pass(BETWEEN_LOOKS);
        cut = probes("us-east-1", "us-east-2").or(probes("us-west-2", "us-east-2"));
        giveUp("RZ02");
        look();

        assertThat(begun).isEmpty();
        assertThat(Json.objects(health("RZ02"), "sights"))
                .filteredOn(sight -> !sight.get("region").equals("us-east-2"))
                .hasSize(2)
                .allSatisfy(sight -> assertThat(sight)
                        .containsEntry("synthetic", "FAILED")
                        .containsEntry("real", "REACHED")
                        .containsEntry("failures", 0));
    }

    /** As many payments at each door as it takes until its gateway gives a unit up that is not there. */
    private void giveUp(String unit) {
        for (String door : List.of("us-east-1", "us-west-2")) {
            for (int i = 0; i < 3; i++) {
                assertThat(buy(door, unit).status()).isEqualTo(201);
            }
        }
    }

    @Test
    void watchersThatActAtTheSameMomentBeginOneFailover() {
        lost.add("us-east-1");
        look(2);
        world.watch("us-west-2");
        moment = call -> call.caller().equals("us-east-2" + WATCHER)
                && call.request() instanceof PutItemRequest put
                && put.item().get("sk").s().equals("START");
        meanwhile = () -> world.watch("us-west-2");

        world.watch("us-east-2");
        world.drain();
        look(3);

        assertThat(begun).containsExactly("unit-failover in us-west-2");
        assertThat(failovers("RZ01")).hasSize(1);
    }

    @Test
    void theUnitsOwnRegionLeavesItToTheOthers() {
        cut = probes("us-east-2", "us-east-1").or(probes("us-west-2", "us-east-1"));
        look(2);
        world.watch("us-east-2");
        moment = call -> call.caller().equals("us-west-2" + WATCHER)
                && call.request() instanceof QueryRequest query
                && query.toString().contains("FAILOVER#");
        meanwhile = () -> world.watch("us-east-1");

        world.watch("us-west-2");

        assertThat(begun).containsExactly("unit-failover in us-west-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-2", "us-west-2"})
    void oneRegionThatDoesNotReachAUnitTakesNobodyOut(String blind) {
        cut = probes(blind, "us-east-1");

        look(12);

        assertThat(begun).isEmpty();
        assertThat(health("RZ01")).containsEntry("health", "WELL");
        assertThat(counted("UnitDown")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "us-east-2", "us-west-2"})
    void aRegionThatIsCutOffFromTheOthersTakesNoneOfThemOut(String alone) {
        cut = call -> {
            if (!(call.request() instanceof StartSyncExecutionRequest)
                    || !call.caller().endsWith(WATCHER)) {
                return false;
            }
            boolean from = call.caller().startsWith(alone);
            return from != isAt(call.request(), alone);
        };

        look(12);

        assertThat(begun).singleElement().asString().doesNotEndWith(alone);
        assertThat(inForce().units().values().stream().filter(Unit::forbidden).map(Unit::name))
                .as("nobody reaches it")
                .containsExactly(unitIn(alone));
    }

    @Test
    void watchersThatSeeEverythingFailDoNothingButRaiseAnAlarm() {
        cut = call -> call.caller().endsWith(WATCHER) && call.request() instanceof StartSyncExecutionRequest;

        look(6);

        assertThat(begun).isEmpty();
        assertThat(counted("FailoverWithheld")).isPositive();
        assertThat(said.toString(UTF_8)).contains("its standby is not seen to work");
    }

    @Test
    void aWatcherThatCannotReadTheBoardDoesNothingAndHasNoVoice() {
        lost.add("us-east-1");
        cut = call -> call.caller().equals("us-east-2" + WATCHER) && call.request() instanceof QueryRequest;

        for (int i = 0; i < 6; i++) {
            assertThatThrownBy(() -> world.watch("us-east-2")).isInstanceOf(Function.Failed.class);
            world.watch("us-west-2");
            clock.pass(BETWEEN_LOOKS);
        }

        assertThat(begun).isEmpty();
        assertThat(health("RZ01")).containsEntry("health", "UNKNOWN");
    }

    @Test
    void aSightIsForgottenWhereItsWatcherFallsSilent() {
        lost.add("us-east-1");
        look(2);
        world.watch("us-east-2");
        clock.pass(Duration.ofSeconds(31));

        world.watch("us-west-2");
        world.watch("us-west-2");

        assertThat(begun).isEmpty();
    }

    @Test
    void whereTheRuleSaysThatAPersonDecidesThereIsAnAlarmAndNothingElse() {
        Answer rule = clientele.get(door(), world.operatorKey(), "/operations/routing-rule");
        Map<String, Object> document = new HashMap<>(Json.child(rule.body(), "document"));
        document.put("switches", Map.of("automaticFailover", "OFF"));
        Answer publication = clientele.post(
                door(),
                world.operatorKey(),
                "/operations/routing-rule",
                null,
                Map.of("document", document, "expectedVersion", 1, "reason", "maintenance of us-east-1"));
        assertThat(publication.status()).as("%s", publication.body()).isEqualTo(201);
        lost.add("us-east-1");

        look(6);

        assertThat(begun).isEmpty();
        assertThat(counted("UnitDown")).isPositive();
        assertThat(counted("FailoverWithheld")).isPositive();
        assertThat(health("RZ01")).containsEntry("health", "DOWN");
    }

    @Test
    void whereTheOthersCannotCarryThePeakThereIsAnAlarmAndNothingElse() {
        Map<String, Unit> smaller = new HashMap<>();
        first.units()
                .forEach((name, unit) ->
                        smaller.put(name, new Unit(name, unit.region(), unit.standby(), 60, unit.colours())));
        inForce(new RoutingRule(2, first.peak(), first.owners(), smaller));
        lost.add("us-east-1");

        look(6);

        assertThat(begun).isEmpty();
        assertThat(counted("FailoverWithheld")).isPositive();
        assertThat(said.toString(UTF_8)).contains("cannot carry the planned peak");
    }

    /** Its Region may be the next to be lost: what it began to begin is begun elsewhere. */
    @Test
    void aWatcherThatDiesBeforeItsWorkflowBeganIsReplacedAMinuteLater() {
        lost.add("us-east-1");
        look(2);
        world.watch("us-west-2");
        moment = call -> call.caller().equals("us-east-2" + WATCHER) && call.request() instanceof StartExecutionRequest;
        meanwhile = () -> {
            throw new Course.Cut("died");
        };
        assertThatThrownBy(() -> world.watch("us-east-2")).isInstanceOf(Function.Failed.class);
        assertThat(begun).isEmpty();

        for (int i = 0; i < 5; i++) {
            clock.pass(BETWEEN_LOOKS);
            world.watch("us-east-2");
            world.watch("us-west-2");
            assertThat(begun).as("%d looks later", i + 1).isEmpty();
        }
        look();
        look();

        assertThat(begun).hasSize(1);
        assertThat(inForce().unit("RZ01").forbidden()).isTrue();
    }

    @Test
    void whereARegionsWorkflowsAreOutOfReachAnotherRegionHasTheNextTry() {
        lost.add("us-east-1");
        cut = call -> call.caller().equals("us-east-2" + WATCHER) && call.request() instanceof StartExecutionRequest;
        look(2);
        world.watch("us-west-2");
        world.watch("us-east-2");
        assertThat(begun).isEmpty();
        assertThat(failovers("RZ01"))
                .singleElement()
                .satisfies(failover ->
                        assertThat(failover).containsEntry("state", "FAILED").containsEntry("region", "us-east-2"));
        assertThat(counted("FailoverWithheld")).isPositive();

        look(5);
        assertThat(failovers("RZ01")).as("nobody else within a minute").hasSize(1);
        look(2);

        assertThat(begun).containsExactly("unit-failover in us-west-2");
        assertThat(failovers("RZ01")).as("nor the same Region in the second").hasSize(2);
    }

    @Test
    void aWatcherThatStoodStillDoesNotActOnWhatItSawBefore() {
        lost.add("us-east-1");
        look(2);
        world.watch("us-west-2");
        moment = call -> call.caller().equals("us-east-2" + WATCHER)
                && call.request() instanceof QueryRequest query
                && query.toString().contains("FAILOVER#");
        meanwhile = () -> {
            clock.pass(Duration.ofMinutes(10));
            lost.clear();
        };

        world.watch("us-east-2");
        world.drain();

        assertThat(begun).isEmpty();
        assertThat(inForce()).isEqualTo(first);
    }

    @Test
    void whatGoesToAndFroIsLeftToAPersonForAnHour() {
        lost.add("us-east-1");
        look(3);
        passUntilEnded("RZ01");
        lost.clear();
        fail("RZ01", "BACK");
        assertThat(inForce().saysTheSameAs(first)).isTrue();
        begun.clear();

        lost.add("us-east-1");
        look(6);
        assertThat(begun).isEmpty();
        assertThat(counted("FailoverWithheld")).isPositive();

        clock.pass(Duration.ofHours(1));
        look(3);
        assertThat(begun).hasSize(1);
    }

    @Test
    void aUnitThatIsOutIsLeftInPeaceHoweverLongItIsDown() {
        lost.add("us-east-1");
        look(3);
        passUntilEnded("RZ01");
        look(15);
        clock.pass(Duration.ofHours(2));
        look(4);

        assertThat(health("RZ01")).containsEntry("health", "DOWN").containsEntry("forbidden", true);
        assertThat(begun).hasSize(1);
        assertThat(counted("FailoverWithheld")).isZero();
    }

    @Test
    void aSecondUnitIsLeftToAPerson() {
        cut = probes("us-east-2", "us-east-1").or(probes("us-west-2", "us-east-1"));
        look(3);
        cut = cut.or(probes("us-east-1", "us-west-2")).or(probes("us-east-2", "us-west-2"));

        look(12);

        assertThat(health("RZ03")).containsEntry("health", "DOWN");
        assertThat(begun).hasSize(1);
        assertThat(counted("FailoverWithheld")).isPositive();
        assertThat(inForce().unit("RZ03").forbidden()).isFalse();
    }

    @Test
    void aUnitThatAPersonIsBringingBackIsNotTakenOutMeanwhile() {
        fail("RZ01", "AWAY");
        Answer answer = clientele.post(
                door(),
                world.operatorKey(),
                "/operations/units/RZ01/failovers",
                null,
                Map.of("direction", "BACK", "reason", "mended"));
        assertThat(answer.status()).isEqualTo(202);
        world.drain();
        cut = probes("us-east-2", "us-east-1").or(probes("us-west-2", "us-east-1"));
        begun.clear();

        for (int i = 0; failovers("RZ01").getFirst().get("state").equals("RUNNING") && i < 20; i++) {
            look();
        }

        assertThat(failovers("RZ01").getFirst()).containsEntry("direction", "BACK");
        assertThat(begun).isEmpty();
    }
}
