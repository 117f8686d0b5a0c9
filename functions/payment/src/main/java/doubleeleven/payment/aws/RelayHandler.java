package doubleeleven.payment.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;

/**
 * Carries this Region's decisions from the payment table's stream to the topic that every unit's queues listen to. Only the fast path: a
 * lost record costs time, because recovery finds the payment by its due time, never money.
 */
public final class RelayHandler implements RequestStreamHandler {
    /** The most that one publish call takes. */
    private static final int PUBLISH_MAX = 10;

    private final SnsClient sns;
    private final String topic;
    private final Log log;

    public RelayHandler() {
        this(Host.lambda());
    }

    public RelayHandler(Host host) {
        this(
                Clients.local(SnsClient.class, SnsClient::builder, host),
                host.environment().require("DECIDED_TOPIC_ARN"),
                host.log());
    }

    RelayHandler(SnsClient sns, String topic, Log log) {
        this.sns = sns;
        this.topic = topic;
        this.log = log;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        List<DecidedRecord> records = Json.objects(Json.object(in), "Records").stream()
                .flatMap(row -> DecidedRecord.of(row).stream())
                .toList();
        Set<String> failed = new LinkedHashSet<>();
        for (int start = 0; start < records.size() && failed.isEmpty(); start += PUBLISH_MAX) {
            failed.addAll(publish(records.subList(start, Math.min(records.size(), start + PUBLISH_MAX))));
        }
        Json.write(
                Map.of(
                        "batchItemFailures",
                        failed.stream().map(id -> Map.of("itemIdentifier", id)).toList()),
                out);
    }

    /** The sequence numbers that were not published: the stream comes again from the first of them. */
    private List<String> publish(List<DecidedRecord> records) {
        List<PublishBatchRequestEntry> entries = new ArrayList<>();
        for (DecidedRecord each : records) {
            entries.add(PublishBatchRequestEntry.builder()
                    .id(Integer.toString(entries.size()))
                    .message(Json.write(each.message()))
                    .messageAttributes(each.attributes())
                    .build());
        }
        List<BatchResultErrorEntry> refused = sns.publishBatch(
                        request -> request.topicArn(topic).publishBatchRequestEntries(entries))
                .failed();
        return refused.stream().map(error -> refused(records, error)).toList();
    }

    private String refused(List<DecidedRecord> records, BatchResultErrorEntry error) {
        DecidedRecord decided = records.get(Integer.parseInt(error.id()));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("payment", decided.message().get("pk"));
        fields.put("code", error.code());
        if (decided.message().get("trace") instanceof String trace) {
            fields.put("traceparent", trace);
        }
        log.error("A decision was not published", fields, null);
        return decided.sequenceNumber();
    }
}
