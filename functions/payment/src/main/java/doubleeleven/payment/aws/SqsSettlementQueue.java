package doubleeleven.payment.aws;

import doubleeleven.account.AccountKey;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Commands;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.phasetwo.SettlementTask;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The phase-two queue: how a task lies in a message, and how one is sent. */
final class SqsSettlementQueue implements Consumer<SettlementTask> {
    private final SqsClient client;
    private final String queueUrl;

    SqsSettlementQueue(SqsClient client, String queueUrl) {
        this.client = client;
        this.queueUrl = queueUrl;
    }

    @Override
    public void accept(SettlementTask task) {
        String body = Json.write(body(task));
        client.sendMessage(request -> request.queueUrl(queueUrl).messageBody(body));
    }

    /** Recovery's tasks name no branches: the payment item does. */
    static Map<String, Object> body(SettlementTask task) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("pk", task.order().value());
        body.put("attempt", task.attempt().value());
        body.put("why", "RECOVERY");
        if (task.trace() != null) {
            body.put("trace", task.trace());
        }
        return body;
    }

    /** Reads what the relay, recovery, the gateway or reconciliation sent. */
    static SettlementTask read(Map<String, Object> body) {
        List<Branch> branches = Json.objects(body, "branches").stream()
                .map(branch -> new Branch(
                        BranchKind.valueOf(Json.text(branch, "kind")),
                        new AccountKey(Json.text(branch, "pk"), branch.get("sk") instanceof String sk ? sk : null),
                        Json.integer(branch, "amount")))
                .toList();
        return new SettlementTask(
                new OrderHash(Json.text(body, "pk")),
                new AttemptId(Json.text(body, "attempt")),
                branches,
                body.get("trace") instanceof String trace ? trace : null,
                body.get("command") instanceof Map<?, ?> command ? Commands.ofJson(command) : null);
    }
}
