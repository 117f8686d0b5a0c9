package doubleeleven.payment.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.account.AccountKey;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.phasetwo.SettlementTask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;

class MessagesTest {
    @Test
    void aTaskOfRecoveryIsReadBackAsItWasSentWithItsPaymentsTrace() {
        SettlementTask task = new SettlementTask(Ledger.ORDER, Ledger.ATTEMPT, List.of(), Ledger.TRACE);

        assertThat(SqsSettlementQueue.read(Json.object(Json.write(SqsSettlementQueue.body(task)))))
                .isEqualTo(task);
    }

    /** Colours are released one after the other, so one build reads what another wrote. */
    @Test
    void whatALaterBuildAddsToATaskIsPassedOver() {
        SettlementTask task = SqsSettlementQueue.read(Map.of(
                "pk", Ledger.ORDER.value(),
                "attempt", Ledger.ATTEMPT.value(),
                "addedLater", Map.of("what", "nobody here knows it"),
                "branches",
                        List.of(Map.of(
                                "kind", "REFUNDABLE", "pk", Ledger.ORDER.value(), "amount", 40, "addedLater", true))));

        assertThat(task.branches())
                .containsExactly(new Branch(BranchKind.REFUNDABLE, new AccountKey(Ledger.ORDER.value(), null), 40));
    }

    @Test
    void aHoldOnAnOriginalPaymentIsNamedWithoutASortKey() {
        SettlementTask task = SqsSettlementQueue.read(Map.of(
                "pk", Ledger.ORDER.value(),
                "attempt", Ledger.ATTEMPT.value(),
                "branches", List.of(Map.of("kind", "REFUNDABLE", "pk", Ledger.ORDER.value(), "amount", 40))));

        assertThat(task)
                .isEqualTo(new SettlementTask(
                        Ledger.ORDER,
                        Ledger.ATTEMPT,
                        List.of(new Branch(BranchKind.REFUNDABLE, new AccountKey(Ledger.ORDER.value(), null), 40)),
                        null));
    }

    @Test
    void aDecisionThatIsNotPublishedIsNamedWithItsTraceAndComesAgain() throws IOException {
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String row = """
                {"Records": [{"dynamodb": {"SequenceNumber": "111",
                  "OldImage": {"status": {"S": "TRYING"}},
                  "NewImage": {"pk": {"S": "order"}, "status": {"S": "COMMITTED"}, "unit": {"S": "RZ01"}, "colour": {"S": "a"},
                    "command": {"M": {"trace": {"S": "00-1-2-01"}}}}}}]}
                """;

        new RelayHandler(refusing(), "topic", new Log("relay", new PrintStream(logged, true, UTF_8), Clock.systemUTC()))
                .handleRequest(new ByteArrayInputStream(row.getBytes(UTF_8)), out, context());

        assertThat(Json.object(logged.toString(UTF_8)))
                .containsEntry("payment", "order")
                .containsEntry("code", "InternalError")
                .containsEntry("traceparent", "00-1-2-01");
        assertThat(out.toString(UTF_8)).contains("\"itemIdentifier\":\"111\"");
    }

    /** A topic that takes nothing. */
    private static SnsClient refusing() {
        PublishBatchResponse refused = PublishBatchResponse.builder()
                .failed(BatchResultErrorEntry.builder()
                        .id("0")
                        .code("InternalError")
                        .build())
                .build();
        return (SnsClient) Proxy.newProxyInstance(
                SnsClient.class.getClassLoader(), new Class<?>[] {SnsClient.class}, (proxy, method, args) -> refused);
    }

    private static Context context() {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, args) -> 60_000);
    }
}
