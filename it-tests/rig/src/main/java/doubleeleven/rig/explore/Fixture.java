package doubleeleven.rig.explore;

import static doubleeleven.aws.dynamodb.Values.key;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Commands;
import doubleeleven.aws.dynamodb.CreditSchemas;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.credit.Bill;
import doubleeleven.credit.InstalmentPlan;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Part;
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
import doubleeleven.rig.explore.Scenario.Attempt;
import doubleeleven.rig.explore.Slots.Place;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.LocalTables;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Accounts, orders and attempts as the gateway would make them. */
final class Fixture {
    static final Instant NOW = Instant.parse("2025-11-11T00:00:00Z");
    static final Instant DUE = NOW.plusSeconds(20);
    /** When whoever finishes payments looks at them: past every deadline, before any tombstone is old. */
    static final Instant LATE = NOW.plus(Duration.ofMinutes(5));

    /** When tombstones left at {@link #LATE} are old. */
    static final Instant HOURS_LATER = LATE.plus(Duration.ofHours(2));

    static final String DUE_KEY = "RZ01#0";
    static final RoutingRule RULE = new RoutingRule(
            1,
            100,
            Collections.nCopies(Shard.COUNT, "RZ01"),
            Map.of(
                    "RZ01", new Unit("RZ01", "us-east-1", "RZ02", 100, new TreeMap<>(Map.of("a", 100))),
                    "RZ02", new Unit("RZ02", "us-east-2", "RZ01", 100, new TreeMap<>(Map.of("a", 100)))));

    static final String MERCHANT = "gifts";
    static final CurrencyUnit GBP = CurrencyUnit.GBP;

    static final Map<String, Object> APPROVE = verdict("APPROVE", List.of());
    static final Map<String, Object> DECLINE = verdict("DECLINE", List.of("RISK_AMOUNT_LIMIT"));

    /** A branch as it is asked for. */
    record Asked(BranchKind kind, AccountKey account, long amount, int cap, long floor, long ceiling) {
        static Asked of(BranchKind kind, AccountKey account, long amount) {
            return new Asked(kind, account, amount, 32, amount, 9_007_199_254_740_991L);
        }

        /** Granted only while nobody else holds and exactly that much is available. */
        Asked alone(long seen) {
            return new Asked(kind, account, amount, 1, Math.max(seen, amount), seen);
        }
    }

    private Fixture() {}

    static Place place(AccountKey account) {
        return new Place(tableOf(account.sk()), key(account));
    }

    private static String tableOf(@Nullable String sortKey) {
        if (sortKey == null) {
            return LocalTables.PAYMENT;
        }
        return sortKey.startsWith(Loan.PREFIX) || sortKey.startsWith(Bill.PREFIX)
                ? LocalTables.CREDIT
                : LocalTables.ACCOUNT;
    }

    /** The loan that a payment on credit leaves. */
    static Place loanOf(Attempt attempt) {
        return place(Loan.keyOf(attempt.command().payer(), NOW, attempt.id()));
    }

    /** The same after billing took all of it. */
    static Map<String, AttributeValue> billed(Attempt attempt) {
        Command command = attempt.command();
        Loan opened = Loan.open(
                command.payer(),
                NOW,
                attempt.id(),
                attempt.order(),
                Money.ofMinor(GBP, command.lent().orElseThrow().amountMinor()),
                InstalmentPlan.NONE);
        Part part =
                opened.nextPart(YearMonth.from(NOW.atOffset(ZoneOffset.UTC))).orElseThrow();
        return CreditSchemas.LOAN.itemToMap(opened.with(0, Map.of(), List.of(part)), true);
    }

    static Place place(OrderHash order) {
        return new Place(LocalTables.PAYMENT, key(order));
    }

    static Entry entry(Attempt attempt, Payee payee) {
        return Entry.of(payee.merchant(), payee.bucket(), attempt.id(), NOW, payee.amountMinor(), GBP, attempt.order());
    }

    static Place entryOf(Attempt attempt, Payee payee) {
        return place(entry(attempt, payee).key());
    }

    /** A payee's share of a payment that succeeded long ago, with so much of it left to refund. */
    static Map<String, AttributeValue> share(Attempt paid, Payee payee, long left) {
        Map<String, AttributeValue> item =
                new HashMap<>(Schemas.ENTRY.itemToMap(entry(paid, payee).asShare(), true));
        item.put("available", Values.n(left));
        item.put("holds", Values.m(Map.of()));
        item.put("finished", Values.m(Map.of()));
        return item;
    }

    static Map<String, AttributeValue> fund(AccountKey account, long available) {
        return Schemas.FUND.itemToMap(Fund.open(account, GBP, 0).with(available, Map.of(), Map.of(), Map.of()), true);
    }

    static Map<String, AttributeValue> with(Map<String, AttributeValue> item, String name, AttributeValue value) {
        Map<String, AttributeValue> changed = new HashMap<>(item);
        changed.put(name, value);
        return changed;
    }

    /** A payment that succeeded long ago, with so much left to refund. */
    static Map<String, AttributeValue> settled(Attempt attempt, long refundable) {
        return with(over(attempt, PaymentStatus.SUCCEEDED, Map.of(), refundable), "currency", Values.s("GBP"));
    }

    /** An order whose so many attempts were all aborted. */
    static Map<String, AttributeValue> closed(Attempt last, int attempts) {
        Map<AttemptId, String> aborted = new HashMap<>(Map.of(last.id(), "EXPIRED"));
        for (int i = 1; i < attempts; i++) {
            aborted.put(AttemptId.of(last.order(), "earlier " + i, ""), "EXPIRED");
        }
        Map<String, AttributeValue> item = new HashMap<>(over(last, PaymentStatus.CLOSED, aborted, null));
        // Only a payment that succeeded can be held on.
        List.of("holds", "finished").forEach(item::remove);
        return item;
    }

    /** A payment whose execution died after its claim. */
    static Map<String, AttributeValue> trying(Attempt attempt) {
        Map<String, AttributeValue> item = new HashMap<>(decided(attempt, PaymentStatus.TRYING, NOW));
        item.remove("decidedAt");
        return item;
    }

    /** A payment that was decided and is not finished. */
    static Map<String, AttributeValue> decided(Attempt attempt, PaymentStatus status, Instant decidedAt) {
        Map<AttemptId, String> aborted = status == PaymentStatus.ABORTED ? Map.of(attempt.id(), "EXPIRED") : Map.of();
        Map<String, AttributeValue> item = new HashMap<>(over(attempt, status, aborted, null));
        List.of("holds", "finished", "finishedAt").forEach(item::remove);
        item.put("decidedAt", Values.n(decidedAt));
        item.put("due", Values.s(DUE_KEY));
        item.put("dueAt", Values.n(DUE));
        return item;
    }

    /** An account with so many tombstones of the day before, which no payment vouches for: they stay. */
    static Map<String, AttributeValue> fencedBefore(Map<String, AttributeValue> fund, OrderHash order, int tombstones) {
        Map<String, AttributeValue> finished = new HashMap<>();
        for (int i = 0; i < tombstones; i++) {
            finished.put(
                    AttemptId.of(order, "before " + i, "").value(),
                    Values.tombstone(order, NOW.minus(Duration.ofDays(1))));
        }
        return with(fund, "finished", Values.m(finished));
    }

    /** An account on which an attempt has reserved. */
    static Map<String, AttributeValue> reserved(Map<String, AttributeValue> fund, Attempt attempt, Branch branch) {
        return with(
                fund,
                branch.kind().isHold() ? "holds" : "incoming",
                Values.m(Map.of(
                        attempt.id().value(),
                        Values.m(Map.of(
                                "amount", Values.n(branch.amountMinor()),
                                "order", Values.s(attempt.order().value()),
                                "due", Values.n(DUE))))));
    }

    private static Map<String, AttributeValue> over(
            Attempt attempt, PaymentStatus status, Map<AttemptId, String> aborted, @Nullable Long refundable) {
        return Schemas.PAYMENT.itemToMap(
                new Payment(
                        attempt.order(),
                        status,
                        attempt.id(),
                        "RZ01",
                        "a",
                        null,
                        null,
                        NOW,
                        NOW,
                        NOW,
                        aborted,
                        attempt.command(),
                        List.of(),
                        null,
                        List.of(),
                        List.of(),
                        refundable,
                        Map.of(),
                        Map.of()),
                true);
    }

    /** A bucket of a payee, whose batches are numbered. */
    static Map<String, AttributeValue> bucket(AccountKey account, long available) {
        return Schemas.FUND.itemToMap(Fund.bucket(account, GBP).with(available, Map.of(), Map.of(), Map.of()), true);
    }

    static Attempt payment(OrderHash order, String idempotencyKey, String payer, Asked... asked) {
        long amount = List.of(asked).stream().mapToLong(Asked::amount).sum();
        return attempt(
                PaymentKind.PAYMENT,
                order,
                null,
                idempotencyKey,
                payer,
                List.of(new Payee(MERCHANT, 0, amount)),
                asked);
    }

    static Attempt attempt(
            PaymentKind kind,
            OrderHash order,
            @Nullable OrderHash original,
            String idempotencyKey,
            String payer,
            List<Payee> payees,
            Asked... asked) {
        BranchKind side = kind == PaymentKind.DEPOSIT ? BranchKind.CREDIT : BranchKind.DEBIT;
        long amount = List.of(asked).stream()
                .filter(each -> each.kind() == side)
                .mapToLong(Asked::amount)
                .sum();
        Command command = new Command(
                kind,
                new PaymentId(Shard.of(payer), order),
                "fingerprint",
                "key",
                payer,
                MERCHANT,
                "1",
                Money.ofMinor(GBP, amount),
                List.of(asked).stream()
                        .map(each -> new Branch(each.kind(), each.account(), each.amount()))
                        .toList(),
                payees,
                null,
                original,
                kind == PaymentKind.PAYMENT
                                && List.of(asked).stream()
                                        .anyMatch(each -> each.account().isCreditLine())
                        ? InstalmentPlan.NONE
                        : null,
                1,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        AttemptId id = AttemptId.of(order, idempotencyKey, payer + List.of(asked));
        return new Attempt(id, command, input(id, command, asked));
    }

    private static Map<String, Object> input(AttemptId id, Command command, Asked... asked) {
        Map<String, Object> payment = new LinkedHashMap<>();
        payment.put("pk", command.id().order().value());
        payment.put("attempt", id.value());
        payment.put("shard", command.id().shard().toString());
        payment.put("rule", 1);
        payment.put("unit", "RZ01");
        payment.put("colour", "a");
        payment.put("due", DUE_KEY);
        payment.put("dueAt", DUE.toEpochMilli());
        payment.put("claimedAt", NOW.toEpochMilli());
        payment.put("command", Commands.toJson(command));
        List<Object> branches = List.of(asked).stream()
                .<Object>map(each -> {
                    Map<String, Object> branch = json(new Branch(each.kind(), each.account(), each.amount()));
                    branch.put("cap", each.cap());
                    branch.put("floor", each.floor());
                    branch.put("ceiling", each.ceiling());
                    return branch;
                })
                .toList();
        return Json.object(Json.write(Map.of("payment", payment, "branches", branches)));
    }

    static Map<String, Object> json(Branch branch) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", branch.kind().name());
        json.put("pk", branch.account().pk());
        if (branch.account().sk() != null) {
            json.put("sk", branch.account().sk());
        }
        json.put("amount", branch.amountMinor());
        return json;
    }

    private static Map<String, Object> verdict(String decision, List<String> reasons) {
        return Map.of(
                "decision", decision, "reasons", reasons, "policy", "rules", "degraded", false, "elapsedMicros", 900);
    }
}
