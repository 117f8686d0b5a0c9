package doubleeleven.rig;

import doubleeleven.routing.Traffic;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** The tables, whose payment items have a stream. What is not called here is not supported, and the SDK's interface says so. */
final class Tables implements DynamoDbClient {
    private final DynamoDbClient database;
    private final String payment;
    private final String account;
    private final Set<String> deletable;
    private final PaymentStream stream;
    private final @Nullable Consumer<Map<String, AttributeValue>> auditor;

    /**
     * Looks on at one traffic's tables.
     *
     * @param auditor is shown every item of the account table after each update, which costs time; null for none
     */
    Tables(
            Traffic traffic,
            DynamoDbClient database,
            PaymentStream stream,
            @Nullable Consumer<Map<String, AttributeValue>> auditor) {
        this.database = database;
        this.payment = traffic.name("payment");
        this.account = traffic.name("account");
        this.deletable = Set.of(traffic.name("credit"), traffic.name("platform"));
        this.stream = stream;
        this.auditor = auditor;
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        return database.getItem(request);
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        return database.batchGetItem(request);
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        return database.query(request);
    }

    @Override
    public ScanResponse scan(ScanRequest request) {
        return database.scan(request);
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        if (request.tableName().equals(payment)) {
            throw new UnsupportedOperationException("payment items are only ever updated");
        }
        return database.putItem(request);
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
        if (request.tableName().equals(payment)) {
            return stream.update(database, request);
        }
        return auditor != null && request.tableName().equals(account)
                ? WholeItem.update(database, request, auditor)
                : database.updateItem(request);
    }

    @Override
    public DeleteItemResponse deleteItem(DeleteItemRequest request) {
        if (deletable.contains(request.tableName())) {
            return database.deleteItem(request);
        }
        throw new UnsupportedOperationException("what moves money is never deleted");
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // The database is closed by whoever opened it.
    }
}
