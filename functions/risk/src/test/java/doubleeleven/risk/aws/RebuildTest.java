package doubleeleven.risk.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.account.AccountKey;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.DecidedMessage;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payee;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.risk.FeatureSnapshot;
import doubleeleven.risk.Recent;
import doubleeleven.testkit.LocalTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** Features that were lost are built again from the payments, as the messages had made them. */
class RebuildTest {
    private static final Instant NOW = Instant.parse("2025-11-11T12:00:00Z");
    private static final Instant WEEK_AGO = NOW.minus(DynamoDbFeatures.KEPT);
    private static final List<String> PAYERS = List.of("14911", "12748", "17841", "13089");
    private static final List<PaymentKind> KINDS = List.of(PaymentKind.values());
    private static final List<PaymentStatus> STATUSES = List.of(PaymentStatus.values());
    private static final List<String> CURRENCIES = List.of("GBP", "EUR", "JPY");
    private static final List<String> REGIONS = List.of("us-east-1", "us-west-2");
    private static final int LIVES = 40;
    private static final int PLENTY = 60_000;

    private static LocalTables tables;

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    @BeforeAll
    static void start() {
        tables = LocalTables.inProcess();
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void empty() {
        tables.clear();
    }

    @Test
    void theRebuiltFeaturesAreThoseThatTheMessagesMade() throws IOException {
        int remembered = 0;
        for (int life = 0; life < LIVES; life++) {
            tables.clear();
            Random random = new Random(life);
            List<Payment> payments = payments(random, 80);
            payments.forEach(RebuildTest::put);
            List<Payment> messages = new ArrayList<>(
                    payments.stream().filter(RebuildTest::wasTold).toList());
            Collections.shuffle(messages, random);
            for (Payment each : messages) {
                tell("us-east-1", each);
            }
            Map<String, List<Recent>> made = remembered();

            lose(random);
            for (Payment each : messages.subList(0, random.nextInt(messages.size()))) {
                tell("us-east-1", each);
            }
            for (int times = 1 + random.nextInt(2); times > 0; times--) {
                Map<String, Object> total = rebuild(
                        oneOf(REGIONS, random),
                        paged(1 + random.nextInt(20), () -> {}),
                        1 + random.nextInt(3),
                        () -> random.nextInt(5) == 0 ? 0 : PLENTY);
                assertThat(total).as("life %d", life).containsEntry("failed", 0);
            }

            assertThat(remembered()).as("life %d", life).isEqualTo(made);
            remembered += made.values().stream().mapToInt(List::size).sum();
        }
        assertThat(remembered).isGreaterThan(5 * LIVES);
    }

    /** The scan is past some of them when they are decided: their messages are still to come. */
    @Test
    void aPaymentThatIsDecidedMeanwhileIsNotLost() throws IOException {
        Random random = new Random(1111);
        List<Payment> open = new ArrayList<>(IntStream.range(0, 20)
                .mapToObj(number -> payment(number, PaymentKind.PAYMENT, PaymentStatus.TRYING, NOW, random))
                .toList());
        open.forEach(RebuildTest::put);
        List<Payment> decided = new ArrayList<>();

        Map<String, Object> total = rebuild(
                "us-east-1",
                paged(3, () -> {
                    for (int i = 0; i < 2 && !open.isEmpty(); i++) {
                        Payment each = as(PaymentStatus.COMMITTED, open.removeFirst());
                        put(each);
                        decided.add(each);
                        tell("us-east-1", each);
                    }
                }),
                1,
                () -> PLENTY);

        assertThat(decided).hasSizeGreaterThan(10);
        assertThat((Integer) total.get("remembered")).isLessThan(decided.size());
        assertThat(remembered().values().stream().mapToInt(List::size).sum()).isEqualTo(decided.size());
    }

    @Test
    void ofABusyPayerTheLastHourIsRebuiltAndTheNewestBeforeIt() throws IOException {
        List<Instant> times = Stream.concat(
                        IntStream.range(0, 260)
                                .mapToObj(i -> NOW.minus(Duration.ofDays(2)).plusSeconds(i)),
                        IntStream.range(0, 150).mapToObj(i -> NOW.minusSeconds(60 + i)))
                .toList();
        Random random = new Random(1111);
        for (int number = 0; number < times.size(); number++) {
            put(withPayer(
                    "14911", payment(number, PaymentKind.PAYMENT, PaymentStatus.SUCCEEDED, times.get(number), random)));
        }

        rebuild("us-east-1", tables.client(), 1, () -> PLENTY);

        List<Instant> rebuilt =
                remembered().get("14911").stream().map(Recent::at).sorted().toList();
        assertThat(rebuilt)
                .containsAll(times.subList(260 - DynamoDbFeatures.OLDER_KEPT_MAX, times.size()))
                .hasSizeLessThan(DynamoDbFeatures.OLDER_KEPT_MAX + 50 + 150);
    }

    @Test
    void whereTheTimeIsUpTheAnswerSaysWhereToGoOnAndEachCallGetsFurther() throws IOException {
        Random random = new Random(1111);
        for (int number = 0; number < 5; number++) {
            put(payment(number, PaymentKind.TRANSFER, PaymentStatus.SUCCEEDED, NOW, random));
        }
        Map<String, Object> input = new HashMap<>(Map.of("segment", 0, "segments", 1));
        for (int call = 0; call < 5; call++) {
            Map<String, Object> answer = call("us-east-1", tables.client(), () -> 0, input);
            assertThat(answer)
                    .containsEntry("pages", 1)
                    .containsEntry("seen", 1)
                    .containsEntry("remembered", 1)
                    .containsEntry("failed", 0);
            input.put("after", answer.get("after"));
        }

        assertThat(call("us-east-1", tables.client(), () -> 0, input))
                .isEqualTo(Map.of("pages", 1, "seen", 0, "remembered", 0, "failed", 0));
    }

    @Test
    void whatIsOlderThanAWeekIsNotEvenLookedAt() throws IOException {
        Random random = new Random(1111);
        put(payment(1, PaymentKind.PAYMENT, PaymentStatus.SUCCEEDED, WEEK_AGO, random));
        put(payment(2, PaymentKind.PAYMENT, PaymentStatus.SUCCEEDED, WEEK_AGO.minusMillis(1), random));

        assertThat(rebuild("us-east-1", tables.client(), 1, () -> PLENTY))
                .containsEntry("seen", 1)
                .containsEntry("remembered", 1);
    }

    @Test
    void itemsThatCannotBeReadAreCountedAndNamedAndTheOthersGoOn() throws IOException {
        Random random = new Random(1111);
        for (int number = 0; number < 5; number++) {
            put(payment(number, PaymentKind.PAYMENT, PaymentStatus.COMMITTED, NOW, random));
        }
        Map<String, AttributeValue> whole =
                item(payment(99, PaymentKind.PAYMENT, PaymentStatus.COMMITTED, NOW, random));
        List<Map<String, AttributeValue>> unreadable = List.of(
                Map.of("status", s("PAID_TWICE")),
                Map.of("status", n(1)),
                Map.of("decidedAt", s("yesterday")),
                Map.of("decidedAt", AttributeValue.fromN("1762819200000.5")),
                Map.of("attempt", s("first")),
                Map.of("command", s("pay")));
        for (int place = 0; place < unreadable.size(); place++) {
            Map<String, AttributeValue> item = new HashMap<>(whole);
            item.putAll(unreadable.get(place));
            item.put("pk", s("unreadable-" + place));
            tables.client().putItem(put -> put.tableName(LocalTables.PAYMENT).item(item));
        }

        assertThat(rebuild("us-east-1", tables.client(), 1, () -> PLENTY))
                .containsEntry("seen", 5 + unreadable.size())
                .containsEntry("remembered", 5)
                .containsEntry("failed", unreadable.size());
        assertThat(logged.toString(UTF_8).lines().map(Json::object))
                .filteredOn(line -> "ERROR".equals(line.get("level")))
                .extracting(line -> String.valueOf(line.get("payment")))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, unreadable.size())
                        .mapToObj(place -> "unreadable-" + place)
                        .toList());
    }

    @Test
    void inputThatIsNoneIsRefusedByNameAndRange() {
        Map<String, Map<String, Object>> refused = Map.of(
                "segments must be a whole number, 1 to 100: null",
                Map.of(),
                "segments must be a whole number, 1 to 100: 0",
                Map.of("segments", 0),
                "segments must be a whole number, 1 to 100: 101",
                Map.of("segments", 101),
                "segments must be a whole number, 1 to 100: 1.5",
                Map.of("segments", 1.5),
                "segment must be a whole number, 0 to 3: 4",
                Map.of("segment", 4, "segments", 4),
                "segment must be a whole number, 0 to 3: null",
                Map.of("segments", 4),
                "after must be a payment that an earlier answer named, or empty: 7",
                Map.of("segment", 0, "segments", 4, "after", 7));
        refused.forEach(
                (message, input) -> assertThatThrownBy(() -> call("us-east-1", tables.client(), () -> PLENTY, input))
                        .hasMessage(message));
    }

    private static List<Payment> payments(Random random, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> payment(
                        number,
                        oneOf(KINDS, random),
                        oneOf(STATUSES, random),
                        NOW.minusMillis(random.nextLong(Duration.ofDays(9).toMillis())),
                        random))
                .toList();
    }

    private static <T> T oneOf(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    private static Payment payment(int number, PaymentKind kind, PaymentStatus status, Instant at, Random random) {
        OrderHash order = OrderHash.ofOrder("gifts", "order-" + number);
        boolean claimed = !status.equals(PaymentStatus.ABORTED) || random.nextBoolean();
        return new Payment(
                order,
                status,
                AttemptId.of(order, "key", "fingerprint"),
                "RZ01",
                "a",
                status.isTerminal() ? null : "RZ01#2",
                status.isTerminal() ? null : at.plusSeconds(20),
                at,
                status == PaymentStatus.TRYING ? null : at,
                status.isTerminal() ? at : null,
                Map.of(),
                claimed ? command(order, kind, random) : null,
                List.of(),
                null,
                List.of(),
                List.of(),
                null,
                Map.of(),
                Map.of());
    }

    private static Command command(OrderHash order, PaymentKind kind, Random random) {
        String payer = oneOf(PAYERS, random);
        long amount = random.nextLong(1, 100_000);
        List<Branch> branches = new ArrayList<>();
        if (kind != PaymentKind.DEPOSIT) {
            branches.add(new Branch(BranchKind.DEBIT, AccountKey.balanceOf(payer), amount));
        }
        if (kind != PaymentKind.PAYMENT) {
            branches.add(new Branch(BranchKind.CREDIT, AccountKey.balanceOf("payee"), amount));
        }
        return new Command(
                kind,
                new PaymentId(Shard.of(payer), order),
                "fingerprint",
                "key",
                payer,
                "gifts",
                "order",
                Money.ofMinor(CurrencyUnit.of(oneOf(CURRENCIES, random)), amount),
                branches,
                kind == PaymentKind.PAYMENT ? List.of(new Payee("gifts", 0, amount)) : List.of(),
                null,
                null,
                null,
                1,
                "00-1-2-01");
    }

    private static Payment as(PaymentStatus status, Payment payment) {
        Map<String, AttributeValue> item = item(payment);
        item.put("status", s(status.name()));
        item.put("decidedAt", n(NOW));
        return Schemas.PAYMENT.mapToItem(item);
    }

    private static Payment withPayer(String payer, Payment payment) {
        Map<String, AttributeValue> item = item(payment);
        Map<String, AttributeValue> command = new HashMap<>(item.get("command").m());
        command.put("payer", s(payer));
        item.put("command", AttributeValue.fromM(command));
        return Schemas.PAYMENT.mapToItem(item);
    }

    private static Map<String, AttributeValue> item(Payment payment) {
        return new HashMap<>(Schemas.PAYMENT.itemToMap(payment, true));
    }

    private static void put(Payment payment) {
        tables.client().putItem(put -> put.tableName(LocalTables.PAYMENT).item(item(payment)));
    }

    private static boolean wasTold(Payment payment) {
        return payment.status().isPaid() || payment.status() == PaymentStatus.ABORTED;
    }

    /** As when it was decided, whatever became of it since. */
    private void tell(String region, Payment payment) {
        Map<String, Object> message = new HashMap<>(DecidedMessage.of(item(payment)));
        if (payment.status().isPaid()) {
            message.put("status", PaymentStatus.COMMITTED.name());
        }
        Map<String, Object> batch = Map.of("Records", List.of(Map.of("messageId", "m", "body", Json.write(message))));
        try {
            assertThat(answer(new FeaturesHandler(host(region, tables.client())), () -> PLENTY, batch))
                    .isEqualTo(Map.of("batchItemFailures", List.of()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** All that was remembered, or that of some payers. */
    private static void lose(Random random) {
        boolean all = random.nextBoolean();
        for (Map<String, AttributeValue> item : tables.client()
                .scan(scan -> scan.tableName(LocalTables.FEATURE))
                .items()) {
            if (all || random.nextBoolean()) {
                tables.client()
                        .deleteItem(delete -> delete.tableName(LocalTables.FEATURE)
                                .key(Map.of("pk", item.get("pk"), "sk", item.get("sk"))));
            }
        }
    }

    /** What a decision would read of each payer, less what is too old to be kept for sure. */
    private static Map<String, List<Recent>> remembered() {
        DynamoDbFeatures features = new DynamoDbFeatures(
                tables.client(), LocalTables.FEATURE, "us-east-1", Duration.ofSeconds(30), clock());
        Map<String, List<Recent>> remembered = new HashMap<>();
        for (String payer : PAYERS) {
            remembered.put(
                    payer,
                    ((FeatureSnapshot.Known) features.of(payer))
                            .recent().stream()
                                    .filter(each -> !each.at().isBefore(WEEK_AGO))
                                    .sorted(Comparator.comparing(Recent::at)
                                            .thenComparingLong(Recent::amountMinor)
                                            .thenComparing(Recent::currency))
                                    .toList());
        }
        return remembered;
    }

    /** Calls until each segment is at its end, as the command does, and adds up what was answered. */
    private Map<String, Object> rebuild(String region, DynamoDbClient client, int segments, IntSupplier millisLeft)
            throws IOException {
        Map<String, Object> total = new HashMap<>();
        for (int segment = 0; segment < segments; segment++) {
            Map<String, Object> input = new HashMap<>(Map.of("segment", segment, "segments", segments));
            do {
                Map<String, Object> answer = call(region, client, millisLeft, input);
                input.put("after", answer.remove("after"));
                answer.forEach(
                        (name, count) -> total.merge(name, count, (sum, more) -> (Integer) sum + (Integer) more));
            } while (input.get("after") != null);
        }
        return total;
    }

    private Map<String, Object> call(
            String region, DynamoDbClient client, IntSupplier millisLeft, Map<String, Object> input)
            throws IOException {
        return answer(new RebuildFeaturesHandler(host(region, client)), millisLeft, input);
    }

    private static Map<String, Object> answer(
            RequestStreamHandler handler, IntSupplier millisLeft, Map<String, Object> input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Context context = (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, _, _) -> millisLeft.getAsInt());
        handler.handleRequest(new ByteArrayInputStream(Json.write(input).getBytes(UTF_8)), out, context);
        return Json.object(out.toString(UTF_8));
    }

    private Host host(String region, DynamoDbClient client) {
        return new Host(
                new Environment(Map.of(
                        "PAYMENT_TABLE", LocalTables.PAYMENT,
                        "FEATURE_TABLE", LocalTables.FEATURE,
                        "AWS_REGION", region)),
                (_, _, _) -> client,
                clock(),
                new Random(1),
                new PrintStream(logged, true, UTF_8));
    }

    /** The tables with so small pages, and something that happens whenever one was read. */
    private static DynamoDbClient paged(int size, Runnable afterwards) {
        return (DynamoDbClient) Proxy.newProxyInstance(
                DynamoDbClient.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (_, method, args) -> {
                    if (args[0] instanceof ScanRequest scan) {
                        ScanResponse page = tables.client()
                                .scan(scan.toBuilder().limit(size).build());
                        afterwards.run();
                        return page;
                    }
                    try {
                        return method.invoke(tables.client(), args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Clock clock() {
        return Clock.fixed(NOW, ZoneOffset.UTC);
    }
}
