package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.Shard;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A unit that is new in a Region gets shards by rule, in the middle of their payments, and gives them back. */
class NewUnitTest {
    private static final String RULE = "/operations/routing-rule";
    private static final String NEW = "RZ04";
    private static final long OPENED = 10_000;

    private final ManualClock clock = new ManualClock();
    private final Map<String, Integer> servedBy = new HashMap<>();
    private World world;
    private Clientele clientele;
    private Shop shop;
    private List<Customer> customers;
    private Map<String, Object> first;
    private int calls;
    private int publishAt;
    private Runnable publication = () -> {};

    @BeforeEach
    void open() throws IOException {
        Map<String, Object> topology = Json.object(Files.readString(Path.of("../../cdk/topologies/sandbox.json")));
        List<Object> units = new ArrayList<>(Json.objects(topology, "units"));
        units.add(Map.of(
                "name",
                NEW,
                "region",
                "us-east-2",
                "standby",
                "RZ03",
                "capacity",
                70,
                "colours",
                Map.of("a", 100),
                "shards",
                List.of()));
        topology.put("units", units);
        world = World.open(
                Topology.of(Json.write(topology)), Course.direct(this::carry, clock), new Random(7), World.SILENT);
        clientele = new Clientele(world);
        shop = clientele.openShop("tea", "GBP", 1);
        customers = IntStream.range(0, 40)
                .mapToObj(i -> clientele.openCustomer("c" + i, "GBP", OPENED))
                .toList();
        world.drain();
        first = rule();
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** The rule changes between two calls of a payment, each time a call later. */
    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        if (!call.caller().endsWith("/operations") && ++calls == publishAt) {
            publishAt = 0;
            publication.run();
        }
        return effect.get();
    }

    private Map<String, Object> rule() {
        return clientele.get("us-east-1", world.operatorKey(), RULE).body();
    }

    private void publish(Map<String, Object> document) {
        Map<String, Object> publication = new LinkedHashMap<>();
        publication.put("document", document);
        publication.put("expectedVersion", Json.integer(rule(), "version"));
        publication.put("reason", "more room");
        Answer answer = clientele.post("us-east-1", world.operatorKey(), RULE, null, publication);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
    }

    /** The first document, in which the new unit owns every third shard. */
    private Map<String, Object> withTheNewUnit() {
        Map<String, Object> document = new LinkedHashMap<>(Json.child(first, "document"));
        List<Object> units = new ArrayList<>();
        for (Map<String, Object> unit : Json.objects(document, "units")) {
            Map<String, Object> changed = new LinkedHashMap<>(unit);
            boolean isNew = unit.get("name").equals(NEW);
            changed.put(
                    "shards",
                    IntStream.range(0, Shard.COUNT)
                            .filter(shard -> isNew ? shard % 3 == 0 : shard % 3 != 0 && owns(unit, shard))
                            .mapToObj(shard -> new Shard(shard) + "-" + new Shard(shard))
                            .toList());
            units.add(changed);
        }
        document.put("units", units);
        return document;
    }

    private static boolean owns(Map<String, Object> unit, int shard) {
        return Json.texts(unit, "shards").stream()
                .anyMatch(range -> Integer.parseInt(range.substring(0, 2)) <= shard
                        && shard <= Integer.parseInt(range.substring(3)));
    }

    private void pay(int number) {
        Customer payer = customers.get(number % customers.size());
        Answer answer = clientele.pay(
                "us-east-" + (1 + number % 2), shop, clientele.signed(payer, shop, "o" + number, 1), "k" + number);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
        String unit = Values.text(
                world.tables()
                        .getItem(get -> get.tableName(LocalTables.PAYMENT)
                                .key(Map.of(
                                        "pk",
                                        AttributeValue.fromS(answer.text("id").substring(2)))))
                        .item(),
                "unit");
        servedBy.merge(unit, 1, Integer::sum);
        assertThat(owner(payer, unit))
                .as("who served is an owner by the rule before or after")
                .isTrue();
    }

    private boolean owner(Customer payer, String unit) {
        int shard = Shard.of(payer.id()).number();
        return unit.equals(NEW)
                ? shard % 3 == 0
                : Json.objects(Json.child(first, "document"), "units").stream()
                        .filter(each -> unit.equals(each.get("name")))
                        .anyMatch(each -> owns(each, shard));
    }

    @Test
    void shardsMoveToItAndBackInTheMiddleOfPaymentsAndNothingIsLostOrDoubled() {
        int paid = 0;
        boolean moved = false;
        for (int at = 1; at <= 40; at++) {
            Map<String, Object> next = moved ? Json.child(first, "document") : withTheNewUnit();
            moved = !moved;
            publication = () -> publish(next);
            calls = 0;
            publishAt = at;
            for (int i = 0; i < 5; i++) {
                pay(paid++);
            }
            assertThat(publishAt).as("published in the middle").isZero();
            clock.pass(Duration.ofSeconds(11));
        }
        world.drain();

        assertThat(servedBy).containsOnlyKeys("RZ01", "RZ02", "RZ03", NEW);
        assertThat(servedBy.get(NEW)).isGreaterThan(10);
        assertThat(world.open()).isEmpty();
        long left = customers.stream()
                .mapToLong(customer -> Json.objects(
                                clientele
                                        .get(
                                                "us-east-1",
                                                world.operatorKey(),
                                                "/customers/" + customer.id() + "/accounts")
                                        .body(),
                                "accounts")
                        .stream()
                        .mapToLong(account -> Json.integer(account, "available"))
                        .sum())
                .sum();
        assertThat(left).isEqualTo(customers.size() * OPENED - paid);
        assertThat(Json.integer(
                        clientele
                                .get("us-east-1", shop.key(), "/merchants/tea/balance")
                                .body(),
                        "posted"))
                .isEqualTo(paid);
    }

    /** Once it has no shard left, it can be taken out of the rule and then removed. */
    @Test
    void aUnitWithoutShardsLeavesTheRule() {
        publish(withTheNewUnit());
        publish(Json.child(first, "document"));
        Map<String, Object> document = new LinkedHashMap<>(Json.child(first, "document"));
        document.put(
                "units",
                Json.objects(document, "units").stream()
                        .filter(unit -> !unit.get("name").equals(NEW))
                        .toList());

        publish(document);

        pay(1);
        assertThat(servedBy).doesNotContainKey(NEW);
    }
}
