package doubleeleven.ledger.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.SqsBatch;
import doubleeleven.aws.SqsBatch.Message;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.ledger.Bucket;
import doubleeleven.ledger.Poster;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Posts the buckets that a batch of messages names, each bucket once however many messages name it. */
public final class PostingHandler implements RequestStreamHandler {
    private final Poster poster;
    private final Log log;

    public PostingHandler() {
        this(Host.lambda());
    }

    public PostingHandler(Host host) {
        this(new Poster(new DynamoDbBalances(Clients.dynamoDb(host), Tables.account(host.environment()))), host.log());
    }

    PostingHandler(Poster poster, Log log) {
        this.poster = poster;
        this.log = log;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        SqsBatch batch = new SqsBatch(log);
        batch.together(in, out, messages -> post(batch, messages));
    }

    private Set<String> post(SqsBatch batch, List<Message> messages) {
        Map<Bucket, Request> requests = new LinkedHashMap<>();
        Set<String> failed = new LinkedHashSet<>();
        for (Message message : messages) {
            try {
                requests.merge(bucketOf(message), Request.of(message), Request::with);
            } catch (RuntimeException e) {
                batch.failed(message, e);
                failed.add(message.id());
            }
        }
        requests.forEach((bucket, request) -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("merchant", bucket.merchant());
            fields.put("bucket", bucket.number());
            if (!request.traces().isEmpty()) {
                fields.put("traceparent", String.join(" ", request.traces()));
            }
            try {
                fields.put("entries", poster.post(bucket, request.from()));
                log.info("Posted", fields);
            } catch (RuntimeException e) {
                log.error("Posting failed and will be tried again", fields, e);
                failed.addAll(request.ids());
            }
        });
        return failed;
    }

    private static Bucket bucketOf(Message message) {
        return new Bucket(
                Json.text(message.body(), "merchant"), Math.toIntExact(Json.integer(message.body(), "bucket")));
    }

    /** What the messages for one bucket ask for together. */
    private record Request(Instant from, Set<String> ids, Set<String> traces) {
        static Request of(Message message) {
            return new Request(
                    Instant.ofEpochMilli(Json.integer(message.body(), "from")),
                    Set.of(message.id()),
                    message.body().get("trace") instanceof String trace ? Set.of(trace) : Set.of());
        }

        Request with(Request other) {
            return new Request(
                    from.isBefore(other.from) ? from : other.from, both(ids, other.ids), both(traces, other.traces));
        }

        private static Set<String> both(Set<String> some, Set<String> more) {
            Set<String> all = new LinkedHashSet<>(some);
            all.addAll(more);
            return all;
        }
    }
}
