package doubleeleven.payment.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.m;
import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;
import static doubleeleven.aws.dynamodb.Values.tombstone;

import doubleeleven.account.Entry;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.CreditSchemas;
import doubleeleven.aws.dynamodb.MoneyTables;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.credit.Loan;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Branch;
import doubleeleven.payment.phasetwo.Accounts;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Account items and shares in DynamoDB; a refund's hold on its original payment lies on the payment item and is treated alike. */
final class DynamoDbAccountWrites implements Accounts {
    /** A hold lands once, and what removes it leaves a tombstone: one round is enough unless the item is broken. */
    private static final int CANCEL_ROUNDS = 2;

    private final ConditionalWrites writes;
    private final MoneyTables tables;

    DynamoDbAccountWrites(DynamoDbClient client, MoneyTables tables) {
        this.writes = new ConditionalWrites(client);
        this.tables = tables;
    }

    @Override
    public Applied confirm(Branch branch, AttemptId attempt, OrderHash order, Instant now) {
        String change = branch.kind().isHold() ? "" : "available = available + incoming.#attempt.amount, ";
        return settle(branch, attempt, order, now, change);
    }

    @Override
    public Applied cancel(Branch branch, AttemptId attempt, OrderHash order, Instant now) {
        String change = branch.kind().isHold() ? "available = available + holds.#attempt.amount, " : "";
        Applied applied = settle(branch, attempt, order, now, change);
        // A fence is refused where a late hold landed after the settling found none: then there is one to settle.
        for (int round = 0; applied instanceof Applied.NothingThere && round < CANCEL_ROUNDS; round++) {
            applied = fence(branch, attempt, order, now);
            if (applied instanceof Applied.NothingThere) {
                applied = settle(branch, attempt, order, now, change);
            }
        }
        return applied;
    }

    @Override
    public void credit(Entry entry) {
        Map<String, AttributeValue> item = new HashMap<>(key(entry.key()));
        item.put("amount", n(entry.amountMinor()));
        item.put("currency", s(entry.currency().getCode()));
        item.put("payment", s(entry.order().value()));
        Long refundable = entry.refundableMinor();
        if (refundable != null) {
            // It can be held on like an account: by refunds of this share.
            item.put("available", n(refundable));
            item.put("holds", m(Map.of()));
            item.put("finished", m(Map.of()));
        }
        writes.put(PutItemRequest.builder()
                .tableName(tables.account())
                .item(item)
                .conditionExpression("attribute_not_exists(pk)")
                .build());
    }

    @Override
    public void lend(Loan loan) {
        writes.put(PutItemRequest.builder()
                .tableName(tables.credit())
                .item(CreditSchemas.LOAN.itemToMap(loan, true))
                .conditionExpression("attribute_not_exists(pk)")
                .build());
    }

    @Override
    public void prune(Branch branch, Set<AttemptId> attempts) {
        Map<String, String> names = new HashMap<>();
        StringJoiner paths = new StringJoiner(", ", "REMOVE ", "");
        for (AttemptId attempt : attempts) {
            String name = "#t" + names.size();
            names.put(name, attempt.value());
            paths.add("finished." + name);
        }
        writes.apply(request(branch)
                .updateExpression(paths.toString())
                .conditionExpression("attribute_exists(pk)")
                .expressionAttributeNames(names)
                .build());
    }

    private Applied settle(Branch branch, AttemptId attempt, OrderHash order, Instant now, String change) {
        String reserved = (branch.kind().isHold() ? "holds" : "incoming") + ".#attempt";
        return write(
                branch,
                attempt,
                request(branch)
                        .updateExpression("SET " + change + "finished.#attempt = :tombstone REMOVE " + reserved)
                        .conditionExpression("attribute_exists(" + reserved + ")")
                        .expressionAttributeNames(Map.of("#attempt", attempt.value()))
                        .expressionAttributeValues(Map.of(":tombstone", tombstone(order, now)))
                        .build());
    }

    /** A tombstone where no hold was found, so that a request of this attempt that is still under way is refused. */
    private Applied fence(Branch branch, AttemptId attempt, OrderHash order, Instant now) {
        return write(
                branch,
                attempt,
                request(branch)
                        .updateExpression("SET finished.#attempt = :tombstone")
                        .conditionExpression("attribute_exists(finished) AND attribute_not_exists(holds.#attempt)"
                                + " AND attribute_not_exists(incoming.#attempt)")
                        .expressionAttributeNames(Map.of("#attempt", attempt.value()))
                        .expressionAttributeValues(Map.of(":tombstone", tombstone(order, now)))
                        .build());
    }

    private Applied write(Branch branch, AttemptId attempt, UpdateItemRequest request) {
        try {
            return new Applied.Done(Schemas.tombstones(writes.update(request)));
        } catch (ConditionalCheckFailedException refused) {
            Map<String, AttributeValue> item = refused.item();
            if (item == null || item.isEmpty()) {
                return new Applied.NoAccount();
            }
            if (Schemas.tombstones(item).containsKey(attempt)) {
                return new Applied.DoneBefore();
            }
            // A payment that never succeeded, and an entry that is no share, take no hold: there is nothing to fence.
            return branch.kind().isRefundLimit() && !item.containsKey("finished")
                    ? new Applied.NoAccount()
                    : new Applied.NothingThere();
        }
    }

    private UpdateItemRequest.Builder request(Branch branch) {
        return UpdateItemRequest.builder()
                .tableName(tables.of(branch.kind()))
                .key(key(branch.account()))
                .returnValues(ReturnValue.ALL_NEW)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }
}
