package doubleeleven.it.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import doubleeleven.ids.OrderHash;
import doubleeleven.ids.Shard;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Api;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import doubleeleven.it.client.Sandbox;
import doubleeleven.it.client.Stack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The deployed stack with what tests need in it. Every name is new, so that suites may be run again against a stack that was kept. */
final class World {
    static final Stack STACK = Stack.fromEnvironment();
    static final Api OPERATOR = STACK.operator();
    static final String CURRENCY = "GBP";

    /** Longer than any deadline of the platform on a slow machine; nothing waits that long where all is well. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final String RUN =
            Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), Character.MAX_RADIX);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private World() {}

    static String unique(String what) {
        return what + "-" + RUN + "-" + NUMBERS.incrementAndGet();
    }

    static ConditionFactory eventually() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500));
    }

    static Sandbox sandbox() {
        return Sandbox.fromEnvironment()
                .orElseThrow(() -> new IllegalStateException("faults can be ordered from the local stack only"));
    }

    /** A merchant with a key of its own. */
    record Shop(String id, Api api) {
        static Shop open() {
            String id = unique("shop");
            Answer answer = OPERATOR.postPatiently(
                    "/merchants", Map.of("merchant", id, "currency", CURRENCY, "buckets", 1), null);
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            return new Shop(id, OPERATOR.as(answer.text("apiKey")));
        }

        Shop at(String region) {
            return new Shop(id, api.through(STACK.door(region)));
        }

        Answer pay(Map<String, ?> body, String idempotencyKey) {
            return api.post("/payments", body, idempotencyKey);
        }

        /** Pays by the payer's signature, from the balance. */
        Answer pay(Payer payer, String order, long amount) {
            return pay(payment(payer, order, amount), "key-" + order);
        }

        Map<String, Object> payment(Payer payer, String order, long amount) {
            return Payments.signed(payer.customer(), id, order, amount, CURRENCY);
        }

        Answer refund(String payment, String refund, long amount) {
            return api.post("/payments/" + payment + "/refunds", Payments.refund(refund, amount), "key-" + refund);
        }

        Answer payment(String paymentId) {
            return api.get("/payments/" + paymentId);
        }

        /** Waits until the payment is as it will stay, or has the wanted status. */
        Answer settled(String paymentId, String status) {
            return eventually()
                    .until(
                            () -> payment(paymentId),
                            answer -> status.equals(answer.find("status").orElse("")));
        }

        Answer balance() {
            return api.get("/merchants/" + id + "/balance");
        }

        long takings() {
            Answer balance = balance();
            return balance.integer("posted") + balance.integer("held") + balance.integer("unposted");
        }

        /** Refunds come out of what was posted. */
        void awaitPosted(long amount) {
            eventually().until(() -> balance().integer("posted") >= amount);
        }

        String orderHash(String order) {
            return OrderHash.ofOrder(id, order).value();
        }
    }

    /** A customer with money. */
    record Payer(Customer customer) {
        static Payer with(long balance) {
            return with(unique("customer"), balance);
        }

        static Payer with(String id, long balance) {
            Customer customer = Customer.of(id);
            Answer answer = OPERATOR.postPatiently("/customers", customer.opening(CURRENCY, balance), null);
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            return new Payer(customer);
        }

        /** A customer whose shard that unit owns. */
        static Payer of(Unit unit, long balance) {
            String id = Stream.generate(() -> unique("customer"))
                    .filter(name -> unit.owns(Shard.of(name)))
                    .findFirst()
                    .orElseThrow();
            return with(id, balance);
        }

        String id() {
            return customer.id();
        }

        void coupon(String coupon, long amount) {
            Answer answer = OPERATOR.postPatiently(
                    "/customers/" + id() + "/coupons",
                    Map.of(
                            "coupon", coupon,
                            "amount", amount,
                            "currency", CURRENCY,
                            "expiresAt", "2099-11-11T00:00:00Z"),
                    null);
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        }

        Answer topUp(long amount) {
            String reference = unique("top-up");
            return OPERATOR.post(
                    "/customers/" + id() + "/top-ups",
                    Map.of("reference", reference, "amount", amount, "currency", CURRENCY),
                    reference);
        }

        private Map<String, Object> account(String type, String name) {
            return OPERATOR.get("/customers/" + id() + "/accounts").objects("accounts").stream()
                    .filter(account ->
                            type.equals(account.get("type")) && (name.isEmpty() || name.equals(account.get("id"))))
                    .findFirst()
                    .orElseThrow();
        }

        long available() {
            return available("BALANCE", "");
        }

        long available(String type, String name) {
            return ((Number) account(type, name).get("available")).longValue();
        }

        long held() {
            return ((Number) account("BALANCE", "").get("held")).longValue();
        }

        long incoming() {
            return ((Number) account("BALANCE", "").get("incoming")).longValue();
        }
    }

    /** A unit as the routing rule in force names it, with the colour that serves most. */
    record Unit(String name, String region, String standby, String colour, List<Integer> shards) {
        static List<Unit> all() {
            var item = STACK.dynamoDb(STACK.regions().getFirst())
                    .getItem(request -> request.tableName("double11-control")
                            .key(Map.of("pk", AttributeValue.fromS("RULE"), "sk", AttributeValue.fromS("CURRENT")))
                            .consistentRead(true))
                    .item();
            Answer document = new Answer(200, item.get("document").s(), Map.of());
            return document.objects("units").stream().map(Unit::read).toList();
        }

        static Unit named(String name) {
            return all().stream()
                    .filter(unit -> unit.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        private static Unit read(Map<String, Object> json) {
            List<Integer> shards = new ArrayList<>();
            ((List<?>) json.get("shards")).forEach(range -> {
                String[] ends = String.valueOf(range).split("-", -1);
                IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                        .forEach(shards::add);
            });
            String colour = ((Map<?, ?>) json.get("colours"))
                    .entrySet().stream()
                            .max(Comparator.comparingInt(weight -> ((Number) weight.getValue()).intValue()))
                            .map(weight -> String.valueOf(weight.getKey()))
                            .orElseThrow();
            return new Unit(
                    String.valueOf(json.get("name")),
                    String.valueOf(json.get("region")),
                    String.valueOf(json.get("standby")),
                    colour,
                    shards);
        }

        boolean owns(Shard shard) {
            return shards.contains(shard.number());
        }

        /** Name of one of its functions, queues or workflows. */
        String resource(String shortName) {
            return "double11-" + name.toLowerCase(Locale.ROOT) + "-" + colour + "-" + shortName;
        }
    }

    static Snapshot tables() {
        return Snapshot.read(STACK.dynamoDb(STACK.regions().getFirst()));
    }

    /** Runs the calls as much at the same time as this machine allows. */
    static <T> List<T> race(List<Callable<T>> calls) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(calls.size())) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        }
    }

    static List<String> steps(Answer payment, String field) {
        return payment.objects("timeline").stream()
                .map(step -> String.valueOf(step.get(field)))
                .toList();
    }
}
