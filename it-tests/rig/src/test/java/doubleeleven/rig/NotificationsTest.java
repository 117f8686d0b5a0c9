package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.ids.Shard;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.notification.delivery.Notification;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.routing.RoutingRule;
import doubleeleven.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** Merchants hear what became of their payments, whatever dies, and nobody who pays waits for that. */
class NotificationsTest {
    private static final String DOOR = "us-east-1";
    private static final String UNIT = "RZ01";

    private final ManualClock clock = new ManualClock();
    private World world;
    private Clientele clientele;
    private Shop shop;
    private Customer alice;
    /** Calls that do not come back. */
    private Predicate<Bus.ServiceCall> lost = call -> false;

    @BeforeEach
    void open() {
        clock.set(Instant.parse("2026-11-11T00:00:00Z"));
        Topology topology = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
        RoutingRule rule = RoutingDocument.read(topology.rule());
        world = World.open(topology, Course.direct(this::carry, clock), new Random(7), World.SILENT);
        clientele = new Clientele(world);
        shop = clientele.openShop("tea", "GBP", 1);
        alice = clientele.openCustomer(
                IntStream.iterate(0, i -> i + 1)
                        .mapToObj(i -> "c" + i)
                        .filter(name -> rule.owner(Shard.of(name)).name().equals(UNIT))
                        .findFirst()
                        .orElseThrow(),
                "GBP",
                1000);
        world.drain();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        if (lost.test(call)) {
            throw SdkClientException.create("no answer");
        }
        return effect.get();
    }

    @Test
    void aMerchantThatAskedForItIsToldOfEachPaymentAndEachRefundOnce() {
        clientele.wantNotifications(shop);

        Answer paid = buy("o1", 300);
        Answer declined = buy("o2", 3000);
        world.drain();
        Answer back = clientele.refund(DOOR, shop, paid.text("id"), "r1", 100, "r1");
        world.drain();

        assertThat(world.inboxes().told())
                .extracting(told -> told.content().get("type"), NotificationsTest::payment)
                .containsExactlyInAnyOrder(
                        tuple("payment.paid", paid.text("id")),
                        tuple("payment.declined", declined.text("id")),
                        tuple("refund.paid", back.text("id")));
    }

    @Test
    void oneThatDidNotHearsNothingAndOneThatWantsNoMoreNeitherAMinuteLater() {
        buy("o1", 1);
        world.drain();
        assertThat(world.inboxes().told()).isEmpty();

        clientele.wantNotifications(shop);
        clock.pass(Duration.ofSeconds(60));
        buy("o2", 1);
        world.drain();
        assertThat(world.inboxes().told()).hasSize(1);

        assertThat(clientele.delete(DOOR, shop.key(), endpoint(shop)).status()).isEqualTo(200);
        clock.pass(Duration.ofSeconds(60));
        buy("o3", 1);
        world.drain();
        assertThat(world.inboxes().told()).hasSize(1);
    }

    @Test
    void ofASharedOrderEachPayeeHearsItsOwnShare() {
        Shop toys = clientele.openShop("toys", "GBP", 1);
        clientele.openShop("gifts", "GBP", 1);
        clientele.wantNotifications(shop);
        clientele.wantNotifications(toys);

        Answer paid = clientele.pay(
                DOOR,
                shop,
                clientele.shared(
                        alice,
                        shop,
                        "o1",
                        100,
                        List.of(Map.of("merchant", "toys", "amount", 70), Map.of("merchant", "gifts", "amount", 30))),
                "k1");
        world.drain();

        assertThat(paid.status()).isEqualTo(201);
        assertThat(world.inboxes().told())
                .extracting(Notification::merchant, told -> data(told).get("payees"))
                .containsExactlyInAnyOrder(
                        tuple(
                                "tea",
                                List.of(
                                        Map.of("merchant", "gifts", "amount", 30L),
                                        Map.of("merchant", "toys", "amount", 70L))),
                        tuple("toys", List.of(Map.of("merchant", "toys", "amount", 70L))));
    }

    @Test
    void aMerchantThatIsDownIsToldOnceItIsBackAndItsPaymentsEndMeanwhile() {
        clientele.wantNotifications(shop);
        world.inboxes().lose("tea");
        for (int i = 0; i < 5; i++) {
            assertThat(buy("o" + i, 10).status()).isEqualTo(201);
        }
        world.drain();
        assertThat(world.open()).isEmpty();
        assertThat(world.inboxes().told()).isEmpty();

        world.inboxes().restore("tea");
        settle(Duration.ofMinutes(5));

        assertThat(world.inboxes().told())
                .extracting(told -> data(told).get("merchantOrder"))
                .containsExactlyInAnyOrder("o0", "o1", "o2", "o3", "o4");
        assertThat(world.deadLetters()).isEmpty();
    }

    @Test
    void oneThatStaysDownForADayLeavesItsNotificationToAnOperator() {
        clientele.wantNotifications(shop);
        world.inboxes().lose("tea");
        buy("o1", 10);

        settle(Duration.ofHours(26));

        assertThat(world.inboxes().told()).isEmpty();
        assertThat(world.deadLetters().keySet())
                .singleElement()
                .asString()
                .startsWith(UNIT)
                .endsWith("/notifications");
    }

    @Test
    void whileTheRuleHasThemSwitchedOffNobodyIsToldAndAfterwardsAllAre() {
        clientele.wantNotifications(shop);
        publish(Map.of("notifications", "OFF"));
        clock.pass(Duration.ofSeconds(10));

        for (int i = 0; i < 3; i++) {
            assertThat(buy("o" + i, 10).status()).isEqualTo(201);
        }
        settle(Duration.ofMinutes(2));
        assertThat(world.open()).isEmpty();
        assertThat(world.inboxes().told()).isEmpty();

        publish(Map.of());
        settle(Duration.ofMinutes(1));
        assertThat(world.inboxes().told())
                .extracting(told -> data(told).get("merchantOrder"))
                .containsExactlyInAnyOrder("o0", "o1", "o2");
    }

    /** Its records lie in a stream that nobody reads any more; what it decided is finished, and told, by others. */
    @Test
    void whatALostRegionHadDecidedIsToldByTheUnitThatFinishesIt() {
        clientele.wantNotifications(shop);
        lost = call ->
                call.request() instanceof PublishBatchRequest && call.caller().startsWith(DOOR);
        buy("o1", 10);
        lost = call -> call.caller().startsWith(UNIT) || call.caller().startsWith(DOOR);

        for (int i = 0; i < 12; i++) {
            clock.pass(Duration.ofSeconds(10));
            world.cells().stream().filter(cell -> !cell.startsWith(UNIT)).forEach(world::recover);
            world.drain();
        }

        assertThat(world.inboxes().told())
                .isNotEmpty()
                .allSatisfy(told -> assertThat(data(told)).containsEntry("merchantOrder", "o1"));
        assertThat(world.inboxes().told())
                .extracting(Notification::id)
                .as("the same each time")
                .containsOnly(world.inboxes().told().getFirst().id());
    }

    @Test
    void aQueueOfNotificationsThatTakesNothingKeepsNoPaymentOpen() {
        clientele.wantNotifications(shop);
        lost = call -> call.request() instanceof PublishBatchRequest
                || (call.request() instanceof SendMessageRequest sent
                        && sent.queueUrl().contains("notifications"));
        assertThat(buy("o1", 10).status()).isEqualTo(201);

        for (int i = 0; i < 3; i++) {
            clock.pass(Duration.ofSeconds(10));
            world.recover();
            world.drain();
        }

        assertThat(world.open()).isEmpty();
    }

    private static String endpoint(Shop merchant) {
        return "/merchants/" + merchant.id() + "/notification-endpoint";
    }

    private Answer buy(String order, long amount) {
        return clientele.pay(DOOR, shop, clientele.signed(alice, shop, order, amount), order);
    }

    private void publish(Map<String, String> switches) {
        Map<String, Object> current = clientele
                .get(DOOR, world.operatorKey(), "/operations/routing-rule")
                .body();
        Map<String, Object> document = new HashMap<>(Json.child(current, "document"));
        document.put("switches", switches);
        Answer answer = clientele.post(
                DOOR,
                world.operatorKey(),
                "/operations/routing-rule",
                null,
                Map.of(
                        "document",
                        document,
                        "expectedVersion",
                        Json.integer(current, "version"),
                        "reason",
                        "the peak"));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
    }

    /** Whatever waits comes when its time does. */
    private void settle(Duration time) {
        Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            world.drain();
            clock.pass(Duration.ofSeconds(5));
        }
        world.drain();
    }

    @SuppressWarnings("unchecked") // as it was put together
    private static Map<String, Object> data(Notification notification) {
        return (Map<String, Object>) notification.content().get("data");
    }

    private static Object payment(Notification notification) {
        return data(notification).get("id");
    }
}
