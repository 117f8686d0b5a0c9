package doubleeleven.ledger.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.ledger.Balances;
import doubleeleven.ledger.Bucket;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Buckets and entries in DynamoDB: they share a partition, so one query reads a bucket's entries. */
final class DynamoDbBalances implements Balances {
    private static final Expression NOT_POSTED =
            Expression.builder().expression("attribute_not_exists(posted)").build();

    /** A reserved word of the expression language. */
    private static final Map<String, String> BATCH = Map.of("#batch", "batch");

    private final DynamoDbTable<Fund> funds;
    private final DynamoDbTable<Entry> entries;
    private final ConditionalWrites writes;
    private final String table;

    DynamoDbBalances(DynamoDbClient client, String table) {
        DynamoDbEnhancedClient enhanced =
                DynamoDbEnhancedClient.builder().dynamoDbClient(client).build();
        this.funds = enhanced.table(table, Schemas.FUND);
        this.entries = enhanced.table(table, Schemas.ENTRY);
        this.writes = new ConditionalWrites(client);
        this.table = table;
    }

    @Override
    public Fund read(Bucket bucket) {
        Fund fund = funds.getItem(request -> request.consistentRead(true)
                .key(Key.builder()
                        .partitionValue(partition(bucket))
                        .sortValue(AccountKey.BALANCE)
                        .build()));
        if (fund == null) {
            throw new IllegalStateException("no such bucket: " + bucket);
        }
        return fund;
    }

    @Override
    public List<Entry> unposted(Bucket bucket, Instant from, int max) {
        return entries
                .query(request -> request.consistentRead(true)
                        .filterExpression(NOT_POSTED)
                        .queryConditional(QueryConditional.sortBetween(
                                bound(bucket, Entry.sortKeyFrom(from)), bound(bucket, Entry.sortKeyEnd()))))
                .items()
                .stream()
                .limit(max)
                .toList();
    }

    @Override
    public boolean take(Bucket bucket, long batch, List<Entry> taken) {
        long sum = taken.stream().mapToLong(Entry::amountMinor).reduce(0, Math::addExact);
        return writes.apply(update(bucket, AccountKey.BALANCE)
                .updateExpression("SET available = available + :sum, posting = :posting, #batch = :next")
                .conditionExpression("#batch = :batch AND attribute_not_exists(posting)")
                .expressionAttributeNames(BATCH)
                .expressionAttributeValues(Map.of(
                        ":sum", n(sum),
                        ":posting",
                                AttributeValue.fromL(taken.stream()
                                        .map(entry -> s(entry.sortKey()))
                                        .toList()),
                        ":batch", n(batch),
                        ":next", n(batch + 1)))
                .build());
    }

    @Override
    public void mark(Bucket bucket, String entrySortKey, long batch) {
        writes.apply(update(bucket, entrySortKey)
                .updateExpression("SET posted = :batch")
                .conditionExpression("attribute_exists(pk) AND attribute_not_exists(posted)")
                .expressionAttributeValues(Map.of(":batch", n(batch)))
                .build());
    }

    @Override
    public boolean forget(Bucket bucket, long batch) {
        return writes.apply(update(bucket, AccountKey.BALANCE)
                .updateExpression("REMOVE posting")
                .conditionExpression("#batch = :batch AND attribute_exists(posting)")
                .expressionAttributeNames(BATCH)
                .expressionAttributeValues(Map.of(":batch", n(batch)))
                .build());
    }

    private UpdateItemRequest.Builder update(Bucket bucket, String sortKey) {
        return UpdateItemRequest.builder().tableName(table).key(key(new AccountKey(partition(bucket), sortKey)));
    }

    private static Key bound(Bucket bucket, String sortKey) {
        return Key.builder()
                .partitionValue(partition(bucket))
                .sortValue(sortKey)
                .build();
    }

    private static String partition(Bucket bucket) {
        return AccountKey.bucketPartition(bucket.merchant(), bucket.number());
    }
}
