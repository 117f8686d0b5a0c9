package doubleeleven.statemachines;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.account.Tombstone;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Commands;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
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
import doubleeleven.testkit.LocalTables;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Accounts and payment items in a real database, and the inputs that the gateway makes of attempts to pay from them. */
final class Orders {
    static final CurrencyUnit GBP = CurrencyUnit.GBP;
    static final Instant NOW = Instant.parse("2025-11-11T00:00:00Z");
    static final Instant DUE = NOW.plusSeconds(20);
    static final String CUSTOMER = "14911";
    static final String MERCHANT = "gifts";
    static final AccountKey BALANCE = AccountKey.balanceOf(CUSTOMER);
    static final AccountKey COUPON = AccountKey.couponOf(CUSTOMER, "spring");
    static final AccountKey BUCKET = AccountKey.bucketOf(MERCHANT, 3);
    static final OrderHash ORDER = OrderHash.ofOrder(MERCHANT, "536365");
    static final OrderHash REFUND = ORDER.refund("1");
    static final OrderHash TRANSFER = OrderHash.ofTransfer(CUSTOMER, "1");
    static final AccountKey REST = new AccountKey(ORDER.value(), null);
    static final AttemptId MINE = AttemptId.of(ORDER, "key-1", "fingerprint");
    static final AttemptId OTHER = AttemptId.of(ORDER, "key-2", "fingerprint");
    /** The credit of {@link #ORDER} to one of its payees. */
    static final Entry SHARE = Entry.of(MERCHANT, 3, OTHER, NOW, 100, GBP, ORDER);

    /** The unit that the workflow runs in, and the version of the rule that sent the payment there. */
    static final String UNIT = "RZ02";

    static final long RULE = 3;

    static final long NO_CEILING = 9_007_199_254_740_991L;

    /** A branch as the gateway asks for it: see its {@code Attempt.Try}. */
    record Asked(BranchKind kind, AccountKey account, long amount, int cap, long floor, long ceiling) {
        static Asked of(BranchKind kind, AccountKey account, long amount) {
            return new Asked(kind, account, amount, 32, amount, NO_CEILING);
        }

        /** Planned on what was seen, as a refund to several sources is. */
        static Asked alone(BranchKind kind, AccountKey account, long amount, long seen) {
            return new Asked(kind, account, amount, 1, Math.max(seen, amount), seen);
        }

        Asked cap(int most) {
            return new Asked(kind, account, amount, most, floor, ceiling);
        }

        Branch branch() {
            return new Branch(kind, account, amount);
        }
    }

    private final LocalTables tables;

    Orders(LocalTables tables) {
        this.tables = tables;
    }

    static Command purchase(Asked... asked) {
        long amount = List.of(asked).stream()
                .filter(each -> each.kind() == BranchKind.DEBIT)
                .mapToLong(Asked::amount)
                .sum();
        return command(PaymentKind.PAYMENT, ORDER, amount, List.of(new Payee(MERCHANT, 3, amount)), asked);
    }

    static Command refund(long amount, Asked... asked) {
        return refund(REFUND, amount, asked);
    }

    static Command refund(OrderHash number, long amount, Asked... asked) {
        return command(PaymentKind.REFUND, number, amount, List.of(), asked);
    }

    static Command transfer(long amount, Asked... asked) {
        return command(PaymentKind.TRANSFER, TRANSFER, amount, List.of(), asked);
    }

    /** Two merchants share it. */
    static Command shared(Asked asked) {
        long part = asked.amount() / 3;
        return command(
                PaymentKind.PAYMENT,
                ORDER,
                asked.amount(),
                List.of(new Payee(MERCHANT, 3, part), new Payee("toys", 0, asked.amount() - part)),
                asked);
    }

    private static Command command(PaymentKind kind, OrderHash order, long amount, List<Payee> payees, Asked... asked) {
        return new Command(
                kind,
                new PaymentId(Shard.of(CUSTOMER), order),
                "fingerprint",
                "key",
                CUSTOMER,
                MERCHANT,
                "536365",
                Money.ofMinor(GBP, amount),
                List.of(asked).stream().map(Asked::branch).toList(),
                payees,
                null,
                kind == PaymentKind.REFUND ? ORDER : null,
                null,
                1,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }

    /** The input that the gateway's {@code WorkflowInput} builds, read back from its JSON. */
    static Map<String, Object> input(AttemptId attempt, Command command, Asked... asked) {
        Map<String, Object> payment = new LinkedHashMap<>();
        payment.put("pk", command.id().order().value());
        payment.put("attempt", attempt.value());
        payment.put("shard", command.id().shard().toString());
        payment.put("rule", RULE);
        payment.put("unit", UNIT);
        payment.put("colour", "b");
        payment.put("due", "RZ02#1");
        payment.put("dueAt", DUE.toEpochMilli());
        payment.put("claimedAt", NOW.toEpochMilli());
        payment.put("command", Commands.toJson(command));
        List<Object> branches =
                List.of(asked).stream().<Object>map(Orders::branch).toList();
        return Json.object(Json.write(Map.of("payment", payment, "branches", branches)));
    }

    static Map<String, Object> input(Asked... asked) {
        return input(MINE, purchase(asked), asked);
    }

    static Map<String, Object> branch(Asked asked) {
        Map<String, Object> branch = new LinkedHashMap<>();
        branch.put("kind", asked.kind().name());
        branch.put("pk", asked.account().pk());
        if (asked.account().sk() != null) {
            branch.put("sk", asked.account().sk());
        }
        branch.put("amount", asked.amount());
        branch.put("cap", asked.cap());
        branch.put("floor", asked.floor());
        branch.put("ceiling", asked.ceiling());
        return branch;
    }

    static Fund fund(AccountKey key, long available, Map<AttemptId, Hold> holds, Map<AttemptId, Tombstone> finished) {
        return Fund.open(key, GBP, 0).with(available, holds, Map.of(), finished);
    }

    static Fund announced(AccountKey key, long available, Map<AttemptId, Hold> incoming) {
        return Fund.open(key, GBP, 0).with(available, Map.of(), incoming, Map.of());
    }

    static Hold hold(long amount) {
        return new Hold(amount, ORDER, DUE);
    }

    static Tombstone tombstone() {
        return new Tombstone(NOW, ORDER);
    }

    static Payment payment(PaymentStatus status, AttemptId attempt, Map<AttemptId, String> aborted) {
        return payment(status, attempt, aborted, null, Map.of());
    }

    static Payment payment(
            PaymentStatus status,
            AttemptId attempt,
            Map<AttemptId, String> aborted,
            Long refundable,
            Map<AttemptId, Hold> holds) {
        boolean open = !status.isTerminal();
        return new Payment(
                ORDER,
                status,
                attempt,
                "RZ01",
                "a",
                open ? "RZ01#2" : null,
                open ? DUE : null,
                NOW,
                status == PaymentStatus.TRYING ? null : NOW,
                open ? null : NOW,
                aborted,
                purchase(Asked.of(BranchKind.DEBIT, BALANCE, 100)),
                List.of(),
                null,
                List.of(),
                List.of(),
                refundable,
                holds,
                Map.of());
    }

    /** A payment that succeeded, with so much left to refund. */
    void settledWith(long refundable, Map<AttemptId, Hold> holds) {
        Map<String, AttributeValue> item =
                attributes(payment(PaymentStatus.SUCCEEDED, OTHER, Map.of(), refundable, holds));
        item.put("currency", s("GBP"));
        tables.client()
                .putItem(request -> request.tableName(LocalTables.PAYMENT).item(item));
    }

    void put(Fund fund) {
        tables.client()
                .putItem(request -> request.tableName(LocalTables.ACCOUNT).item(Schemas.FUND.itemToMap(fund, true)));
    }

    void put(Payment payment) {
        put(payment, List.of());
    }

    void put(Payment payment, List<String> reasons) {
        // Only a payment that succeeded can be held on: until then its item has no maps for holds.
        Map<String, AttributeValue> item = attributes(payment);
        List.of("available", "holds", "finished").forEach(item::remove);
        item.put("reasons", AttributeValue.fromL(reasons.stream().map(Values::s).toList()));
        tables.client()
                .putItem(request -> request.tableName(LocalTables.PAYMENT).item(item));
    }

    /** The entry of one of several payees, with so much of its share left to refund. */
    void putShare(long refundable, Map<AttemptId, Hold> holds) {
        Entry share = new Entry(SHARE.partition(), SHARE.sortKey(), 100, GBP, ORDER, null, refundable, holds);
        Map<String, AttributeValue> item = new HashMap<>(Schemas.ENTRY.itemToMap(share, true));
        item.put("finished", Values.m(Map.of()));
        tables.client()
                .putItem(request -> request.tableName(LocalTables.ACCOUNT).item(item));
    }

    void putEntry(Entry entry) {
        tables.client()
                .putItem(request -> request.tableName(LocalTables.ACCOUNT).item(Schemas.ENTRY.itemToMap(entry, true)));
    }

    /** On a bill, or unbilled on a loan. */
    void putOwed(Fund fund) {
        tables.client()
                .putItem(request -> request.tableName(LocalTables.CREDIT).item(Schemas.FUND.itemToMap(fund, true)));
    }

    Fund owed(AccountKey key) {
        return Objects.requireNonNull(Schemas.FUND.mapToItem(tables.client()
                .getItem(request ->
                        request.tableName(LocalTables.CREDIT).key(key(key)).consistentRead(true))
                .item()));
    }

    Entry share() {
        return Objects.requireNonNull(Schemas.ENTRY.mapToItem(tables.client()
                .getItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(key(SHARE.key()))
                        .consistentRead(true))
                .item()));
    }

    Fund fund(AccountKey account) {
        return Objects.requireNonNull(Schemas.FUND.mapToItem(tables.client()
                .getItem(request ->
                        request.tableName(LocalTables.ACCOUNT).key(key(account)).consistentRead(true))
                .item()));
    }

    boolean exists(AccountKey account) {
        return tables.client()
                .getItem(request -> request.tableName(LocalTables.ACCOUNT).key(key(account)))
                .hasItem();
    }

    Payment payment(OrderHash order) {
        return Objects.requireNonNull(Schemas.PAYMENT.mapToItem(item(order)));
    }

    Map<String, AttributeValue> item(OrderHash order) {
        return tables.client()
                .getItem(request ->
                        request.tableName(LocalTables.PAYMENT).key(key(order)).consistentRead(true))
                .item();
    }

    private static Map<String, AttributeValue> attributes(Payment payment) {
        return new HashMap<>(Schemas.PAYMENT.itemToMap(payment, true));
    }
}
