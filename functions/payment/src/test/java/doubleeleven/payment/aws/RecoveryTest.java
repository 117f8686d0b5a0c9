package doubleeleven.payment.aws;

import static doubleeleven.payment.aws.Ledger.ATTEMPT;
import static doubleeleven.payment.aws.Ledger.NOW;
import static doubleeleven.payment.aws.Ledger.ORDER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.phasetwo.Payments;
import doubleeleven.payment.phasetwo.Recovery;
import doubleeleven.payment.phasetwo.SettlementTask;
import doubleeleven.testkit.LocalTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private static final Instant DUE = NOW.plusSeconds(20);

    private static LocalTables tables;

    private final List<SettlementTask> sent = new CopyOnWriteArrayList<>();
    private final List<Payment> told = new CopyOnWriteArrayList<>();
    private final NotedSetbacks setbacks = new NotedSetbacks();
    private Ledger ledger;

    @BeforeAll
    static void start() {
        tables = LocalTables.start();
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void emptyLedger() {
        tables.clear();
        ledger = new Ledger(tables);
    }

    @Test
    void anUndecidedPaymentPastItsDeadlineIsAbortedAndSentToPhaseTwo() {
        ledger.put(Ledger.payment(PaymentStatus.TRYING, ATTEMPT, Ledger.purchase(100)));

        Recovery.Sweep sweep = recovery(DUE).sweep("RZ01", Duration.ZERO, RecoveryTest::always);

        assertThat(sweep.aborted()).isEqualTo(1);
        assertThat(sent).containsExactly(new SettlementTask(ORDER, ATTEMPT, List.of(), Ledger.TRACE));
        Payment payment = ledger.payment();
        assertThat(payment.status()).isEqualTo(PaymentStatus.ABORTED);
        assertThat(payment.reasons()).containsExactly("EXPIRED");
        assertThat(payment.dueAt()).isEqualTo(DUE.plus(DynamoDbPaymentWrites.PHASE_TWO_DUE));
    }

    @Test
    void whoeverAbortsAPaymentStampsItsUnitAndItsColour() {
        ledger.put(Ledger.payment(PaymentStatus.TRYING, ATTEMPT, Ledger.purchase(100)));

        ledger.payments("RZ02", "b").abort(ORDER, ATTEMPT, DeclineReason.EXPIRED, DUE);

        assertThat(ledger.payment().unit()).isEqualTo("RZ02");
        assertThat(ledger.payment().colour()).isEqualTo("b");
        assertThat(ledger.payment().due()).startsWith("RZ02#");
    }

    @Test
    void aPaymentIsLeftAloneBeforeItsTimeAndByThoseWhoAreNotNearestToIt() {
        ledger.put(Ledger.payment(PaymentStatus.TRYING, ATTEMPT, Ledger.purchase(100)));

        recovery(DUE.minusMillis(1)).sweep("RZ01", Duration.ZERO, RecoveryTest::always);
        recovery(DUE.plusSeconds(9)).sweep("RZ01", Duration.ofSeconds(10), RecoveryTest::always);
        recovery(DUE.plusSeconds(60)).sweep("RZ02", Duration.ZERO, RecoveryTest::always);

        assertThat(sent).isEmpty();
        assertThat(ledger.payment().status()).isEqualTo(PaymentStatus.TRYING);
    }

    @Test
    void aDecidedPaymentIsDrivenAgainAndThenLeftAWhile() {
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));

        recovery(DUE).sweep("RZ01", Duration.ZERO, RecoveryTest::always);
        recovery(DUE.plusSeconds(1)).sweep("RZ01", Duration.ZERO, RecoveryTest::always);

        assertThat(sent).hasSize(1);
        assertThat(ledger.payment().dueAt()).isEqualTo(DUE.plusSeconds(10));
    }

    @Test
    void thoseWhoListenAreToldOfWhatIsDrivenBeforeItIs() {
        Payment payment = Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100));
        ledger.put(payment);
        List<Boolean> toldBefore = new ArrayList<>();
        Recovery recovery = new Recovery(
                ledger.payments(),
                task -> toldBefore.add(
                        told.stream().anyMatch(each -> each.order().equals(task.order()))),
                told::add,
                setbacks,
                Ledger.at(DUE),
                16);

        recovery.sweep("RZ01", Duration.ZERO, RecoveryTest::always);

        assertThat(told).extracting(Payment::attempt).containsExactly(ATTEMPT);
        assertThat(toldBefore).containsExactly(true);
    }

    /** Its abort is a decision, so the relay tells it. */
    @Test
    void nobodyIsToldOfAPaymentThatIsStillUndecided() {
        ledger.put(Ledger.payment(PaymentStatus.TRYING, ATTEMPT, Ledger.purchase(100)));

        recovery(DUE).sweep("RZ01", Duration.ZERO, RecoveryTest::always);

        assertThat(sent).hasSize(1);
        assertThat(told).isEmpty();
    }

    @Test
    void aListenerThatCannotBeToldIsReportedAndKeepsNoMoneyWaiting() {
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));
        Recovery recovery = new Recovery(
                ledger.payments(),
                sent::add,
                payment -> {
                    throw new IllegalStateException("the queue is away");
                },
                setbacks,
                Ledger.at(DUE),
                16);

        assertThat(recovery.sweep("RZ01", Duration.ZERO, RecoveryTest::always)).isEqualTo(new Recovery.Sweep(0, 1, 0));

        assertThat(sent).hasSize(1);
        assertThat(setbacks.untold()).containsExactly(ORDER.value());
    }

    @Test
    void aPaymentThatCannotBeReadIsReportedAndStopsNoOther() {
        ledger.poison(OrderHash.ofOrder("gifts", "unreadable").value());
        ledger.poison("no order hash at all");
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));

        Recovery.Sweep sweep = recovery(DUE).sweep("RZ01", Duration.ZERO, RecoveryTest::always);

        assertThat(sent).extracting(SettlementTask::order).containsExactly(ORDER);
        assertThat(sweep.failed()).isEqualTo(2);
        assertThat(setbacks.recoveries())
                .containsExactlyInAnyOrder(
                        OrderHash.ofOrder("gifts", "unreadable").value(), "no order hash at all");
    }

    @Test
    void aPaymentWhosePhaseTwoCannotBeAskedForIsReportedAndStopsNoOther() {
        putOpen(3);
        Recovery recovery = new Recovery(
                ledger.payments(),
                task -> {
                    if (task.order().equals(order(1))) {
                        throw new IllegalStateException("the queue is away");
                    }
                    sent.add(task);
                },
                told::add,
                setbacks,
                Ledger.at(DUE),
                16);

        assertThat(recovery.sweep("RZ01", Duration.ZERO, RecoveryTest::always).driven())
                .isEqualTo(2);

        assertThat(setbacks.recoveries()).containsExactly(order(1).value());
    }

    @Test
    void oneSweepDrivesAllThatIsOpenHoweverManyPagesThatTakes() {
        putOpen(250);

        Recovery.Sweep sweep = recovery(DUE).sweep("RZ01", Duration.ZERO, RecoveryTest::always);

        assertThat(sweep.driven()).isEqualTo(250);
        assertThat(sent)
                .extracting(SettlementTask::order)
                .doesNotHaveDuplicates()
                .hasSize(250);
    }

    @Test
    void whatASweepHasNoTimeForIsLeftToTheNext() {
        putOpen(30);
        AtomicInteger asked = new AtomicInteger();

        recovery(DUE).sweep("RZ01", Duration.ZERO, () -> asked.incrementAndGet() <= 20);
        assertThat(sent).hasSize(20);

        recovery(DUE).sweep("RZ01", Duration.ZERO, RecoveryTest::always);
        assertThat(sent)
                .extracting(SettlementTask::order)
                .doesNotHaveDuplicates()
                .hasSize(30);
    }

    @Test
    void aUnitThatCannotBeLookedThroughStopsNoOther() throws IOException {
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));
        Payments payments = payments((method, args) -> {
            if (method.equals("due") && args[0].equals("RZ02")) {
                throw new IllegalStateException("the index is away");
            }
        });
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, UTF_8);
        RecoveryHandler handler = new RecoveryHandler(
                new SweepPlan(List.of(SweepPlan.Look.own("RZ02"), SweepPlan.Look.own("RZ01"))),
                new Recovery(payments, sent::add, told::add, setbacks, Ledger.at(DUE), 16),
                new Log("recovery", out, Ledger.at(DUE)),
                new Metrics(Map.of(), out, Ledger.at(DUE)),
                new Random(1),
                RecoveryTest::noTime);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();

        handler.handleRequest(new ByteArrayInputStream(new byte[0]), answer, timeForOneSweep());

        assertThat(answer.toString(UTF_8)).contains("\"driven\":1");
        assertThat(sent).hasSize(1);
        assertThat(printed.toString(UTF_8)).contains("\"RecoveryFailed\":1").contains("the index is away");
    }

    /** Recovery postpones what it drives, so the time since it was last due says nothing about how long a payment is stuck. */
    @Test
    void aPaymentThatStaysOpenForAnHourIsAnHourOldHoweverOftenItWasDrivenMeanwhile() throws IOException {
        Instant later = NOW.plus(Duration.ofHours(1));
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));
        ledger.put(Ledger.payment(order(1), PaymentStatus.SUCCEEDED, ATTEMPT, Ledger.purchase(100)));
        ledger.payments().postpone(ledger.payment(), later.plusSeconds(30));

        String printed = runAt(later);

        assertThat(sent).isEmpty();
        assertThat(printed).contains("\"OldestOpenPayment\":" + 3_600_000);
    }

    @Test
    void theOldestOpenPaymentIsLookedForInEveryUnitSoThatADeadOnesShowsToo() throws IOException {
        ledger.payments("RZ02", "a").abortUnclaimed(order(1), ATTEMPT, null, DeclineReason.EXPIRED, NOW);

        assertThat(runAt(NOW.plusSeconds(90))).contains("\"OldestOpenPayment\":" + 90_000);
    }

    @Test
    void aPaymentThatNobodyCanReadGrowsOldInTheMetric() throws IOException {
        ledger.poison("no order hash at all");

        assertThat(runAt(NOW.plusSeconds(90))).contains("\"OldestOpenPayment\":" + 90_000);
    }

    @Test
    void whereNothingIsOpenNothingIsOld() throws IOException {
        assertThat(runAt(NOW)).contains("\"OldestOpenPayment\":0.0");
    }

    /** What recovery prints in one run of its function. */
    private String runAt(Instant now) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, UTF_8);
        new RecoveryHandler(
                        new SweepPlan(List.of(SweepPlan.Look.own("RZ01"), SweepPlan.Look.ward("RZ02"))),
                        recovery(now),
                        new Log("recovery", out, Ledger.at(now)),
                        new Metrics(Map.of(), out, Ledger.at(now)),
                        new Random(1),
                        RecoveryTest::noTime)
                .handleRequest(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), timeForOneSweep());
        return printed.toString(UTF_8);
    }

    /** How a sweeper looked at the open payments, after how much of its first minute. */
    private record Looked(String how, Duration after) {}

    private List<Looked> looks(long seed) throws IOException {
        AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
        List<Looked> looks = new ArrayList<>();
        Payments payments = payments((how, _) -> looks.add(new Looked(how, passed.get())));
        Context context = left(() -> Duration.ofMinutes(1).minus(passed.get()));
        PrintStream out = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
        new RecoveryHandler(
                        new SweepPlan(List.of(SweepPlan.Look.own("RZ01"))),
                        new Recovery(payments, sent::add, told::add, setbacks, Ledger.at(NOW), 16),
                        new Log("recovery", out, Ledger.at(NOW)),
                        new Metrics(Map.of(), out, Ledger.at(NOW)),
                        new Random(seed),
                        pause -> passed.accumulateAndGet(pause, Duration::plus))
                .handleRequest(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), context);
        return looks;
    }

    private List<Duration> times(long seed) throws IOException {
        return looks(seed).stream().map(Looked::after).toList();
    }

    @Test
    void sweepersThatBeginInTheSameSecondLookAtDifferentTimesFromTheFirstLookOn() throws IOException {
        List<Duration> one = times(1);
        List<Duration> other = times(2);

        assertThat(one).doesNotContainAnyElementsOf(other);
        for (List<Duration> looks : List.of(one, other)) {
            assertThat(looks.getFirst()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
            assertThat(looks.getLast()).isBetween(Duration.ofSeconds(44), Duration.ofSeconds(50));
        }
    }

    @Test
    void theOldestPaymentIsLookedForAloneAndTheFirstSweepFollowsSecondsLater() throws IOException {
        for (long seed = 1; seed <= 20; seed++) {
            List<Looked> looks = looks(seed);

            assertThat(looks).extracting(Looked::how).startsWith("oldestOpen", "due");
            assertThat(looks.get(1).after().minus(looks.getFirst().after()))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
        }
    }

    @Test
    void twoSweepersDriveOnePaymentOnce() {
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));
        Payment seenByBoth = ledger.payment();

        assertThat(ledger.payments().postpone(seenByBoth, DUE.plusSeconds(5))).isTrue();
        assertThat(ledger.payments().postpone(seenByBoth, DUE.plusSeconds(6))).isFalse();
    }

    @Test
    void aTerminalPaymentIsInNobodysIndex() {
        ledger.put(Ledger.payment(PaymentStatus.SUCCEEDED, ATTEMPT, Ledger.purchase(100)));

        assertThat(ledger.payments().due("RZ01", NOW.plus(Duration.ofDays(365))))
                .isEmpty();
    }

    @Test
    void aUnitSweepsItsOwnFirstThenItsWardsThenEveryone() {
        String topology = """
                {"version": 1, "units": [
                  {"name": "RZ01", "region": "us-east-1", "standby": "RZ02", "colours": {"a": 100}, "shards": ["00-33"]},
                  {"name": "RZ02", "region": "us-east-2", "standby": "RZ03", "colours": {"a": 100}, "shards": ["34-66"]},
                  {"name": "RZ03", "region": "us-west-2", "standby": "RZ01", "colours": {"a": 100}, "shards": ["67-99"]}]}
                """;

        SweepPlan plan = SweepPlan.of("RZ02", RoutingDocument.read(topology));

        assertThat(plan.looks())
                .containsExactlyInAnyOrder(
                        new SweepPlan.Look("RZ02", Duration.ZERO, 1),
                        new SweepPlan.Look("RZ01", Duration.ofSeconds(10), 2),
                        new SweepPlan.Look("RZ03", Duration.ofSeconds(25), 3));
        assertThat(IntStream.range(0, 7)
                        .mapToObj(sweep -> plan.inSweep(sweep).stream()
                                .map(SweepPlan.Look::unit)
                                .sorted()
                                .collect(Collectors.joining(" "))))
                .as("those nearer look more often")
                .containsExactly(
                        "RZ01 RZ02 RZ03", "RZ02", "RZ01 RZ02", "RZ02 RZ03", "RZ01 RZ02", "RZ02", "RZ01 RZ02 RZ03");
    }

    private void putOpen(int count) {
        IntStream.range(0, count)
                .forEach(number -> ledger.put(
                        Ledger.payment(order(number), PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100))));
    }

    private static OrderHash order(int number) {
        return OrderHash.ofOrder("gifts", "open-" + number);
    }

    private static boolean always() {
        return true;
    }

    private static Context timeForOneSweep() {
        return left(() -> Duration.ofSeconds(12));
    }

    private static Context left(Supplier<Duration> left) {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (proxy, method, args) -> Math.toIntExact(left.get().toMillis()));
    }

    /** The ledger's, with something done before each call. */
    private Payments payments(BiConsumer<String, Object[]> before) {
        DynamoDbPaymentWrites payments = ledger.payments();
        return (Payments) Proxy.newProxyInstance(
                Payments.class.getClassLoader(), new Class<?>[] {Payments.class}, (proxy, method, args) -> {
                    before.accept(method.getName(), args);
                    method.setAccessible(true);
                    return method.invoke(payments, args);
                });
    }

    private static void noTime(Duration pause) {
        throw new AssertionError("no time for " + pause);
    }

    private Recovery recovery(Instant now) {
        return new Recovery(ledger.payments(), sent::add, told::add, setbacks, Ledger.at(now), 16);
    }
}
