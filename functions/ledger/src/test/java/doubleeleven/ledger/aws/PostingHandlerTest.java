package doubleeleven.ledger.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ledger.Poster;
import doubleeleven.testkit.LocalTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;

class PostingHandlerTest {
    private static final Instant DECIDED = Instant.parse("2025-11-11T00:00:00Z");

    @Test
    void aBucketIsPostedOnceForAllItsMessagesWithTheirTracesAndOneThatFailsComesAgainAlone() throws IOException {
        try (LocalTables tables = LocalTables.start()) {
            arrange(tables);
            ByteArrayOutputStream logged = new ByteArrayOutputStream();
            ByteArrayOutputStream out = new ByteArrayOutputStream();

            new PostingHandler(
                            new Poster(new DynamoDbBalances(tables.client(), LocalTables.ACCOUNT)),
                            new Log("posting", new PrintStream(logged, true, UTF_8), Clock.systemUTC()))
                    .handleRequest(
                            batch(
                                    message("gifts", "trace-1"),
                                    message("nobody", "trace-2"),
                                    Map.of("bucket", 3),
                                    message("gifts", "trace-3")),
                            out,
                            context());

            assertThat(Json.objects(Json.object(out.toString(UTF_8)), "batchItemFailures"))
                    .extracting(failure -> failure.get("itemIdentifier"))
                    .containsExactlyInAnyOrder("1", "2");
            List<Map<String, Object>> lines =
                    logged.toString(UTF_8).lines().map(Json::object).toList();
            assertThat(lines).hasSize(3);
            assertThat(lines.get(1))
                    .containsEntry("message", "Posted")
                    .containsEntry("entries", 1)
                    .containsEntry("traceparent", "trace-1 trace-3");
            assertThat(lines.get(2)).containsEntry("level", "ERROR").containsEntry("traceparent", "trace-2");
        }
    }

    private static void arrange(LocalTables tables) {
        OrderHash order = OrderHash.ofOrder("gifts", "1");
        DynamoDbEnhancedClient enhanced =
                DynamoDbEnhancedClient.builder().dynamoDbClient(tables.client()).build();
        enhanced.table(LocalTables.ACCOUNT, Schemas.FUND)
                .putItem(Fund.bucket(AccountKey.bucketOf("gifts", 3), CurrencyUnit.GBP));
        enhanced.table(LocalTables.ACCOUNT, Schemas.ENTRY)
                .putItem(Entry.of("gifts", 3, AttemptId.of(order, "k", "f"), DECIDED, 100, CurrencyUnit.GBP, order));
    }

    private static Map<String, Object> message(String merchant, String trace) {
        return Map.of("merchant", merchant, "bucket", 3, "from", DECIDED.toEpochMilli(), "trace", trace);
    }

    @SafeVarargs
    private static ByteArrayInputStream batch(Map<String, Object>... bodies) {
        List<Map<String, Object>> records = new ArrayList<>();
        for (Map<String, Object> body : bodies) {
            records.add(Map.of("messageId", Integer.toString(records.size()), "body", Json.write(body)));
        }
        return new ByteArrayInputStream(Json.write(Map.of("Records", records)).getBytes(UTF_8));
    }

    private static Context context() {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, args) -> 60_000);
    }
}
