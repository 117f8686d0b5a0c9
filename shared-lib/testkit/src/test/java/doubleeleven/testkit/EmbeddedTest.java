package doubleeleven.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The shorter way to DynamoDB Local beside the client it comes with. */
class EmbeddedTest {
    private static final Map<String, AttributeValue> KEY = key("1");
    private static final Map<String, AttributeValue> NONE_THERE = key("none");

    private static LocalTables tables;

    @BeforeAll
    static void start() {
        tables = LocalTables.inProcess();
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void fill() {
        for (String number : List.of("1", "2", "3")) {
            tables.usualClient()
                    .putItem(put -> put.tableName(LocalTables.ACCOUNT).item(item(number)));
        }
    }

    @AfterEach
    void empty() {
        tables.clear();
    }

    /** One request, and what its answer says. */
    record Call(String name, Function<DynamoDbClient, Object> made) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Call> calls() {
        return Stream.of(
                new Call("an item with every kind of value", client -> client.getItem(get(KEY))),
                new Call("an item that is not there", client -> client.getItem(get(NONE_THERE))),
                new Call(
                        "a part of an item",
                        client -> client.getItem(get(KEY).toBuilder()
                                .projectionExpression("#n, list[0]")
                                .expressionAttributeNames(Map.of("#n", "number"))
                                .build())),
                new Call("a new item", client -> client.putItem(put(item("4")).build())),
                new Call(
                        "the item that was replaced",
                        client -> client.putItem(
                                put(item("1")).returnValues(ReturnValue.ALL_OLD).build())),
                new Call(
                        "a put that is refused",
                        client -> client.putItem(put(item("1"))
                                .conditionExpression("attribute_not_exists(pk)")
                                .build())),
                new Call("an update", client -> client.updateItem(add(KEY).build())),
                new Call(
                        "an update of nothing yet",
                        client -> client.updateItem(add(NONE_THERE)
                                .updateExpression("SET #n = :one")
                                .returnValues(ReturnValue.ALL_NEW)
                                .build())),
                new Call(
                        "an item as it is after an update",
                        client -> client.updateItem(
                                add(KEY).returnValues(ReturnValue.ALL_NEW).build())),
                new Call(
                        "what an update changed, as it was",
                        client -> client.updateItem(
                                add(KEY).returnValues(ReturnValue.UPDATED_OLD).build())),
                new Call(
                        "an update that is refused",
                        client -> client.updateItem(refused().build())),
                new Call(
                        "the item that refused an update",
                        client -> client.updateItem(refused()
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                                .build())),
                new Call(
                        "an expression that cannot be read",
                        client -> client.updateItem(
                                add(KEY).updateExpression("SET #n + 1").build())),
                new Call(
                        "a table that is not there",
                        client -> client.getItem(
                                get(KEY).toBuilder().tableName("nowhere").build())),
                new Call(
                        "items by query, the last first",
                        client -> client.query(query().scanIndexForward(false).build())),
                new Call(
                        "one page of a query",
                        client -> client.query(query().limit(2).build())),
                new Call(
                        "the next page of a query",
                        client ->
                                client.query(query().exclusiveStartKey(key("2")).build())),
                new Call(
                        "items that a filter left",
                        client -> client.query(query().filterExpression("sk <> :sk")
                                .expressionAttributeValues(Map.of(
                                        ":pk", AttributeValue.fromS("a"),
                                        ":sk", AttributeValue.fromS("2")))
                                .build())),
                new Call(
                        "a page of a whole table",
                        client -> client.scan(scan().limit(2).build())),
                new Call(
                        "a segment of a table, read strongly",
                        client -> client.scan(scan().segment(1)
                                .totalSegments(2)
                                .consistentRead(true)
                                .build())),
                new Call(
                        "the rest of a table that a filter left",
                        client -> client.scan(scan().exclusiveStartKey(key("1"))
                                .filterExpression("sk <> :sk")
                                .expressionAttributeValues(Map.of(":sk", AttributeValue.fromS("2")))
                                .projectionExpression("pk, sk")
                                .build())),
                new Call(
                        "a batch of which one is not there",
                        client -> client.batchGetItem(BatchGetItemRequest.builder()
                                        .requestItems(Map.of(
                                                LocalTables.ACCOUNT,
                                                KeysAndAttributes.builder()
                                                        .keys(List.of(KEY, NONE_THERE))
                                                        .consistentRead(true)
                                                        .build()))
                                        .build())
                                .responses()));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void answersAsTheClientThatDynamoDbLocalComesWithDoes(Call call) {
        Object answer = said(call, tables.client());
        Map<String, AttributeValue> after = everything();
        tables.clear();
        fill();

        assertThat(answer).isEqualTo(said(call, tables.usualClient()));
        assertThat(after).isEqualTo(everything());
    }

    @Test
    void refusesAPartOfARequestThatItDoesNotTranslate() {
        assertThatThrownBy(() -> tables.client()
                        .updateItem(add(KEY).returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                                .build()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("ReturnConsumedCapacity");
    }

    private static Object said(Call call, DynamoDbClient client) {
        try {
            return call.made().apply(client);
        } catch (ConditionalCheckFailedException e) {
            return List.of(e.getClass(), e.statusCode(), e.item());
        } catch (AwsServiceException e) {
            return List.of(e.getClass(), e.statusCode(), e.awsErrorDetails().errorMessage());
        }
    }

    private static Map<String, AttributeValue> everything() {
        return tables.usualClient().scan(scan -> scan.tableName(LocalTables.ACCOUNT)).items().stream()
                .collect(
                        java.util.stream.Collectors.toMap(item -> item.get("sk").s(), AttributeValue::fromM));
    }

    private static GetItemRequest get(Map<String, AttributeValue> key) {
        return GetItemRequest.builder()
                .tableName(LocalTables.ACCOUNT)
                .key(key)
                .consistentRead(true)
                .build();
    }

    private static PutItemRequest.Builder put(Map<String, AttributeValue> item) {
        return PutItemRequest.builder().tableName(LocalTables.ACCOUNT).item(item);
    }

    private static UpdateItemRequest.Builder add(Map<String, AttributeValue> key) {
        return UpdateItemRequest.builder()
                .tableName(LocalTables.ACCOUNT)
                .key(key)
                .updateExpression("SET #n = #n + :one")
                .expressionAttributeNames(Map.of("#n", "number"))
                .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1")));
    }

    private static UpdateItemRequest.Builder refused() {
        return add(KEY).conditionExpression("#n > :one");
    }

    private static QueryRequest.Builder query() {
        return QueryRequest.builder()
                .tableName(LocalTables.ACCOUNT)
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS("a")));
    }

    private static ScanRequest.Builder scan() {
        return ScanRequest.builder().tableName(LocalTables.ACCOUNT).consistentRead(true);
    }

    private static Map<String, AttributeValue> key(String number) {
        return Map.of("pk", AttributeValue.fromS("a"), "sk", AttributeValue.fromS(number));
    }

    private static Map<String, AttributeValue> item(String number) {
        SdkBytes bytes = SdkBytes.fromUtf8String("bytes");
        return Map.ofEntries(
                Map.entry("pk", AttributeValue.fromS("a")),
                Map.entry("sk", AttributeValue.fromS(number)),
                Map.entry("number", AttributeValue.fromN("-12.50")),
                Map.entry("binary", AttributeValue.fromB(bytes)),
                Map.entry("texts", AttributeValue.fromSs(List.of("b", "a"))),
                Map.entry("numbers", AttributeValue.fromNs(List.of("2", "1"))),
                Map.entry("binaries", AttributeValue.fromBs(List.of(bytes))),
                Map.entry("map", AttributeValue.fromM(Map.of("inner", AttributeValue.fromM(Map.of())))),
                Map.entry("list", AttributeValue.fromL(List.of(AttributeValue.fromS(""), AttributeValue.fromN("1")))),
                Map.entry("yes", AttributeValue.fromBool(true)),
                Map.entry("no", AttributeValue.fromBool(false)),
                Map.entry("nothing", AttributeValue.fromNul(true)));
    }
}
