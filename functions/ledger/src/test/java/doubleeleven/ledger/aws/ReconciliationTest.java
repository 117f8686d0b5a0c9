package doubleeleven.ledger.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.aws.Log;
import doubleeleven.aws.dynamodb.MoneyTables;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.testkit.LocalTables;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ReconciliationTest {
    private static final Instant NOW = Instant.parse("2025-11-12T00:00:00Z");
    private static final Instant OVERDUE = NOW.minus(Reconciliation.GRACE).minusMillis(1);
    private static final CurrencyUnit GBP = CurrencyUnit.GBP;
    private static final OrderHash ORDER = OrderHash.ofOrder("gifts", "536365");
    private static final AttemptId ATTEMPT = AttemptId.of(ORDER, "key-1", "fingerprint");
    private static final AccountKey BALANCE = AccountKey.balanceOf("14911");
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static LocalTables tables;

    private final List<Map<String, Object>> phaseTwo = new ArrayList<>();
    private final List<Map<String, Object>> posting = new ArrayList<>();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    @BeforeAll
    static void start() {
        tables = LocalTables.start();
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void emptyTables() {
        tables.clear();
    }

    @Test
    void anOverdueHoldIsSentToPhaseTwoWithItsBranchAndItsPaymentsTrace() {
        put(holding(BALANCE, OVERDUE));
        putPayment(ATTEMPT);

        assertThat(run()).isEqualTo(new Reconciliation.Result(2, 1, 0, 0, true));

        assertThat(phaseTwo)
                .containsExactly(Map.of(
                        "pk", ORDER.value(),
                        "attempt", ATTEMPT.value(),
                        "why", "RECLAIM",
                        "trace", TRACE,
                        "branches", List.of(branch("DEBIT", BALANCE))));
    }

    @Test
    void theTraceOfAnotherAttemptIsNotThisOnes() {
        put(holding(BALANCE, OVERDUE));
        putPayment(AttemptId.of(ORDER, "key-2", "fingerprint"));

        run();

        assertThat(phaseTwo).hasSize(1);
        assertThat(phaseTwo.getFirst()).doesNotContainKey("trace");
    }

    @Test
    void aHoldWhosePaymentMayStillBeUnderWayIsLeftAlone() {
        put(holding(BALANCE, NOW.minus(Reconciliation.GRACE)));

        run();

        assertThat(phaseTwo).isEmpty();
    }

    @Test
    void eachKindOfHoldIsNamedForWhatItIs() {
        AccountKey mandate = AccountKey.mandateOf("14911", "gym");
        AccountKey coupon = AccountKey.couponOf("14911", "WELCOME");
        Map<AttemptId, Hold> hold = Map.of(ATTEMPT, new Hold(40, ORDER, OVERDUE));
        put(Fund.mandate(mandate, GBP, 100, 50, "gym", NOW).with(60, hold, Map.of(), Map.of()));
        put(holding(coupon, OVERDUE));
        put(Fund.open(BALANCE, GBP, 60).with(60, Map.of(), hold, Map.of()));
        putHeldPayment("original", OVERDUE);
        AccountKey line = AccountKey.creditLineOf("14911");
        put(holding(line, OVERDUE));
        AccountKey bill = new AccountKey(BALANCE.pk(), "BILL#2026-10#PRINCIPAL");
        putItem(LocalTables.CREDIT, Schemas.FUND.itemToMap(holding(bill, OVERDUE), true));

        run();

        AccountKey original =
                new AccountKey(OrderHash.ofOrder("gifts", "original").value(), null);
        assertThat(phaseTwo.stream().map(message -> message.get("branches")))
                .containsExactlyInAnyOrder(
                        List.of(branch("ALLOWANCE", mandate)),
                        List.of(branch("DEBIT", coupon)),
                        List.of(branch("CREDIT", BALANCE)),
                        List.of(branch("REFUNDABLE", original)),
                        List.of(branch("DEBIT", line)),
                        List.of(branch("OWED", bill)));
    }

    @Test
    void aRepaymentsHoldIsLeftAloneUntilItIsOverdue() {
        AccountKey loan = new AccountKey(BALANCE.pk(), "LOAN#1");
        putItem(LocalTables.CREDIT, Schemas.FUND.itemToMap(holding(loan, NOW), true));

        assertThat(run()).isEqualTo(new Reconciliation.Result(1, 0, 0, 0, true));
    }

    @Test
    void aRefundsHoldOnItsOriginalPaymentIsLeftAloneUntilItIsOverdue() {
        putHeldPayment("original", NOW);

        assertThat(run().reclaimed()).isZero();
    }

    @Test
    void anEntryThatWasNeverPostedIsSentToPostingAndOneThatWasIsNot() {
        Entry forgotten = Entry.of("gifts", 3, ATTEMPT, OVERDUE, 100, GBP, ORDER);
        put(forgotten);
        put(new Entry(forgotten.partition(), forgotten.sortKey() + "2", 100, GBP, ORDER, 1L, null, Map.of()));
        put(Entry.of("gifts", 4, ATTEMPT, NOW, 100, GBP, ORDER));
        putPayment(ATTEMPT);

        assertThat(run().posted()).isEqualTo(1);

        assertThat(posting)
                .containsExactly(
                        Map.of("merchant", "gifts", "bucket", 3, "from", OVERDUE.toEpochMilli(), "trace", TRACE));
    }

    @Test
    void aHoldOnAShareIsGivenBackWhetherTheShareIsPostedOrNot() {
        Entry share = Entry.of("gifts", 3, ATTEMPT, OVERDUE, 100, GBP, ORDER).asShare();
        Map<AttemptId, Hold> holds = Map.of(ATTEMPT, new Hold(40, ORDER, OVERDUE));
        put(new Entry(share.partition(), share.sortKey(), 100, GBP, ORDER, 1L, 60L, holds));
        put(new Entry(share.partition(), share.sortKey() + "2", 100, GBP, ORDER, null, 60L, holds));
        put(new Entry(
                share.partition(),
                share.sortKey() + "3",
                100,
                GBP,
                ORDER,
                1L,
                60L,
                Map.of(ATTEMPT, new Hold(40, ORDER, NOW))));

        Reconciliation.Result result = run();

        assertThat(result.failed()).isZero();
        assertThat(result.posted()).isEqualTo(1);
        assertThat(phaseTwo.stream().map(message -> message.get("branches")))
                .containsExactlyInAnyOrder(
                        List.of(branch("SHARE", share.key())),
                        List.of(branch("SHARE", new AccountKey(share.partition(), share.sortKey() + "2"))));
    }

    @Test
    void anItemThatCannotBeReadIsReportedAndStopsNoOther() {
        Map<String, AttributeValue> broken = Map.of("no attempt", Values.s("no hold"));
        putItem(LocalTables.ACCOUNT, Map.of("pk", Values.s("broken"), "sk", Values.s("BALANCE"), "holds", m(broken)));
        putItem(LocalTables.PAYMENT, Map.of("pk", Values.s("broken"), "holds", m(broken)));
        put(holding(BALANCE, OVERDUE));
        putHeldPayment("original", OVERDUE);

        Reconciliation.Result result = run();

        assertThat(result.failed()).isEqualTo(2);
        assertThat(result.reclaimed()).isEqualTo(2);
        assertThat(result.complete()).isTrue();
        assertThat(logged.toString(UTF_8)).contains(LocalTables.ACCOUNT).contains(LocalTables.PAYMENT);
    }

    @Test
    void aRunThatHasNoTimeForTheTailLeavesItToTheNextAndTheOneAfterStartsAfresh() {
        putTwoPagesOfOverdueHoldsInBothTables();

        Reconciliation.Result first = reconciliation().run(() -> false);
        assertThat(first.complete()).isFalse();
        assertThat(first.reclaimed()).isBetween(1, 79);
        Reconciliation.Result second = reconciliation().run(() -> false);

        assertThat(second.complete()).as("this run saw the tail alone").isFalse();
        assertThat(phaseTwo.stream().map(message -> message.get("branches")))
                .doesNotHaveDuplicates()
                .hasSize(80);
        assertThat(run().reclaimed()).isEqualTo(80);
    }

    @Test
    void aRunThatBeganWhereAnotherWasBrokenOffSeesAlsoWhatBecameOverdueBefore() {
        putTwoPagesOfOverdueHoldsInBothTables();
        reconciliation().run(() -> false);
        List<Object> seenBefore =
                phaseTwo.stream().map(message -> message.get("branches")).toList();
        phaseTwo.clear();

        Reconciliation.Result next = run();

        assertThat(next.complete()).isTrue();
        assertThat(phaseTwo.stream().map(message -> message.get("branches"))).containsAll(seenBefore);
        assertThat(phaseTwo.stream().map(message -> message.get("branches")).distinct())
                .hasSize(80);
    }

    private static void putTwoPagesOfOverdueHoldsInBothTables() {
        IntStream.range(0, 40).forEach(number -> put(holding(AccountKey.balanceOf("c" + number), OVERDUE)));
        IntStream.range(0, 40).forEach(number -> putHeldPayment("original-" + number, OVERDUE));
        makeTwoPagesOf(LocalTables.ACCOUNT);
        makeTwoPagesOf(LocalTables.PAYMENT);
    }

    private Reconciliation.Result run() {
        return reconciliation().run(() -> true);
    }

    private Reconciliation reconciliation() {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        return new Reconciliation(
                tables.client(),
                new MoneyTables(LocalTables.ACCOUNT, LocalTables.PAYMENT, LocalTables.CREDIT),
                phaseTwo::add,
                posting::add,
                clock,
                new Log("reconciliation", new PrintStream(logged, true, UTF_8), clock));
    }

    private static Fund holding(AccountKey key, Instant due) {
        return Fund.open(key, GBP, 100).with(60, Map.of(ATTEMPT, new Hold(40, ORDER, due)), Map.of(), Map.of());
    }

    private static Map<String, Object> branch(String kind, AccountKey key) {
        return key.sk() == null
                ? Map.of("kind", kind, "pk", key.pk(), "amount", 40L)
                : Map.of("kind", kind, "pk", key.pk(), "sk", key.sk(), "amount", 40L);
    }

    /** A scan's page ends at a megabyte. */
    private static void makeTwoPagesOf(String table) {
        IntStream.range(0, 4)
                .forEach(number -> putItem(
                        table,
                        Map.of(
                                "pk", Values.s("large-" + number),
                                "sk", Values.s("PROFILE"),
                                "text", Values.s("x".repeat(390_000)))));
    }

    private static void putPayment(AttemptId attempt) {
        putItem(
                LocalTables.PAYMENT,
                Map.of(
                        "pk", Values.s(ORDER.value()),
                        "attempt", Values.s(attempt.value()),
                        "holds", m(Map.of()),
                        "command", m(Map.of("trace", Values.s(TRACE)))));
    }

    /** A payment that succeeded, with a refund's hold on it. */
    private static void putHeldPayment(String number, Instant due) {
        Map<String, AttributeValue> hold =
                Map.of("amount", Values.n(40), "order", Values.s(ORDER.value()), "due", Values.n(due));
        putItem(
                LocalTables.PAYMENT,
                Map.of(
                        "pk", Values.s(OrderHash.ofOrder("gifts", number).value()),
                        "holds", m(Map.of(ATTEMPT.value(), m(hold)))));
    }

    private static AttributeValue m(Map<String, AttributeValue> map) {
        return Values.m(map);
    }

    private static void put(Fund fund) {
        enhanced().table(LocalTables.ACCOUNT, Schemas.FUND).putItem(fund);
    }

    private static void put(Entry entry) {
        enhanced().table(LocalTables.ACCOUNT, Schemas.ENTRY).putItem(entry);
    }

    private static void putItem(String table, Map<String, AttributeValue> item) {
        tables.client().putItem(request -> request.tableName(table).item(item));
    }

    private static DynamoDbEnhancedClient enhanced() {
        return DynamoDbEnhancedClient.builder().dynamoDbClient(tables.client()).build();
    }
}
