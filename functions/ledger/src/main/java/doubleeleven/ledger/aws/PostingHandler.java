package doubleeleven.ledger.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
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
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Posts the buckets that a batch of messages names, each bucket once however many messages name it. */
public final class PostingHandler implements RequestStreamHandler {
    private final Poster poster;
    private final Log log;

    public PostingHandler() {
        this(Environment.ofProcess());
    }

    private PostingHandler(Environment environment) {
        this(
                new Poster(new DynamoDbBalances(
                        Clients.local(DynamoDbClient.builder(), environment), Tables.account(environment))),
                Log.of(environment));
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
        Map<Bucket, Instant> earliest = new LinkedHashMap<>();
        Set<String> failed = new LinkedHashSet<>();
        Map<Bucket, Set<String>> idsByBucket = new LinkedHashMap<>();
        for (Message message : messages) {
            try {
                Bucket bucket = new Bucket(
                        Json.text(message.body(), "merchant"), Math.toIntExact(Json.integer(message.body(), "bucket")));
                earliest.merge(
                        bucket,
                        Instant.ofEpochMilli(Json.integer(message.body(), "from")),
                        (one, other) -> one.isBefore(other) ? one : other);
                idsByBucket
                        .computeIfAbsent(bucket, each -> new LinkedHashSet<>())
                        .add(message.id());
            } catch (RuntimeException e) {
                batch.failed(message, e);
                failed.add(message.id());
            }
        }
        earliest.forEach((bucket, from) -> {
            try {
                int posted = poster.post(bucket, from);
                log.info("Posted", Map.of("merchant", bucket.merchant(), "bucket", bucket.number(), "entries", posted));
            } catch (RuntimeException e) {
                log.error("Posting failed and will be tried again", Map.of("merchant", bucket.merchant()), e);
                failed.addAll(idsByBucket.getOrDefault(bucket, Set.of()));
            }
        });
        return failed;
    }
}
