package doubleeleven.rig.regions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.ids.Shard;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Books;
import doubleeleven.rig.Bus;
import doubleeleven.rig.Clientele;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.rig.Course;
import doubleeleven.rig.Invocation;
import doubleeleven.rig.Topology;
import doubleeleven.rig.World;
import doubleeleven.risk.aws.RebuildFeaturesHandler;
import doubleeleven.setup.aws.RoutingRuleHandler;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;

/** What callers see of a deployment whose tables are global ones, with seconds between the Regions. */
class TwoRegionsTest {
    private static final Topology SANDBOX = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
    private static final String EAST = "us-east-1";
    private static final String OHIO = "us-east-2";
    private static final String WEST = "us-west-2";
    private static final Duration LAG = Duration.ofSeconds(2);

    private final ManualClock clock = new ManualClock();
    private final GlobalTables tables =
            new GlobalTables(SANDBOX.regions(), Consistency.DEPLOYED, Distance.of(LAG, Duration.ZERO), clock);
    /** A Region whose workflows cannot be reached. */
    private String gone = "none";

    private World world;
    private Clientele clientele;
    private Shop shop;
    private Customer alice;

    @BeforeEach
    void open() {
        Bus reaching = (call, effect) -> {
            if (call.request() instanceof StartSyncExecutionRequest request
                    && request.stateMachineArn().contains(gone)) {
                throw SdkClientException.create("no connection", new ConnectException("Connection refused"));
            }
            return effect.get();
        };
        world = World.open(SANDBOX, Course.direct(reaching, clock), new Random(7), World.SILENT, tables);
        clientele = new Clientele(world);
        shop = clientele.openShop("tea", "GBP", 2);
        // Keys lie in an eventual table.
        clock.pass(LAG);
        alice = clientele.openCustomer("alice", "GBP", 5000);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void whoeverWasOpenedInOneRegionPaysAtOnceInAnother() {
        assertThat(pay(home(), "42", 100).status()).isEqualTo(201);
        assertThat(pay(other(home()), "43", 200).status()).isEqualTo(201);
        world.drain();

        assertThat(Books.available(world, alice)).isEqualTo(4700);
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void aMerchantsKeyIsGoodAtTheOtherDoorsOnceItHasGotThere() {
        Shop fresh = clientele.openShop("coffee", "GBP", 1);

        assertThat(clientele.get(EAST, fresh.key(), "/merchants/coffee/balance").status())
                .isEqualTo(200);
        assertThat(clientele.get(WEST, fresh.key(), "/merchants/coffee/balance").status())
                .isEqualTo(401);
        clock.pass(LAG);
        assertThat(clientele.get(WEST, fresh.key(), "/merchants/coffee/balance").status())
                .isEqualTo(200);
    }

    @Test
    void whatWasAnsweredBeforeItsRegionWasLostIsAnsweredTheSameWithoutIt() {
        clock.pass(Duration.ofMillis(1));
        Map<String, Object> payment = clientele.signed(alice, shop, "42", 1234);
        Answer before = clientele.pay(OHIO, shop, payment, "key");
        assertThat(before.status()).as(before.text()).isEqualTo(201);
        lose(home());

        clock.pass(Duration.ofMillis(1));
        Answer after = clientele.pay(other(home()), shop, payment, "key");

        assertThat(after.status()).as(after.text()).isEqualTo(201);
        assertThat(after.text("id")).isEqualTo(before.text("id"));
        restore(home());
        clock.pass(Duration.ofMillis(1));
        world.drain();
        assertThat(Books.available(world, alice)).isEqualTo(3766);
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void whileItsRegionIsLostACustomerPaysAtTheStandbyAndTheRestIsFinishedThere() {
        lose(home());

        Answer paid = pay(other(home()), "42", 1234);

        assertThat(paid.status()).as(paid.text()).isEqualTo(201);
        world.drain();
        assertThat(Books.available(world, alice)).isEqualTo(3766);
        Books.assertMoneyIsConserved(world);
    }

    /** Two Regions add to what is remembered of one payer while neither sees what the other wrote. */
    @Test
    void whatAPayerSpentInTwoRegionsIsRememberedInAll() {
        assertThat(pay(home(), "42", 1000).status()).isEqualTo(201);
        gone = home();
        assertThat(pay(other(home()), "43", 100).status()).isEqualTo(201);
        gone = "none";
        finish();

        assertThat(Projections.differences(
                        world, Snapshot.scan(world.tables(), Snapshot.PAYMENT_TABLE), clock.instant()))
                .isEmpty();
        assertThat(remembered(OHIO)).hasSize(2);
        Books.assertMoneyIsConserved(world);
    }

    /** The scan reads strongly: it sees what is not in its own Region's replica yet. */
    @Test
    void featuresAreRebuiltInOneRegionFromWhatWasPaidInAnotherAMomentAgo() throws IOException {
        assertThat(pay(home(), "42", 1000).status()).isEqualTo(201);
        String region = other(home());
        Host host = new Host(
                new Environment(Map.of(
                        "AWS_REGION", region,
                        "PAYMENT_TABLE", LocalTables.PAYMENT,
                        "FEATURE_TABLE", LocalTables.FEATURE)),
                (_, _, _) -> tables.in(region),
                clock,
                new Random(1),
                World.SILENT);

        new RebuildFeaturesHandler(host)
                .handleRequest(
                        new ByteArrayInputStream("{\"segment\": 0, \"segments\": 1}".getBytes(UTF_8)),
                        new ByteArrayOutputStream(),
                        Invocation.until(clock, Duration.ofSeconds(60)).context());

        assertThat(remembered(region)).hasSize(1);
        finish();
        clock.pass(LAG);
        assertThat(remembered(OHIO)).hasSize(1);
    }

    /** Where rules lay in an eventual table, two versions 1 could be published at once, and Regions would obey different ones. */
    @ParameterizedTest
    @CsvSource({"STRONG, 1", "EVENTUAL, 2"})
    void aRulesVersionIsOneRuleBecauseTheControlTableIsStrong(Consistency consistency, int rules) {
        try (GlobalTables fresh = new GlobalTables(
                SANDBOX.regions(),
                Layout.DEPLOYED.with(LocalTables.CONTROL, consistency).tables(),
                Distance.of(LAG, Duration.ZERO),
                clock)) {
            publish(fresh, EAST, SANDBOX.rule());
            clock.pass(Duration.ofMillis(1));
            publish(
                    fresh,
                    WEST,
                    SANDBOX.rule().replace("\"00-33\"", "\"00-32\"").replace("\"34-66\"", "\"33-66\""));

            Set<String> obeyed = new HashSet<>();
            for (String region : List.of(EAST, WEST)) {
                obeyed.add(fresh.in(region)
                        .getItem(get -> get.tableName(LocalTables.CONTROL)
                                .key(Map.of("pk", AttributeValue.fromS("RULE"), "sk", AttributeValue.fromS("CURRENT")))
                                .consistentRead(true))
                        .item()
                        .get("document")
                        .s());
            }
            assertThat(obeyed).hasSize(rules);
        }
    }

    private void publish(GlobalTables fresh, String region, String document) {
        Host host = new Host(
                new Environment(Map.of("AWS_REGION", region, "CONTROL_TABLE", LocalTables.CONTROL)),
                (_, _, _) -> fresh.in(region),
                clock,
                new Random(1),
                World.SILENT);
        new RoutingRuleHandler(host)
                .apply(
                        Map.of("Document", document),
                        Invocation.until(clock, Duration.ofSeconds(60)).context());
    }

    private void lose(String region) {
        tables.lose(region);
        gone = region;
    }

    private void restore(String region) {
        tables.restore(region);
        gone = "none";
    }

    /** Where Alice's unit runs. */
    private String home() {
        int shard = Shard.of("alice").number();
        return shard < 34 ? EAST : shard < 67 ? OHIO : WEST;
    }

    private static String other(String region) {
        return region.equals(EAST) ? WEST : EAST;
    }

    private Answer pay(String door, String order, long amount) {
        // Whatever is written at the same moment in two Regions collides.
        clock.pass(Duration.ofMillis(1));
        return clientele.pay(door, shop, clientele.signed(alice, shop, order, amount), "key-" + order);
    }

    /** Until what collided has been delivered again. */
    private void finish() {
        while (world.waiting() > 0) {
            world.drain();
            clock.pass(Duration.ofSeconds(16));
        }
    }

    private Set<String> remembered(String region) {
        Set<String> attempts = new HashSet<>();
        world.tables(region)
                .scan(scan -> scan.tableName(LocalTables.FEATURE))
                .items()
                .forEach(item -> attempts.addAll(item.get("recent").m().keySet()));
        return attempts;
    }
}
