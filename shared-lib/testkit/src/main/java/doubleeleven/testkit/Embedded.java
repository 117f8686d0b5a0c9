package doubleeleven.testkit;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDB;
import com.amazonaws.services.dynamodbv2.local.shared.access.awssdkv2.converters.AwsServiceExceptionConverter;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * DynamoDB Local in this process by the shortest way. Its own client of SDK 2 writes every answer as JSON and reads it again; the calls that
 * payments are made of are translated to the model that it is written in, value by value. Calls that are rare go to its own client.
 *
 * <p>A part of a request that has no translation here is refused: nothing is left out in silence.
 */
final class Embedded implements DynamoDbClient {
    private static final Set<String> KEYED = Set.of(
            "TableName",
            "Key",
            "Item",
            "ConditionExpression",
            "UpdateExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValues",
            "ReturnValuesOnConditionCheckFailure");
    private static final Set<String> READ =
            Set.of("TableName", "Key", "Keys", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames");
    private static final Set<String> PAGED = Set.of(
            "TableName",
            "IndexName",
            "Limit",
            "ConsistentRead",
            "ScanIndexForward",
            "Segment",
            "TotalSegments",
            "ExclusiveStartKey",
            "KeyConditionExpression",
            "FilterExpression",
            "ProjectionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues");

    private final AmazonDynamoDB database;
    private final DynamoDbClient usual;

    /** @param usual DynamoDB Local's own client of the same database */
    Embedded(AmazonDynamoDB database, DynamoDbClient usual) {
        this.database = database;
        this.usual = usual;
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        allow(request, READ);
        Map<String, com.amazonaws.services.dynamodbv2.model.AttributeValue> item = answer(
                        () -> database.getItem(new com.amazonaws.services.dynamodbv2.model.GetItemRequest()
                                .withTableName(request.tableName())
                                .withKey(Translation.old(request.key()))
                                .withConsistentRead(request.consistentRead())
                                .withProjectionExpression(request.projectionExpression())
                                .withExpressionAttributeNames(unlessEmpty(request.expressionAttributeNames()))))
                .getItem();
        return GetItemResponse.builder().item(Translation.item(item)).build();
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
        allow(request, KEYED);
        Map<String, com.amazonaws.services.dynamodbv2.model.AttributeValue> attributes = answer(
                        () -> database.updateItem(new com.amazonaws.services.dynamodbv2.model.UpdateItemRequest()
                                .withTableName(request.tableName())
                                .withKey(Translation.old(request.key()))
                                .withUpdateExpression(request.updateExpression())
                                .withConditionExpression(request.conditionExpression())
                                .withExpressionAttributeNames(unlessEmpty(request.expressionAttributeNames()))
                                .withExpressionAttributeValues(
                                        Translation.old(unlessEmpty(request.expressionAttributeValues())))
                                .withReturnValues(request.returnValuesAsString())
                                .withReturnValuesOnConditionCheckFailure(
                                        request.returnValuesOnConditionCheckFailureAsString())))
                .getAttributes();
        return UpdateItemResponse.builder()
                .attributes(Translation.item(attributes))
                .build();
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        allow(request, KEYED);
        Map<String, com.amazonaws.services.dynamodbv2.model.AttributeValue> attributes = answer(
                        () -> database.putItem(new com.amazonaws.services.dynamodbv2.model.PutItemRequest()
                                .withTableName(request.tableName())
                                .withItem(Translation.old(request.item()))
                                .withConditionExpression(request.conditionExpression())
                                .withExpressionAttributeNames(unlessEmpty(request.expressionAttributeNames()))
                                .withExpressionAttributeValues(
                                        Translation.old(unlessEmpty(request.expressionAttributeValues())))
                                .withReturnValues(request.returnValuesAsString())
                                .withReturnValuesOnConditionCheckFailure(
                                        request.returnValuesOnConditionCheckFailureAsString())))
                .getAttributes();
        return PutItemResponse.builder()
                .attributes(Translation.item(attributes))
                .build();
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        allow(request, Set.of("RequestItems"));
        com.amazonaws.services.dynamodbv2.model.BatchGetItemRequest old =
                new com.amazonaws.services.dynamodbv2.model.BatchGetItemRequest();
        request.requestItems().forEach((table, keys) -> old.addRequestItemsEntry(table, old(keys)));
        com.amazonaws.services.dynamodbv2.model.BatchGetItemResult result = answer(() -> database.batchGetItem(old));
        if (!result.getUnprocessedKeys().isEmpty()) {
            throw new UnsupportedOperationException("keys left for another call");
        }
        return BatchGetItemResponse.builder()
                .responses(Translation.each(result.getResponses(), Translation::items))
                .build();
    }

    private static com.amazonaws.services.dynamodbv2.model.KeysAndAttributes old(KeysAndAttributes keys) {
        allow(keys, READ);
        return new com.amazonaws.services.dynamodbv2.model.KeysAndAttributes()
                .withKeys(keys.keys().stream().map(Translation::old).toList())
                .withConsistentRead(keys.consistentRead())
                .withProjectionExpression(keys.projectionExpression())
                .withExpressionAttributeNames(unlessEmpty(keys.expressionAttributeNames()));
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        allow(request, PAGED);
        com.amazonaws.services.dynamodbv2.model.QueryResult result =
                answer(() -> database.query(new com.amazonaws.services.dynamodbv2.model.QueryRequest()
                        .withTableName(request.tableName())
                        .withIndexName(request.indexName())
                        .withLimit(request.limit())
                        .withConsistentRead(request.consistentRead())
                        .withScanIndexForward(request.scanIndexForward())
                        .withExclusiveStartKey(Translation.old(unlessEmpty(request.exclusiveStartKey())))
                        .withKeyConditionExpression(request.keyConditionExpression())
                        .withFilterExpression(request.filterExpression())
                        .withProjectionExpression(request.projectionExpression())
                        .withExpressionAttributeNames(unlessEmpty(request.expressionAttributeNames()))
                        .withExpressionAttributeValues(
                                Translation.old(unlessEmpty(request.expressionAttributeValues())))));
        return QueryResponse.builder()
                .items(Translation.items(result.getItems()))
                .count(result.getCount())
                .scannedCount(result.getScannedCount())
                .lastEvaluatedKey(Translation.item(result.getLastEvaluatedKey()))
                .build();
    }

    @Override
    public ScanResponse scan(ScanRequest request) {
        allow(request, PAGED);
        com.amazonaws.services.dynamodbv2.model.ScanResult result =
                answer(() -> database.scan(new com.amazonaws.services.dynamodbv2.model.ScanRequest()
                        .withTableName(request.tableName())
                        .withIndexName(request.indexName())
                        .withLimit(request.limit())
                        .withConsistentRead(request.consistentRead())
                        .withSegment(request.segment())
                        .withTotalSegments(request.totalSegments())
                        .withExclusiveStartKey(Translation.old(unlessEmpty(request.exclusiveStartKey())))
                        .withFilterExpression(request.filterExpression())
                        .withProjectionExpression(request.projectionExpression())
                        .withExpressionAttributeNames(unlessEmpty(request.expressionAttributeNames()))
                        .withExpressionAttributeValues(
                                Translation.old(unlessEmpty(request.expressionAttributeValues())))));
        return ScanResponse.builder()
                .items(Translation.items(result.getItems()))
                .count(result.getCount())
                .scannedCount(result.getScannedCount())
                .lastEvaluatedKey(Translation.item(result.getLastEvaluatedKey()))
                .build();
    }

    @Override
    public DeleteItemResponse deleteItem(DeleteItemRequest request) {
        return usual.deleteItem(request);
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        return usual.transactWriteItems(request);
    }

    @Override
    public CreateTableResponse createTable(CreateTableRequest request) {
        return usual.createTable(request);
    }

    @Override
    public DeleteTableResponse deleteTable(DeleteTableRequest request) {
        return usual.deleteTable(request);
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request) {
        return usual.describeTable(request);
    }

    private static <T> T answer(Supplier<T> call) {
        try {
            return call.get();
        } catch (com.amazonaws.services.dynamodbv2.model.ConditionalCheckFailedException e) {
            throw refused(e);
        } catch (AmazonServiceException e) {
            throw AwsServiceExceptionConverter.convert(e);
        }
    }

    private static ConditionalCheckFailedException refused(
            com.amazonaws.services.dynamodbv2.model.ConditionalCheckFailedException e) {
        return ConditionalCheckFailedException.builder()
                .item(Translation.item(e.getItem()))
                .message(e.getErrorMessage())
                .statusCode(e.getStatusCode())
                .build();
    }

    private static void allow(SdkPojo request, Set<String> translated) {
        for (var field : request.sdkFields()) {
            Object value = field.getValueOrDefault(request);
            if (value != null
                    && !translated.contains(field.memberName())
                    && !(value instanceof SdkAutoConstructMap<?, ?>)
                    && !(value instanceof SdkAutoConstructList<?>)) {
                throw new UnsupportedOperationException(field.memberName() + " is not translated: " + request);
            }
        }
    }

    private static <V> @Nullable Map<String, V> unlessEmpty(Map<String, V> map) {
        return map.isEmpty() ? null : map;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        usual.close();
    }
}
