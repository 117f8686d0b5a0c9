package doubleeleven.gateway.aws;

import doubleeleven.account.AccountKey;
import doubleeleven.account.CustomerProfile;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.MerchantProfile;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.Accounts;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.enhanced.dynamodb.model.ReadBatch;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Accounts in the account table. All reads are strong. */
final class DynamoDbAccounts implements Accounts {
    private static final String TOKEN = "token";

    private final DynamoDbClient client;
    private final DynamoDbEnhancedClient enhanced;
    private final String table;
    private final DynamoDbTable<CustomerProfile> customers;
    private final DynamoDbTable<MerchantProfile> merchants;
    private final DynamoDbTable<Fund> funds;
    private final DynamoDbTable<Entry> entries;

    DynamoDbAccounts(DynamoDbClient client, String table) {
        this.client = client;
        this.enhanced = DynamoDbEnhancedClient.builder()
                .dynamoDbClient(client)
                .extensions(List.of())
                .build();
        this.table = table;
        this.customers = enhanced.table(table, Schemas.CUSTOMER);
        this.merchants = enhanced.table(table, Schemas.MERCHANT);
        this.funds = enhanced.table(table, Schemas.FUND);
        this.entries = enhanced.table(table, Schemas.ENTRY);
    }

    @Override
    public Optional<CustomerProfile> findCustomer(String customer) {
        return find(customers, AccountKey.profileOfCustomer(customer));
    }

    @Override
    public Optional<MerchantProfile> findMerchant(String merchant) {
        return find(merchants, AccountKey.profileOfMerchant(merchant));
    }

    @Override
    public Optional<Fund> findFund(AccountKey key) {
        return find(funds, key);
    }

    @Override
    public List<Fund> fundsOf(String customer) {
        // Not the profile: it lies in the same partition and is no fund.
        return funds
                .query(request -> request.consistentRead(true)
                        .queryConditional(QueryConditional.sortLessThan(
                                key(new AccountKey(AccountKey.partitionOf(customer), AccountKey.PROFILE)))))
                .items()
                .stream()
                .toList();
    }

    @Override
    public List<Fund> bucketsOf(MerchantProfile merchant) {
        String name = merchant.key().pk().substring("M#".length());
        ReadBatch.Builder<Fund> batch = ReadBatch.builder(Fund.class).mappedTableResource(funds);
        IntStream.range(0, merchant.buckets())
                .forEach(bucket -> batch.addGetItem(request ->
                        request.key(key(AccountKey.bucketOf(name, bucket))).consistentRead(true)));
        return enhanced.batchGetItem(request -> request.readBatches(batch.build())).resultsForTable(funds).stream()
                .toList();
    }

    @Override
    public List<Entry> unposted(AccountKey bucket, Instant from) {
        return entries
                .query(request -> request.consistentRead(true)
                        .queryConditional(QueryConditional.sortBetween(
                                key(new AccountKey(bucket.pk(), Entry.sortKeyFrom(from))),
                                key(new AccountKey(bucket.pk(), Entry.sortKeyEnd()))))
                        .filterExpression(Expression.builder()
                                .expression("attribute_not_exists(posted)")
                                .build()))
                .items()
                .stream()
                .toList();
    }

    @Override
    public List<Entry> entries(List<AccountKey> keys) {
        ReadBatch.Builder<Entry> batch = ReadBatch.builder(Entry.class).mappedTableResource(entries);
        keys.forEach(
                entry -> batch.addGetItem(request -> request.key(key(entry)).consistentRead(true)));
        return enhanced.batchGetItem(request -> request.readBatches(batch.build())).resultsForTable(entries).stream()
                .toList();
    }

    @Override
    public Optional<CustomerProfile> open(CustomerProfile profile) {
        return put(Schemas.CUSTOMER, Schemas.CUSTOMER.itemToMap(profile, true));
    }

    @Override
    public Optional<MerchantProfile> open(MerchantProfile profile) {
        return put(Schemas.MERCHANT, Schemas.MERCHANT.itemToMap(profile, true));
    }

    @Override
    public Optional<Opening> open(Opening opening) {
        Map<String, AttributeValue> item = new HashMap<>(Schemas.FUND.itemToMap(opening.fund(), true));
        @Nullable String token = opening.token();
        if (token != null) {
            item.put(TOKEN, Values.s(token));
        }
        return putIfAbsent(item)
                .map(known -> new Opening(
                        Schemas.FUND.mapToItem(known),
                        known.containsKey(TOKEN) ? known.get(TOKEN).s() : null));
    }

    private <T> Optional<T> put(TableSchema<T> schema, Map<String, AttributeValue> item) {
        return putIfAbsent(item).map(schema::mapToItem);
    }

    /** Answers the item that is there, if one is. */
    private Optional<Map<String, AttributeValue>> putIfAbsent(Map<String, AttributeValue> item) {
        try {
            client.putItem(request -> request.tableName(table)
                    .item(item)
                    .conditionExpression("attribute_not_exists(pk)")
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return Optional.empty();
        } catch (ConditionalCheckFailedException e) {
            return Optional.of(e.item());
        }
    }

    private static <T> Optional<T> find(DynamoDbTable<T> table, AccountKey key) {
        return Optional.ofNullable(
                table.getItem(request -> request.consistentRead(true).key(key(key))));
    }

    private static Key key(AccountKey key) {
        return Key.builder().partitionValue(key.pk()).sortValue(key.sk()).build();
    }
}
