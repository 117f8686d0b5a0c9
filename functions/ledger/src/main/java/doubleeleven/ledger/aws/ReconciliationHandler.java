package doubleeleven.ledger.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.AttemptId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Once a day looks at every account for what no message speaks of: holds past their time, entries that were never posted. */
public final class ReconciliationHandler implements RequestStreamHandler {
    static final Duration GRACE = Duration.ofMinutes(10);
    private static final Duration RESERVE = Duration.ofSeconds(60);

    private final DynamoDbClient client;
    private final SqsClient sqs;
    private final String table;
    private final String phaseTwoQueue;
    private final String postingQueue;
    private final Clock clock;
    private final Log log;
    private final Metrics metrics;

    public ReconciliationHandler() {
        this(Environment.ofProcess());
    }

    private ReconciliationHandler(Environment environment) {
        this.client = Clients.local(DynamoDbClient.builder(), environment);
        this.sqs = Clients.local(SqsClient.builder(), environment);
        this.table = Tables.account(environment);
        this.phaseTwoQueue = environment.require("PHASE_TWO_QUEUE_URL");
        this.postingQueue = environment.require("POSTING_QUEUE_URL");
        this.clock = Clock.systemUTC();
        this.log = Log.of(environment);
        this.metrics = Metrics.of(environment);
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Instant overdue = clock.instant().minus(GRACE);
        int scanned = 0;
        int reclaimed = 0;
        int posted = 0;
        Map<String, AttributeValue> from = Map.of();
        boolean complete;
        do {
            ScanResponse page = client.scan(ScanRequest.builder()
                    .tableName(table)
                    .exclusiveStartKey(from.isEmpty() ? null : from)
                    .build());
            for (Map<String, AttributeValue> item : page.items()) {
                scanned++;
                String sortKey = Values.text(item, "sk");
                if (item.containsKey("holds")) {
                    reclaimed += reclaim(Schemas.FUND.mapToItem(item), overdue);
                } else if (sortKey.startsWith("E#") && !item.containsKey("posted")) {
                    posted += post(Schemas.ENTRY.mapToItem(item), overdue);
                }
            }
            from = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
            complete = from.isEmpty();
        } while (!complete && context.getRemainingTimeInMillis() > RESERVE.toMillis());
        metrics.count("OverdueHolds", reclaimed);
        metrics.count("UnpostedEntries", posted);
        Map<String, Object> result =
                Map.of("scanned", scanned, "reclaimed", reclaimed, "posted", posted, "complete", complete);
        log.info("Reconciled", result);
        Json.write(result, out);
    }

    private int reclaim(Fund fund, Instant overdue) {
        int sent = 0;
        for (boolean incoming : new boolean[] {false, true}) {
            Map<AttemptId, Hold> holds = incoming ? fund.incoming() : fund.holds();
            for (Map.Entry<AttemptId, Hold> hold : holds.entrySet()) {
                if (hold.getValue().due().isBefore(overdue)) {
                    String kind = incoming ? "CREDIT" : fund.isMoney() ? "DEBIT" : "ALLOWANCE";
                    send(fund.key(), kind, hold.getKey(), hold.getValue());
                    sent++;
                }
            }
        }
        return sent;
    }

    private void send(AccountKey key, String kind, AttemptId attempt, Hold hold) {
        Map<String, Object> branch = new LinkedHashMap<>();
        branch.put("kind", kind);
        branch.put("pk", key.pk());
        branch.put("sk", key.sk());
        branch.put("amount", hold.amountMinor());
        String body = Json.write(Map.of(
                "pk", hold.order().value(),
                "attempt", attempt.value(),
                "why", "RECLAIM",
                "branches", List.of(branch)));
        sqs.sendMessage(request -> request.queueUrl(phaseTwoQueue).messageBody(body));
    }

    private int post(Entry entry, Instant overdue) {
        if (entry.sortKey().compareTo(Entry.sortKeyFrom(overdue)) >= 0) {
            return 0;
        }
        String[] key = entry.partition().split("#", -1);
        String body = Json.write(Map.of(
                "merchant", key[1],
                "bucket", Integer.parseInt(key[2]),
                "from", Long.parseLong(entry.sortKey().split("#", -1)[1])));
        sqs.sendMessage(request -> request.queueUrl(postingQueue).messageBody(body));
        return 1;
    }
}
