package doubleeleven.rig.bench;

import doubleeleven.rig.bench.Crowd.Times;
import doubleeleven.testkit.LocalTables;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The database alone, with nothing around it. */
final class Bare {
    private static final int ACCOUNTS = 200;
    private static final int CALLS_FOR_EACH_PAYMENT = 8;
    private static final String TAKE = "SET available = available - :amount";
    private static final String ENOUGH = "available >= :amount";
    private static final Map<String, AttributeValue> ONE = Map.of(":amount", AttributeValue.fromN("1"));

    private Bare() {}

    /** The calls of those payments, made again by one of the database's clients. */
    static Times mix(Recorded recorded, int callers, Function<LocalTables, DynamoDbClient> which)
            throws InterruptedException {
        try (LocalTables tables = LocalTables.inProcess()) {
            DynamoDbClient client = which.apply(tables);
            recorded.items()
                    .forEach((table, items) -> items.forEach(
                            item -> client.putItem(put -> put.tableName(table).item(item))));
            List<List<Consumer<DynamoDbClient>>> payments = recorded.payments();
            return Crowd.times(
                    payments.size(), callers, i -> payments.get(i).forEach(call -> make(call, client)), () -> {});
        }
    }

    private static void make(Consumer<DynamoDbClient> call, DynamoDbClient client) {
        try {
            call.accept(client);
        } catch (ConditionalCheckFailedException e) {
            // Refused because calls of different payments come in another order than before; that costs the same.
        }
    }

    /** Conditional updates, each of one item. */
    static Times updates(int payments, int callers) throws InterruptedException {
        return onAccounts(payments * CALLS_FOR_EACH_PAYMENT, callers, client -> i -> client.updateItem(take(i)));
    }

    /** Transactions of two such updates. */
    static Times transactions(int payments, int callers) throws InterruptedException {
        return onAccounts(
                payments * CALLS_FOR_EACH_PAYMENT / 2,
                callers,
                client -> i -> client.transactWriteItems(TransactWriteItemsRequest.builder()
                        .transactItems(
                                TransactWriteItem.builder().update(of(take(i))).build(),
                                TransactWriteItem.builder()
                                        .update(of(take(i + ACCOUNTS / 2)))
                                        .build())
                        .build()));
    }

    private static Times onAccounts(int count, int callers, Function<DynamoDbClient, IntConsumer> what)
            throws InterruptedException {
        try (LocalTables tables = LocalTables.inProcess()) {
            DynamoDbClient client = tables.client();
            for (int i = 0; i < ACCOUNTS; i++) {
                UpdateItemRequest opening = take(i);
                client.updateItem(opening.toBuilder()
                        .updateExpression("SET available = :amount")
                        .conditionExpression(null)
                        .expressionAttributeValues(Map.of(":amount", AttributeValue.fromN("100000000")))
                        .build());
            }
            return Crowd.times(count, callers, what.apply(client), () -> {});
        }
    }

    private static UpdateItemRequest take(int number) {
        return UpdateItemRequest.builder()
                .tableName(LocalTables.ACCOUNT)
                .key(Map.of(
                        "pk",
                        AttributeValue.fromS("account-" + number % ACCOUNTS),
                        "sk",
                        AttributeValue.fromS("BALANCE")))
                .updateExpression(TAKE)
                .conditionExpression(ENOUGH)
                .expressionAttributeValues(ONE)
                .build();
    }

    private static Update of(UpdateItemRequest update) {
        return Update.builder()
                .tableName(update.tableName())
                .key(update.key())
                .updateExpression(update.updateExpression())
                .conditionExpression(update.conditionExpression())
                .expressionAttributeValues(update.expressionAttributeValues())
                .build();
    }
}
