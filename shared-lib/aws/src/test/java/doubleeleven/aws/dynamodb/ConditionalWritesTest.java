package doubleeleven.aws.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.testkit.LocalTables;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

class ConditionalWritesTest {
    private static LocalTables tables;

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
        ConditionalWrites writes = new ConditionalWrites(tables.client());

        assertThat(writes.put(put())).isTrue();
        assertThat(writes.put(put())).isFalse();
        assertThat(writes.apply(increment())).isTrue();
        assertThat(writes.apply(increment())).isFalse();
    }

    /** DynamoDB Local has one Region, so a server of the test's own speaks of the conflict. */
    @Test
    void aConflictBetweenRegionsIsNoDeclineAndIsTriedAgain() throws IOException {
        try (Conflicts conflicts = new Conflicts(2)) {
            assertThat(new ConditionalWrites(conflicts.client()).apply(increment()))
                    .isTrue();
            assertThat(conflicts.calls()).isEqualTo(3);
        }
    }

    @Test
    void aConflictThatDoesNotEndIsAFault() throws IOException {
        try (Conflicts conflicts = new Conflicts(Integer.MAX_VALUE)) {
            ConditionalWrites writes = new ConditionalWrites(conflicts.client());

            assertThatThrownBy(() -> writes.put(put())).isInstanceOf(ReplicatedWriteConflictException.class);
            assertThat(conflicts.calls()).isGreaterThan(3);
        }
    }

    /** Answers as DynamoDB does while another Region writes the same item, then as after a write. */
    private static final class Conflicts implements AutoCloseable {
        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final AtomicInteger calls = new AtomicInteger();

        Conflicts(int conflicts) throws IOException {
            server.createContext("/", exchange -> {
                boolean conflict = calls.incrementAndGet() <= conflicts;
                byte[] body = (conflict
                                ? "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ReplicatedWriteConflictException\"}"
                                : "{}")
                        .getBytes(UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
                exchange.sendResponseHeaders(conflict ? 400 : 200, body.length);
                try (exchange) {
                    exchange.getResponseBody().write(body);
                }
            });
            server.start();
        }

        DynamoDbClient client() {
            Host host = Host.with(new Environment(Map.of("AWS_REGION", "us-east-1")));
            URI endpoint = URI.create("http://localhost:" + server.getAddress().getPort());
            return Clients.local(
                    DynamoDbClient.class,
                    () -> DynamoDbClient.builder()
                            .endpointOverride(endpoint)
                            .credentialsProvider(AnonymousCredentialsProvider.create()),
                    host);
        }

        int calls() {
            return calls.get();
        }

        @Override
        public void close() {
            server.stop(0);
        }
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
