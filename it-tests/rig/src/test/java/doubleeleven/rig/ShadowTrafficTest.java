package doubleeleven.rig;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.routing.Traffic;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Live and shadow traffic through the same doors, on one database. */
class ShadowTrafficTest {
    private static final Topology SANDBOX = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
    private static final Instant BEGIN = Instant.parse("2026-11-10T22:00:00Z");
    private static final String TEST = "eve";
    private static final int ROUNDS = 150;
    private static final int CUSTOMERS = 12;
    private static final String SHOP = "tea";
    private static final String LIVE = "live-";
    private static final String SHADOW = "shadow-";
    private static final Customer GENERATOR = Customer.of("the load generator");

    /**
     * One traffic's clients. The customers and the merchant are the same, so that what went astray would move a live balance; the orders and
     * the keys are others, so that it would not be taken for a repetition.
     */
    private final class Side {
        private final World behind;
        private final String prefix;
        private final UnaryOperator<Map<String, String>> marking;
        private final List<String> answers = new ArrayList<>();
        private final List<String> paid = new ArrayList<>();
        private Shop shop = new Shop(SHOP, "GBP", "none yet");

        Side(World behind, String prefix, UnaryOperator<Map<String, String>> marking) {
            this.behind = behind;
            this.prefix = prefix;
            this.marking = marking;
        }

        Answer post(int door, String key, String path, @Nullable String idempotencyKey, Map<String, ?> body) {
            Map<String, String> headers = new HashMap<>(Map.of("Authorization", "Bearer " + key));
            if (idempotencyKey != null) {
                headers.put("Idempotency-Key", idempotencyKey);
            }
            String region = SANDBOX.regions().get(door % SANDBOX.regions().size());
            return live.call(region, "POST", path, marking.apply(headers), Json.write(body));
        }

        void open() {
            Answer opened = post(
                    0,
                    behind.operatorKey(),
                    "/merchants",
                    null,
                    Map.of("merchant", SHOP, "currency", "GBP", "buckets", 2));
            assertThat(opened.status()).as(opened.text()).isEqualTo(201);
            shop = new Shop(SHOP, "GBP", opened.text("apiKey"));
            for (int i = 0; i < CUSTOMERS; i++) {
                Answer customer = post(
                        i, behind.operatorKey(), "/customers", null, customer(i).opening("GBP", 1500));
                assertThat(customer.status()).isEqualTo(201);
            }
        }

        /** Payments, some of which are too much in the end; the same again; refunds; top-ups. */
        void act(int round) {
            Answer answer = switch (round % 5) {
                case 0, 1, 2 -> {
                    Answer payment = post(round, shop.key(), "/payments", prefix + round, payment(round));
                    if (payment.status() == 201) {
                        paid.add(payment.text("id"));
                    }
                    yield payment;
                }
                case 3 -> post(round + 1, shop.key(), "/payments", prefix + (round - 1), payment(round - 1));
                default ->
                    round % 10 == 9
                            ? topUp(round)
                            : post(
                                    round,
                                    shop.key(),
                                    "/payments/" + paid.removeFirst() + "/refunds",
                                    prefix + round,
                                    Payments.refund(prefix + round, 7));
            };
            answers.add(answer.status() + " "
                    + answer.find("outcome").orElseGet(() -> answer.text("type").replaceAll(".*:", "")));
        }

        private Map<String, Object> payment(int round) {
            return Objects.requireNonNull(signed.get(prefix + round));
        }

        private Answer topUp(int round) {
            return post(
                    round,
                    behind.operatorKey(),
                    "/customers/" + customer(round).id() + "/top-ups",
                    prefix + round,
                    Map.of("reference", prefix + round, "amount", 100, "currency", "GBP"));
        }
    }

    private final ManualClock clock = new ManualClock();
    private final Map<String, Map<String, Object>> signed = new HashMap<>();
    private World shadow;
    private World live;

    private static Customer customer(int number) {
        return Customer.of("c" + number % CUSTOMERS);
    }

    @Test
    void liveTablesAreItemByItemWhatTheyAreWithoutTheShadowLoadThatRanBeside() {
        sign();
        Map<String, Map<String, Map<String, AttributeValue>>> mixed = run(true);
        Map<String, Map<String, Map<String, AttributeValue>>> alone = run(false);

        assertThat(mixed.keySet()).isEqualTo(alone.keySet());
        alone.forEach((table, items) -> {
            assertThat(mixed.get(table).keySet()).as(table).isEqualTo(items.keySet());
            items.forEach((key, item) -> assertThat(mixed.get(table).get(key))
                    .as("%s of %s", key, table)
                    .isEqualTo(item));
        });
        assertThat(alone.get(LocalTables.PAYMENT)).hasSizeGreaterThan(ROUNDS / 2);
    }

    /** Consents carry ids of their own: both runs present the same ones. */
    private void sign() {
        clock.set(BEGIN);
        try (World signing = World.open(SANDBOX, Course.direct(Bus.DIRECT, clock), new Random(1), World.SILENT)) {
            Clientele clientele = new Clientele(signing);
            Shop shop = new Shop(SHOP, "GBP", "none");
            for (int round = 0; round < ROUNDS; round++) {
                for (String prefix : List.of(LIVE, SHADOW)) {
                    signed.put(
                            prefix + round,
                            clientele.signed(customer(round), shop, prefix + round, 100 + 13 * (round % 40)));
                }
            }
        }
    }

    private Map<String, Map<String, Map<String, AttributeValue>>> run(boolean withLoad) {
        clock.set(BEGIN);
        Course course = Course.direct(Bus.DIRECT, clock);
        try (Database database = Database.withShadow()) {
            shadow = World.shadow(SANDBOX, course, new Random(3), World.SILENT, database);
            live = World.beside(shadow, SANDBOX, course, new Random(7), World.SILENT, database);
            admit(live);
            admit(shadow);
            Side customers = new Side(live, LIVE, headers -> headers);
            Side load = new Side(shadow, SHADOW, headers -> {
                headers.put("Double11-Shadow", mark());
                return headers;
            });
            customers.open();
            if (withLoad) {
                load.open();
            }
            for (int round = 0; round < ROUNDS; round++) {
                if (withLoad && round % 2 == 0) {
                    load.act(round);
                }
                customers.act(round);
                if (withLoad && round % 2 == 1) {
                    load.act(round);
                }
                if (round % 7 == 6) {
                    finish(live, withLoad);
                }
                clock.set(BEGIN.plusSeconds(2L * (round + 1)));
            }
            finish(live, withLoad);
            live.recover();
            live.reconcile();
            if (withLoad) {
                shadow.recover();
                shadow.reconcile();
            }
            finish(live, withLoad);

            assertThat(live.open()).isEmpty();
            assertThat(live.deadLetters()).isEmpty();
            assertThat(shadow.open()).isEmpty();
            assertThat(shadow.deadLetters()).isEmpty();
            Books.assertMoneyIsConserved(live);
            assertThat(customers.answers).contains("201 PAID", "200 DECLINED", "409 payment-not-settled");
            // As many, of the same kinds: the shadow is no lesser load.
            assertThat(load.answers).isEqualTo(withLoad ? customers.answers : List.of());
            assertThat(itemsOf(database, Traffic.SHADOW, "payment"))
                    .hasSize(
                            withLoad
                                    ? itemsOf(database, Traffic.LIVE, "payment").size()
                                    : 0);
            return items(database);
        }
    }

    private void finish(World first, boolean withLoad) {
        int all;
        do {
            all = withLoad ? shadow.drain() : 0;
            all += first.drain();
        } while (all > 0);
    }

    /** By the operators of that traffic, each at their own function. */
    private static void admit(World world) {
        Answer answer = world.call(
                SANDBOX.regions().getFirst(),
                "POST",
                "/operations/stress-tests",
                Map.of("Authorization", "Bearer " + world.operatorKey()),
                Json.write(Map.of(
                        "stressTest",
                        TEST,
                        "publicKey",
                        GENERATOR.publicKey(),
                        "minutes",
                        60,
                        "reason",
                        "to see that nothing live is touched")));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private String mark() {
        long now = clock.instant().getEpochSecond();
        return GENERATOR.mark(TEST, now, now + 600);
    }

    private static Map<String, Map<String, Map<String, AttributeValue>>> items(Database database) {
        return LocalTables.ALL.stream()
                .collect(toMap(
                        table -> table,
                        table -> itemsOf(database, Traffic.LIVE, table.substring(LocalTables.PREFIX.length()))));
    }

    private static Map<String, Map<String, AttributeValue>> itemsOf(Database database, Traffic traffic, String table) {
        return Snapshot.scan(database.whole(), traffic.name(table)).stream()
                .map(ShadowTrafficTest::withoutTheOperatorsKey)
                .collect(toMap(
                        item -> item.get("pk").s() + "/"
                                + (item.containsKey("sk") ? item.get("sk").s() : ""),
                        item -> item));
    }

    /** It is drawn anew in every run, by a generator that nothing makes repeat itself. */
    private static Map<String, AttributeValue> withoutTheOperatorsKey(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> alike = new HashMap<>(item);
        if (item.get("pk").s().startsWith("KEY#op_")) {
            alike.put("pk", AttributeValue.fromS("KEY#operator"));
            alike.remove("hash");
        }
        alike.computeIfPresent(
                "by", (_, by) -> by.s() != null && by.s().startsWith("op_") ? AttributeValue.fromS("operator") : by);
        return alike;
    }
}
