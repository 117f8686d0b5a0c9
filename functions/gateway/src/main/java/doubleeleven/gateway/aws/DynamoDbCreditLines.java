package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.MoneyTables;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.gateway.operations.CreditLines;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Credit lines in the account table, and what operators did to them in the credit table. */
final class DynamoDbCreditLines implements CreditLines {
    private static final String HISTORY = "LINE#";

    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final MoneyTables tables;

    DynamoDbCreditLines(DynamoDbClient client, MoneyTables tables) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.tables = tables;
    }

    @Override
    public Optional<Fund> find(String customer) {
        Map<String, AttributeValue> item = client.getItem(request -> request.tableName(tables.account())
                        .key(key(AccountKey.creditLineOf(customer)))
                        .consistentRead(true))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(Schemas.FUND.mapToItem(item));
    }

    @Override
    public void record(String customer, Change change) {
        Map<String, AttributeValue> item = new HashMap<>(key(new AccountKey(
                AccountKey.partitionOf(customer),
                HISTORY + String.format("%013d", change.at().toEpochMilli()) + "#" + change.id())));
        item.put("key", s(change.key()));
        item.put("action", s(change.action().name()));
        item.put("reason", s(change.reason()));
        if (change.limitMinor() != null) {
            item.put("limit", n(change.limitMinor()));
        }
        client.putItem(request -> request.tableName(tables.credit()).item(item));
    }

    @Override
    public boolean apply(Fund seen, Change change) {
        UpdateItemRequest.Builder request =
                UpdateItemRequest.builder().tableName(tables.account()).key(key(seen.key()));
        long limit = Objects.requireNonNull(seen.limitMinor());
        switch (change.action()) {
            case CHANGE_LIMIT -> {
                long more = Objects.requireNonNull(change.limitMinor()) - limit;
                request.updateExpression("SET #limit = :limit, available = available + :more")
                        .conditionExpression("#limit = :seen AND available >= :less AND (attribute_not_exists(frozen)"
                                + " OR frozen <> :closed)")
                        .expressionAttributeNames(Map.of("#limit", "limit"))
                        .expressionAttributeValues(Map.of(
                                ":limit", n(change.limitMinor()),
                                ":more", n(more),
                                ":seen", n(limit),
                                ":less", n(Math.max(0, -more)),
                                ":closed", s(Fund.CLOSED)));
            }
            case FREEZE ->
                request.updateExpression("SET frozen = :operator, expiresAt = :now")
                        .conditionExpression("attribute_not_exists(frozen) OR frozen = :overdue")
                        .expressionAttributeValues(Map.of(
                                ":operator", s(Fund.OPERATOR), ":overdue", s(Fund.OVERDUE), ":now", n(change.at())));
            case THAW ->
                request.updateExpression("REMOVE frozen, expiresAt")
                        .conditionExpression("frozen = :operator")
                        .expressionAttributeValues(Map.of(":operator", s(Fund.OPERATOR)));
            case CLOSE ->
                request.updateExpression("SET #limit = :none, available = :none, frozen = :closed, expiresAt = :now")
                        .conditionExpression(
                                "#limit = :seen AND available = :seen AND size(holds) = :none AND size(incoming) = :none")
                        .expressionAttributeNames(Map.of("#limit", "limit"))
                        .expressionAttributeValues(Map.of(
                                ":none", n(0), ":seen", n(limit), ":closed", s(Fund.CLOSED), ":now", n(change.at())));
        }
        return writes.apply(request.build());
    }
}
