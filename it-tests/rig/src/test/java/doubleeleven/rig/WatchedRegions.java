package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;

/** Regions whose units have customers, and whose watchers look at all units while calls are cut and Regions are lost. */
final class WatchedRegions implements AutoCloseable {
    static final String WATCHER = "/health-watcher";
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private static final Instant BEGINNING = Instant.parse("2026-11-11T00:00:00Z");
    private static final long OPENED = 10_000;
    private static final long PRICE = 100;

    private final Topology topology = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
    private final RoutingRule first = RoutingDocument.read(topology.rule());
    private final ManualClock clock = new ManualClock();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final World world;
    private final Clientele clientele;
    private final Shop shop;
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

    WatchedRegions() {
        clock.set(BEGINNING);
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

    @Override
    public void close() {
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

    /** Whether a call goes to a Region. */
    static boolean isAt(Object request, String region) {
        return switch (request) {
            case StartSyncExecutionRequest sync -> sync.stateMachineArn().contains(":" + region + ":");
            case StartExecutionRequest start -> start.stateMachineArn().contains(":" + region + ":");
            default -> request.toString().contains("sqs." + region + ".");
        };
    }

    static Predicate<Bus.ServiceCall> probes(String fromRegion, String toRegion) {
        return call -> call.caller().equals(fromRegion + WATCHER)
                && call.request() instanceof StartSyncExecutionRequest
                && isAt(call.request(), toRegion);
    }

    void lose(String region) {
        lost.add(region);
    }

    void findAllAgain() {
        lost.clear();
    }

    /** Such calls, and no others, do not come through from now on. */
    void cut(Predicate<Bus.ServiceCall> calls) {
        cut = calls;
    }

    /** Right before such a call that happens, once. */
    void rightBefore(Predicate<Bus.ServiceCall> call, Runnable happens) {
        moment = call;
        meanwhile = happens;
    }

    World world() {
        return world;
    }

    void pass(Duration time) {
        clock.pass(time);
    }

    /** The rule that was deployed. */
    RoutingRule first() {
        return first;
    }

    /** Workflows that were begun, each with the Region that began it. */
    List<String> begun() {
        return begun;
    }

    /** Units that gateways called, in small letters. */
    List<String> served() {
        return served;
    }

    String said() {
        return said.toString(UTF_8);
    }

    String unitIn(String region) {
        return first.units().values().stream()
                .filter(unit -> unit.region().equals(region))
                .map(Unit::name)
                .findFirst()
                .orElseThrow();
    }

    List<String> present() {
        return topology.regions().stream()
                .filter(region -> !lost.contains(region))
                .toList();
    }

    private String door() {
        return present().getLast();
    }

    Answer get(String path) {
        return clientele.get(door(), world.operatorKey(), path);
    }

    Answer post(String path, Map<String, ?> body) {
        return clientele.post(door(), world.operatorKey(), path, null, body);
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

    /** As many payments at each door as it takes until its gateway gives a unit up that is not there. */
    void giveUp(String unit) {
        for (String door : List.of("us-east-1", "us-west-2")) {
            for (int i = 0; i < 3; i++) {
                assertThat(buy(door, unit).status()).isEqualTo(201);
            }
        }
    }

    /** Every watcher that there is looks once. */
    void look() {
        present().forEach(world::watch);
        world.drain();
        clock.pass(BETWEEN_LOOKS);
    }

    void look(int times) {
        for (int i = 0; i < times; i++) {
            look();
        }
    }

    /** Customers of every unit buy, recovery runs where it can, the watchers look. */
    void live() {
        for (String unit : customers.keySet()) {
            assertThat(buy(door(), unit).status()).as("a customer of %s", unit).isEqualTo(201);
        }
        recover();
        look();
    }

    private void recover() {
        world.cells().stream()
                .filter(cell -> !lost.contains(world.regionOf(cell)))
                .forEach(world::recover);
    }

    RoutingRule inForce() {
        return published().rule();
    }

    PublishedRule published() {
        return RuleItems.read(world.tables()
                .getItem(get -> get.tableName(LocalTables.CONTROL).key(RuleItems.CURRENT))
                .item());
    }

    void inForce(RoutingRule rule) {
        world.tables()
                .putItem(put -> put.tableName(LocalTables.CONTROL)
                        .item(RuleItems.item(RuleItems.CURRENT, PublishedRule.deployed(rule, BEGINNING))));
    }

    List<Map<String, Object>> failovers(String unit) {
        return Json.objects(get("/operations/units/" + unit + "/failovers").body(), "failovers");
    }

    Map<String, Object> health(String unit) {
        Answer answer = get("/operations/units");
        assertThat(answer.status()).isEqualTo(200);
        return Json.objects(answer.body(), "units").stream()
                .filter(each -> each.get("unit").equals(unit))
                .findFirst()
                .orElseThrow();
    }

    /** How often a metric was written. */
    long counted(String metric) {
        return said().lines()
                .filter(line -> line.contains("\"" + metric + "\":"))
                .count();
    }

    void passUntilEnded(String unit) {
        for (int turn = 0; failovers(unit).getFirst().get("state").equals("RUNNING"); turn++) {
            assertThat(turn).as("%s", failovers(unit)).isLessThan(100);
            live();
        }
    }

    /** A person has a failover or a failback begin. */
    void begin(String unit, String direction) {
        Answer answer = post(
                "/operations/units/" + unit + "/failovers",
                Map.of("direction", direction, "reason", "a person's own will"));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
        world.drain();
    }

    void eachOrderIsPaidOnceAndNoMoneyIsLost() {
        for (int number = 0; number < bought; number++) {
            assertThat(buy(door(), number).status()).isEqualTo(201);
        }
        for (int turn = 0; turn < 3; turn++) {
            clock.pass(Duration.ofSeconds(30));
            recover();
            world.drain();
        }
        assertThat(world.open()).isEmpty();
        long left = 0;
        for (List<Customer> of : customers.values()) {
            for (Customer customer : of) {
                Map<String, Object> accounts =
                        get("/customers/" + customer.id() + "/accounts").body();
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
}
