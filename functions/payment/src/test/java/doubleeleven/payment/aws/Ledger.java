package doubleeleven.payment.aws;

import static doubleeleven.payment.BranchKind.DEBIT;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.account.Tombstone;
import doubleeleven.aws.dynamodb.DynamoDbPayments;
import doubleeleven.aws.dynamodb.MoneyTables;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.credit.InstalmentPlan;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.Branch;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payee;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.testkit.LocalTables;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** Accounts and payments in a real DynamoDB Local, in the states a workflow leaves behind. */
final class Ledger {
    static final CurrencyUnit GBP = CurrencyUnit.GBP;
    static final Instant NOW = Instant.parse("2025-11-11T00:00:00Z");
    static final String CUSTOMER = "14911";
    static final String MERCHANT = "gifts";
    static final AccountKey BALANCE = AccountKey.balanceOf(CUSTOMER);
    static final OrderHash ORDER = OrderHash.ofOrder(MERCHANT, "536365");
    static final AttemptId ATTEMPT = AttemptId.of(ORDER, "key-1", "fingerprint");
    static final AttemptId OTHER = AttemptId.of(ORDER, "key-2", "fingerprint");

    /** How payments on credit are to be paid back. */
    static final InstalmentPlan PLAN = new InstalmentPlan(3, 25_000);

    static final MoneyTables TABLES = new MoneyTables(LocalTables.ACCOUNT, LocalTables.PAYMENT, LocalTables.CREDIT);
    static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    final LocalTables tables;
    final DynamoDbEnhancedClient enhanced;

    Ledger(LocalTables tables) {
        this.tables = tables;
        this.enhanced =
                DynamoDbEnhancedClient.builder().dynamoDbClient(tables.client()).build();
    }

    DynamoDbPaymentWrites payments() {
        return payments("RZ01", "a");
    }

    DynamoDbPaymentWrites payments(DynamoDbClient client) {
        return new DynamoDbPaymentWrites(
                new DynamoDbPayments(enhanced, LocalTables.PAYMENT), client, LocalTables.PAYMENT, "RZ01", "a");
    }

    /** As the functions of that unit and colour see them. */
    DynamoDbPaymentWrites payments(String unit, String colour) {
        return new DynamoDbPaymentWrites(
                new DynamoDbPayments(enhanced, LocalTables.PAYMENT),
                tables.client(),
                LocalTables.PAYMENT,
                unit,
                colour);
    }

    DynamoDbAccountWrites accounts() {
        return new DynamoDbAccountWrites(tables.client(), TABLES);
    }

    static Clock at(Instant time) {
        return Clock.fixed(time, ZoneOffset.UTC);
    }

    /** The database, with its writes of items counted. */
    static DynamoDbClient counting(DynamoDbClient client, AtomicInteger writes) {
        return (DynamoDbClient) Proxy.newProxyInstance(
                DynamoDbClient.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, args) -> {
                    if (List.of("updateItem", "putItem").contains(method.getName())) {
                        writes.incrementAndGet();
                    }
                    try {
                        return method.invoke(client, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** The database, with something happening after each write that it refuses. */
    static DynamoDbClient afterRefusal(DynamoDbClient client, Runnable happening) {
        return (DynamoDbClient) Proxy.newProxyInstance(
                DynamoDbClient.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, args) -> {
                    try {
                        return method.invoke(client, args);
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof ConditionalCheckFailedException) {
                            happening.run();
                        }
                        throw e.getCause();
                    }
                });
    }

    /** An account with money on hold for an attempt, as Try leaves it. */
    void openWithHold(AccountKey key, long available, AttemptId attempt, long held) {
        put(Fund.open(key, GBP, available + held)
                .with(available, Map.of(attempt, new Hold(held, ORDER, NOW.plusSeconds(20))), Map.of(), Map.of()));
    }

    void put(Fund fund) {
        enhanced.table(LocalTables.ACCOUNT, Schemas.FUND).putItem(fund);
    }

    void put(Payment payment) {
        enhanced.table(LocalTables.PAYMENT, Schemas.PAYMENT).putItem(payment);
    }

    /** An item in the index of open payments that no schema can read. */
    void poison(String key) {
        tables.client()
                .putItem(request -> request.tableName(LocalTables.PAYMENT)
                        .item(Map.of(
                                "pk", Values.s(key),
                                "due", Values.s("RZ01#2"),
                                "dueAt", Values.n(NOW),
                                "status", Values.s("NONSENSE"))));
    }

    Fund fund(AccountKey key) {
        return Objects.requireNonNull(enhanced.table(LocalTables.ACCOUNT, Schemas.FUND)
                .getItem(Key.builder()
                        .partitionValue(key.pk())
                        .sortValue(key.sk())
                        .build()));
    }

    Payment payment() {
        return payments().find(ORDER).orElseThrow();
    }

    Optional<Entry> entry(Entry expected) {
        return Optional.ofNullable(enhanced.table(LocalTables.ACCOUNT, Schemas.ENTRY)
                .getItem(Key.builder()
                        .partitionValue(expected.partition())
                        .sortValue(expected.sortKey())
                        .build()));
    }

    /** An item of what a customer owes, with a part held for an attempt. */
    void oweWithHold(AccountKey key, long available, AttemptId attempt, long held) {
        enhanced.table(LocalTables.CREDIT, Schemas.FUND)
                .putItem(Fund.open(key, GBP, available + held)
                        .with(available, Map.of(attempt, new Hold(held, ORDER, NOW)), Map.of(), Map.of()));
    }

    Map<String, AttributeValue> owed(AccountKey key) {
        return item(LocalTables.CREDIT, key);
    }

    Map<String, AttributeValue> item(AccountKey key) {
        return item(LocalTables.ACCOUNT, key);
    }

    private Map<String, AttributeValue> item(String table, AccountKey key) {
        return tables.client()
                .getItem(
                        request -> request.tableName(table).key(Values.key(key)).consistentRead(true))
                .item();
    }

    /** Lets a refund hold a part of a share, as Try does; answers the entry as it is then. */
    Entry holdOn(Entry share, AttemptId refund, long amount) {
        tables.client()
                .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(Values.key(share.key()))
                        .updateExpression("SET available = available - :amount, holds.#attempt = :hold")
                        .expressionAttributeNames(Map.of("#attempt", refund.value()))
                        .expressionAttributeValues(Map.of(
                                ":amount",
                                Values.n(amount),
                                ":hold",
                                Values.m(Map.of(
                                        "amount", Values.n(amount),
                                        "order", Values.s(ORDER.value()),
                                        "due", Values.n(NOW))))));
        return entry(share).orElseThrow();
    }

    void tombstonesOn(Entry share, Map<AttemptId, Tombstone> tombstones) {
        Map<String, AttributeValue> finished = new HashMap<>();
        tombstones.forEach((attempt, tombstone) ->
                finished.put(attempt.value(), Values.tombstone(tombstone.order(), tombstone.at())));
        tables.client()
                .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(Values.key(share.key()))
                        .updateExpression("SET finished = :finished")
                        .expressionAttributeValues(Map.of(":finished", Values.m(finished))));
    }

    static Command purchase(long amount) {
        return command(
                PaymentKind.PAYMENT,
                amount,
                List.of(new Branch(DEBIT, BALANCE, amount)),
                new Payee(MERCHANT, 3, amount));
    }

    /** Two merchants share it: 30 and 70. */
    static Command shared() {
        return command(
                PaymentKind.PAYMENT,
                100,
                List.of(new Branch(DEBIT, BALANCE, 100)),
                new Payee(MERCHANT, 3, 30),
                new Payee("toys", 0, 70));
    }

    static Command command(PaymentKind kind, long amount, List<Branch> branches, Payee... payees) {
        return new Command(
                kind,
                new PaymentId(Shard.of(CUSTOMER), ORDER),
                "fingerprint",
                "key",
                CUSTOMER,
                MERCHANT,
                "536365",
                Money.ofMinor(GBP, amount),
                branches,
                List.of(payees),
                null,
                null,
                kind == PaymentKind.PAYMENT
                                && branches.stream()
                                        .anyMatch(branch -> branch.account().isCreditLine())
                        ? PLAN
                        : null,
                1,
                TRACE);
    }

    static Payment payment(PaymentStatus status, AttemptId attempt, Command command) {
        return payment(ORDER, status, attempt, command);
    }

    static Payment payment(OrderHash order, PaymentStatus status, AttemptId attempt, Command command) {
        boolean open = !status.isTerminal();
        Map<AttemptId, String> aborted = new HashMap<>();
        if (status == PaymentStatus.ABORTED || status == PaymentStatus.CLOSED) {
            aborted.put(attempt, "INSUFFICIENT_FUNDS");
        }
        return new Payment(
                order,
                status,
                attempt,
                "RZ01",
                "a",
                open ? "RZ01#2" : null,
                open ? NOW.plusSeconds(20) : null,
                NOW,
                status == PaymentStatus.TRYING ? null : NOW,
                open ? null : NOW,
                aborted,
                command,
                List.of(),
                null,
                List.of(),
                List.of(),
                null,
                Map.of(),
                Map.of());
    }
}
