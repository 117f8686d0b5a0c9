package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.CURRENCY;
import static doubleeleven.it.blackbox.World.OPERATOR;
import static doubleeleven.it.blackbox.World.STACK;
import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.jr.ob.JSON;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Pause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** A stress test on the deployed stack while live customers pay; where the shadow is deployed, {@code eleven deploy --shadow}. */
final class StressTestIT {
    private static final String TESTS = "/operations/stress-tests";
    private static final String SHADOW_KEYS = "double11-shadow-operator-key";
    private static final String SHADOW_OPERATIONS = "double11-shadow-operations";
    private static final Customer GENERATOR = Customer.of("the load generator");
    private static final long WORTH = 100_000;
    /** What begins names that begin like this is a stress test's. */
    private static final String OF_THE_LOAD = "st-";

    private static String shadowKey;

    @BeforeAll
    static void open() {
        assumeThat(isShadowThere())
                .as("the shadow is deployed: eleven deploy --shadow")
                .isTrue();
        shadowKey = String.valueOf(invoke(SHADOW_KEYS, Map.of()).get("apiKey"));
    }

    private static boolean isShadowThere() {
        try {
            STACK.lambda(STACK.regions().getFirst()).getFunction(request -> request.functionName(SHADOW_OPERATIONS));
            return true;
        } catch (ResourceNotFoundException e) {
            return false;
        }
    }

    @Test
    void aSmallLoadReachesItsTargetInTheShadowAloneWhileLiveCustomersPay() {
        String test = admitted();
        Shop shop = Shop.open();
        Payer payer = Payer.with(WORTH);
        Map<Integer, Integer> answers = new ConcurrentHashMap<>();
        AtomicInteger paid = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> live = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                Answer answer = shop.pay(payer, unique("order"), 1);
                answers.merge(answer.status(), 1, Integer::sum);
                paid.addAndGet(answer.status() == 201 ? 1 : 0);
                Pause.millis(2000);
            }
        });
        Map<String, Object> run;
        try {
            begin(test, plan(1, List.of(50, 100), 10));
            run = ended(test);
        } finally {
            over.set(true);
            live.join();
        }

        assertThat(run).as(String.valueOf(run)).containsEntry("state", "REACHED");
        assertThat(number(run.get("heldPerSecond"))).isEqualTo(1);
        assertThat(steps(run)).extracting(step -> number(step.get("due"))).containsExactly(5L, 10L);
        assertThat(steps(run))
                .allSatisfy(step -> assertThat(outcomes(step).values().stream()
                                .mapToLong(StressTestIT::number)
                                .sum())
                        .isEqualTo(number(step.get("due"))));
        long paidByLoad = steps(run).stream()
                .mapToLong(step -> number(outcomes(step).getOrDefault("PAID", 0)))
                .sum();
        eventually().until(() -> ordersOfTheLoad("double11-shadow-payment", "SUCCEEDED") >= paidByLoad);
        assertThat(answers).containsOnlyKeys(201);
        assertThat(payer.available()).isEqualTo(WORTH - paid.get());
        assertThat(ordersOfTheLoad(Snapshot.PAYMENT_TABLE, "")).isZero();
        assertThat(customersOfTheLoad(Snapshot.ACCOUNT_TABLE)).isZero();
        assertThat(show(test)).containsEntry("running", false);
    }

    @Test
    void anOperatorStopsALoadWithinASlice() {
        String test = admitted();
        begin(test, plan(1, List.of(100), 300));
        eventually().until(() -> !steps(run(test)).isEmpty());

        Answer stopped = OPERATOR.post(TESTS + "/" + test + "/stop", Map.of("reason", "a drill"));

        assertThat(stopped.status()).as(stopped.text()).isEqualTo(200);
        Map<String, Object> run = ended(test);
        assertThat(run).as(String.valueOf(run)).containsEntry("state", "STOPPED");
        long sent =
                steps(run).stream().mapToLong(step -> number(step.get("sent"))).sum();
        assertThat(sent).as("a step is 300").isLessThan(60);
    }

    @Test
    void whatIsWrongWithAPlanOrMissingIsNamedFieldByField() {
        String test = admitted();
        Map<String, Object> plan = plan(0, List.of(100, 50), 10);
        plan.put("doors", List.of("https://example.com/v1"));

        Answer answer = OPERATOR.post(TESTS + "/" + test + "/run", plan);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.wrongFields()).containsExactlyInAnyOrder("doors[0]", "rate", "steps", "marks", "operatorKey");
    }

    /** By the operators of both, each at a function of their own. */
    private static String admitted() {
        String test = unique("rehearsal");
        Map<String, Object> wish =
                Map.of("stressTest", test, "publicKey", GENERATOR.publicKey(), "minutes", 60, "reason", "a drill");
        assertThat(OPERATOR.post(TESTS, wish).status()).isEqualTo(201);
        Map<String, Object> admitted = invoke(
                SHADOW_OPERATIONS,
                Map.of(
                        "httpMethod",
                        "POST",
                        "path",
                        TESTS,
                        "headers",
                        Map.of("Authorization", "Bearer " + shadowKey),
                        "body",
                        json(wish)));
        assertThat(number(admitted.get("statusCode"))).isEqualTo(201);
        return test;
    }

    private static Map<String, Object> plan(int rate, List<Integer> steps, int stepSeconds) {
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put(
                "doors",
                STACK.regions().stream()
                        .map(region -> STACK.door(region).toString().replaceFirst("/$", ""))
                        .toList());
        plan.put("rate", rate);
        plan.put("steps", steps);
        plan.put("stepSeconds", stepSeconds);
        plan.put("sliceSeconds", 5);
        plan.put("baselineSeconds", 10);
        plan.put("customers", 12);
        plan.put("merchants", 2);
        plan.put("currency", CURRENCY);
        // The local stack sets the speed, not the design.
        plan.put("p99Millis", 10_000);
        plan.put("failuresPerThousand", 100);
        plan.put("liveFailuresPerThousand", 100);
        plan.put("reason", "a drill");
        return plan;
    }

    private static void begin(String test, Map<String, Object> plan) {
        long now = Instant.now().getEpochSecond();
        plan.put(
                "marks",
                IntStream.range(0, 3)
                        .mapToObj(i -> GENERATOR.mark(test, now + 600L * i, now + 600L * i + 900))
                        .toList());
        plan.put("operatorKey", shadowKey);
        Answer answer = OPERATOR.post(TESTS + "/" + test + "/run", plan);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    }

    private static Map<String, Object> show(String test) {
        Answer answer = OPERATOR.get(TESTS + "/" + test);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.body();
    }

    private static Map<String, Object> run(String test) {
        return object(show(test).get("run"));
    }

    private static Map<String, Object> ended(String test) {
        return eventually().until(() -> run(test), run -> run.containsKey("endedAt"));
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as names
    private static List<Map<String, Object>> steps(Map<String, Object> run) {
        return (List<Map<String, Object>>) run.getOrDefault("steps", List.of());
    }

    private static Map<String, Object> outcomes(Map<String, Object> step) {
        return object(step.get("outcomes"));
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as names
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }

    private static long ordersOfTheLoad(String table, String status) {
        return items(table).stream()
                .filter(item -> item.containsKey("command")
                        && item.get("command").m().get("order").s().startsWith(OF_THE_LOAD))
                .filter(item ->
                        status.isEmpty() || status.equals(item.get("status").s()))
                .count();
    }

    private static long customersOfTheLoad(String table) {
        return items(table).stream()
                .filter(item -> item.get("pk").s().contains("#" + OF_THE_LOAD))
                .count();
    }

    private static List<Map<String, AttributeValue>> items(String table) {
        return Snapshot.scan(STACK.dynamoDb(STACK.regions().getFirst()), table);
    }

    private static Map<String, Object> invoke(String function, Map<String, ?> payload) {
        InvokeResponse response = STACK.lambda(STACK.regions().getFirst())
                .invoke(request -> request.functionName(function).payload(SdkBytes.fromUtf8String(json(payload))));
        assertThat(response.functionError())
                .as(response.payload().asUtf8String())
                .isNull();
        try {
            return JSON.std.mapFrom(response.payload().asUtf8String());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String json(Object value) {
        try {
            return JSON.std.asString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
