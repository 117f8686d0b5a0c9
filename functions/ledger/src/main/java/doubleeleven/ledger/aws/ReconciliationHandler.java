package doubleeleven.ledger.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.aws.dynamodb.MoneyTables;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Once a day looks at every account and every payment for what no message speaks of: holds past their time, entries that were never
 * posted.
 */
public final class ReconciliationHandler implements RequestStreamHandler {
    private static final Duration RESERVE = Duration.ofSeconds(60);

    private final Reconciliation reconciliation;
    private final Log log;
    private final Metrics metrics;

    public ReconciliationHandler() {
        this(Host.lambda());
    }

    public ReconciliationHandler(Host host) {
        this(reconciliation(host), host.log(), host.metrics());
    }

    ReconciliationHandler(Reconciliation reconciliation, Log log, Metrics metrics) {
        this.reconciliation = reconciliation;
        this.log = log;
        this.metrics = metrics;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Reconciliation.Result run = reconciliation.run(() -> context.getRemainingTimeInMillis() > RESERVE.toMillis());
        metrics.count("OverdueHolds", run.reclaimed());
        metrics.count("UnpostedEntries", run.posted());
        metrics.count("ReconciliationFailed", run.failed());
        Map<String, Object> result = Map.of(
                "scanned", run.scanned(),
                "reclaimed", run.reclaimed(),
                "posted", run.posted(),
                "failed", run.failed(),
                "complete", run.complete());
        log.info("Reconciled", result);
        Json.write(result, out);
    }

    private static Reconciliation reconciliation(Host host) {
        Environment environment = host.environment();
        SqsClient sqs = Clients.local(SqsClient.class, SqsClient::builder, host);
        return new Reconciliation(
                Clients.dynamoDb(host),
                MoneyTables.of(environment),
                sender(sqs, environment.require("PHASE_TWO_QUEUE_URL")),
                sender(sqs, environment.require("POSTING_QUEUE_URL")),
                host.clock(),
                host.log());
    }

    private static Consumer<Map<String, Object>> sender(SqsClient sqs, String queueUrl) {
        return message -> sqs.sendMessage(request -> request.queueUrl(queueUrl).messageBody(Json.write(message)));
    }
}
