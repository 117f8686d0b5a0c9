package doubleeleven.credit.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.credit.LineRegister;
import doubleeleven.credit.billing.Lines;
import doubleeleven.ids.Shard;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The register of lines in the credit table, and the lines themselves in the account table. */
final class DynamoDbLines implements Lines {
    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final String accountTable;
    private final String creditTable;

    DynamoDbLines(DynamoDbClient client, String accountTable, String creditTable) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.accountTable = accountTable;
        this.creditTable = creditTable;
    }

    @Override
    public List<String> customers(Shard shard, @Nullable String after, int max) {
        QueryRequest.Builder request = QueryRequest.builder()
                .tableName(creditTable)
                .consistentRead(true)
                .limit(max)
                .projectionExpression("sk");
        AttributeValue partition = s(LineRegister.partitionOf(shard));
        if (after == null) {
            request.keyConditionExpression("pk = :shard").expressionAttributeValues(Map.of(":shard", partition));
        } else {
            request.keyConditionExpression("pk = :shard AND sk > :after")
                    .expressionAttributeValues(Map.of(":shard", partition, ":after", s(after)));
        }
        return client.query(request.build()).items().stream()
                .map(item -> Values.text(item, "sk"))
                .toList();
    }

    @Override
    public boolean freeze(String customer, Instant since) {
        return frozen(customer).isEmpty()
                && writes.apply(update(customer)
                        .updateExpression("SET frozen = :overdue, expiresAt = :since")
                        .conditionExpression("attribute_exists(pk) AND attribute_not_exists(frozen)")
                        .expressionAttributeValues(Map.of(":overdue", s(Fund.OVERDUE), ":since", n(since)))
                        .build());
    }

    @Override
    public boolean thaw(String customer, Instant now) {
        return frozen(customer).filter(Fund.OVERDUE::equals).isPresent()
                && writes.apply(update(customer)
                        .updateExpression("REMOVE frozen, expiresAt")
                        .conditionExpression("frozen = :overdue AND expiresAt <= :now")
                        .expressionAttributeValues(Map.of(":overdue", s(Fund.OVERDUE), ":now", n(now)))
                        .build());
    }

    /** Read first: a write for each customer each day would cost more than all the reading. */
    private Optional<String> frozen(String customer) {
        return Optional.ofNullable(client.getItem(request -> request.tableName(accountTable)
                                .key(key(AccountKey.creditLineOf(customer)))
                                .projectionExpression("frozen")
                                .consistentRead(true))
                        .item()
                        .get("frozen"))
                .map(AttributeValue::s);
    }

    private UpdateItemRequest.Builder update(String customer) {
        return UpdateItemRequest.builder().tableName(accountTable).key(key(AccountKey.creditLineOf(customer)));
    }
}
