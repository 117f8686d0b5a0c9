package doubleeleven.ledger.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

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
import doubleeleven.payment.BranchKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Goes through the money tables and asks for what was left behind to be finished. Where the time is too short it stops, and the next run
 * goes on from there, so that the last items are reached too. While time is left that next run then begins again, because what it left out
 * may have become overdue since: asking twice does no harm, waiting for a third run would.
 */
final class Reconciliation {
    static final Duration GRACE = Duration.ofMinutes(10);
    /** The partition of the account table that holds where each table's last run stopped. No account's key begins so. */
    static final String CURSORS = "RECONCILIATION";

    private final DynamoDbClient client;
    private final MoneyTables tables;
    private final Consumer<Map<String, Object>> phaseTwo;
    private final Consumer<Map<String, Object>> posting;
    private final Clock clock;
    private final Log log;

    Reconciliation(
            DynamoDbClient client,
            MoneyTables tables,
            Consumer<Map<String, Object>> phaseTwo,
            Consumer<Map<String, Object>> posting,
            Clock clock,
            Log log) {
        this.client = client;
        this.tables = tables;
        this.phaseTwo = phaseTwo;
        this.posting = posting;
        this.clock = clock;
        this.log = log;
    }

    /**
     * What a run came to.
     *
     * @param reclaimed holds past their time that phase two was asked to look at
     * @param posted entries past their time whose posting was asked for
     * @param failed items that could not be read or acted on
     * @param complete whether this run saw all tables from their beginning to their end
     */
    record Result(int scanned, int reclaimed, int posted, int failed, boolean complete) {
        static final Result NONE = new Result(0, 0, 0, 0, true);

        Result plus(Result other) {
            return new Result(
                    scanned + other.scanned,
                    reclaimed + other.reclaimed,
                    posted + other.posted,
                    failed + other.failed,
                    complete && other.complete);
        }
    }

    /**
     * Goes on where the last run stopped, in all tables in turn so that none waits for another's end.
     *
     * @param timeIsLeft asked between two pages; once it is not, the rest is left to the next run
     */
    Result run(BooleanSupplier timeIsLeft) {
        Instant overdue = clock.instant().minus(GRACE);
        List<Pass> passes = List.of(
                new Pass(tables.account(), ScanRequest.builder(), item -> account(item, overdue)),
                new Pass(tables.payment(), withHolds("pk, holds"), item -> refunds(item, overdue)),
                new Pass(tables.credit(), withHolds("pk, sk, holds"), item -> owed(item, overdue)));
        do {
            passes.stream().filter(pass -> !pass.found.complete()).forEach(Pass::page);
        } while (passes.stream().anyMatch(pass -> !pass.found.complete()) && timeIsLeft.getAsBoolean());
        return passes.stream().map(pass -> pass.found).reduce(Result.NONE, Result::plus);
    }

    private static ScanRequest.Builder withHolds(String attributes) {
        return ScanRequest.builder()
                .filterExpression("attribute_exists(holds) AND size(holds) > :none")
                .projectionExpression(attributes)
                .expressionAttributeValues(Map.of(":none", n(0)));
    }

    /** What an item gave cause for. */
    private interface Look {
        Result at(Map<String, AttributeValue> item);
    }

    /** One table's part of a run. */
    private final class Pass {
        private final String table;
        private final ScanRequest.Builder request;
        private final Look look;
        private Map<String, AttributeValue> from;
        private boolean fromTheBeginning;
        private Result found = new Result(0, 0, 0, 0, false);

        Pass(String table, ScanRequest.Builder request, Look look) {
            this.table = table;
            this.request = request.tableName(table);
            this.look = look;
            Map<String, AttributeValue> cursor = client.getItem(get -> get.tableName(tables.account())
                            .key(key(new AccountKey(CURSORS, table)))
                            .consistentRead(true))
                    .item();
            this.from = cursor.containsKey("next") ? cursor.get("next").m() : Map.of();
            this.fromTheBeginning = from.isEmpty();
        }

        void page() {
            ScanResponse page = client.scan(
                    request.exclusiveStartKey(from.isEmpty() ? null : from).build());
            boolean end = !page.hasLastEvaluatedKey();
            Result sum = new Result(page.scannedCount(), 0, 0, 0, end && fromTheBeginning);
            for (Map<String, AttributeValue> item : page.items()) {
                sum = sum.plus(guarded(item));
            }
            from = end ? Map.of() : page.lastEvaluatedKey();
            fromTheBeginning |= end;
            found = new Result(found.scanned, found.reclaimed, found.posted, found.failed, true).plus(sum);
            remember();
        }

        private Result guarded(Map<String, AttributeValue> item) {
            try {
                return look.at(item);
            } catch (RuntimeException e) {
                Map<String, AttributeValue> named = new HashMap<>(item);
                named.keySet().retainAll(List.of("pk", "sk"));
                log.error("An item could not be reconciled", Map.of("table", table, "key", named.toString()), e);
                return new Result(0, 0, 0, 1, true);
            }
        }

        /** After each page: even a run that is cut off is gone on from. Without the note only the next run is longer. */
        private void remember() {
            Map<String, AttributeValue> cursor = new HashMap<>(key(new AccountKey(CURSORS, table)));
            cursor.put("next", AttributeValue.fromM(from));
            cursor.put("at", n(clock.instant()));
            try {
                client.putItem(put -> put.tableName(tables.account()).item(cursor));
            } catch (RuntimeException e) {
                log.error("Where reconciliation stopped could not be noted", Map.of("table", table), e);
                found = found.plus(new Result(0, 0, 0, 1, true));
            }
        }
    }

    private Result account(Map<String, AttributeValue> item, Instant overdue) {
        if (Entry.isSortKey(Values.text(item, "sk"))) {
            Entry entry = Schemas.ENTRY.mapToItem(item);
            Result reclaimed = reclaim(entry.key(), BranchKind.SHARE, entry.holds(), overdue);
            return entry.posted() == null ? reclaimed.plus(post(entry, overdue)) : reclaimed;
        }
        if (item.containsKey("holds")) {
            Fund fund = Schemas.FUND.mapToItem(item);
            BranchKind held = fund.isAllowance() ? BranchKind.ALLOWANCE : BranchKind.DEBIT;
            return reclaim(fund.key(), held, fund.holds(), overdue)
                    .plus(reclaim(fund.key(), BranchKind.CREDIT, fund.incoming(), overdue));
        }
        return Result.NONE;
    }

    private Result refunds(Map<String, AttributeValue> item, Instant overdue) {
        AccountKey payment = new AccountKey(Values.text(item, "pk"), null);
        return reclaim(payment, BranchKind.REFUNDABLE, Schemas.holds(item), overdue);
    }

    /** A loan or what is owed on a bill. */
    private Result owed(Map<String, AttributeValue> item, Instant overdue) {
        AccountKey key = new AccountKey(Values.text(item, "pk"), Values.text(item, "sk"));
        return reclaim(key, BranchKind.OWED, Schemas.holds(item), overdue);
    }

    private Result reclaim(AccountKey key, BranchKind kind, Map<AttemptId, Hold> holds, Instant overdue) {
        int sent = 0;
        for (Map.Entry<AttemptId, Hold> each : holds.entrySet()) {
            Hold hold = each.getValue();
            if (hold.due().isBefore(overdue)) {
                Map<String, Object> branch = new LinkedHashMap<>();
                branch.put("kind", kind.name());
                branch.put("pk", key.pk());
                if (key.sk() != null) {
                    branch.put("sk", key.sk());
                }
                branch.put("amount", hold.amountMinor());
                Map<String, Object> message = traced(hold.order(), each.getKey().value());
                message.put("pk", hold.order().value());
                message.put("attempt", each.getKey().value());
                message.put("why", "RECLAIM");
                message.put("branches", List.of(branch));
                phaseTwo.accept(message);
                sent++;
            }
        }
        return new Result(0, sent, 0, 0, true);
    }

    private Result post(Entry entry, Instant overdue) {
        if (entry.sortKey().compareTo(Entry.sortKeyFrom(overdue)) >= 0) {
            return Result.NONE;
        }
        String[] bucket = entry.partition().split("#", -1);
        String[] decided = entry.sortKey().split("#", -1);
        Map<String, Object> message = traced(entry.order(), decided[2]);
        message.put("merchant", bucket[1]);
        message.put("bucket", Integer.parseInt(bucket[2]));
        message.put("from", Long.parseLong(decided[1]));
        posting.accept(message);
        return new Result(0, 0, 1, 0, true);
    }

    /** A message with its payment's trace, where the payment still is that attempt's. */
    private Map<String, Object> traced(OrderHash order, String attempt) {
        Map<String, AttributeValue> payment = client.getItem(get -> get.tableName(tables.payment())
                        .key(key(order))
                        .projectionExpression("attempt, command.#trace")
                        .expressionAttributeNames(Map.of("#trace", "trace")))
                .item();
        Map<String, Object> message = new LinkedHashMap<>();
        AttributeValue command = payment.get("command");
        if (command != null && s(attempt).equals(payment.get("attempt"))) {
            message.put("trace", Values.text(command.m(), "trace"));
        }
        return message;
    }
}
