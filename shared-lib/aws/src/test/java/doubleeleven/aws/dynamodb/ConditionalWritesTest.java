package doubleeleven.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.testkit.LocalTables;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

class ConditionalWritesTest {
    private static LocalTables tables;

    private final AtomicInteger calls = new AtomicInteger();

    @BeforeAll
    static void start() {
        tables = LocalTables.start();
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void emptyTables() {
        tables.clear();
    }

    @Test
    void aRefusedConditionIsAnAnswerAndIsNotTriedAgain() {
        ConditionalWrites writes = meetingConflicts(0);

        assertThat(writes.put(put())).isTrue();
        assertThat(writes.put(put())).isFalse();
        assertThat(writes.apply(increment())).isTrue();
        assertThat(writes.apply(increment())).isFalse();
        assertThat(calls).hasValue(4);
    }

    @Test
    void aConflictBetweenRegionsIsNoDeclineAndIsTriedAgain() {
        assertThat(meetingConflicts(2).put(put())).isTrue();
        assertThat(meetingConflicts(4).apply(increment())).isTrue();
        assertThat(tables.client()
                        .getItem(request ->
                                request.tableName(LocalTables.PAYMENT).key(put().item()))
                        .item())
                .containsEntry("count", Values.n(1));
    }

    @Test
    void aConflictThatDoesNotEndIsAFault() {
        assertThatThrownBy(() -> meetingConflicts(Integer.MAX_VALUE).put(put()))
                .isInstanceOf(ReplicatedWriteConflictException.class);
        assertThat(calls).hasValue(5);
    }

    /** Writes whose first calls meet another Region's write. DynamoDB Local has one Region, so the conflict is thrown here. */
    private ConditionalWrites meetingConflicts(int conflicts) {
        AtomicInteger left = new AtomicInteger(conflicts);
        return new ConditionalWrites((DynamoDbClient) Proxy.newProxyInstance(
                DynamoDbClient.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, args) -> {
                    calls.incrementAndGet();
                    if (left.getAndDecrement() > 0) {
                        throw ReplicatedWriteConflictException.builder()
                                .message("another Region was writing")
                                .build();
                    }
                    try {
                        return method.invoke(tables.client(), args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static PutItemRequest put() {
        return PutItemRequest.builder()
                .tableName(LocalTables.PAYMENT)
                .item(Map.of("pk", Values.s("p")))
                .conditionExpression("attribute_not_exists(pk)")
                .build();
    }

    private static UpdateItemRequest increment() {
        return UpdateItemRequest.builder()
                .tableName(LocalTables.PAYMENT)
                .key(Map.of("pk", Values.s("p")))
                .updateExpression("SET #count = :one")
                .conditionExpression("attribute_exists(pk) AND attribute_not_exists(#count)")
                .expressionAttributeNames(Map.of("#count", "count"))
                .expressionAttributeValues(Map.of(":one", Values.n(1)))
                .build();
    }
}
