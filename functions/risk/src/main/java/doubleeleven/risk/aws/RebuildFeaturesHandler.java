package doubleeleven.risk.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.dynamodb.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds this Region's features from one segment of the payment table, as far as the time goes:
 * {@code {"segment": 0, "segments": 4, "after": "…"}}. Answers what it did, and where to go on; that is absent at the end of the segment.
 */
public final class RebuildFeaturesHandler implements RequestStreamHandler {
    /** Time kept for the payment in hand, so that the function ends before Lambda ends it. */
    private static final Duration RESERVE = Duration.ofSeconds(20);

    private static final int SEGMENTS_MAX = 100;

    private final Rebuild rebuild;
    private final Log log;

    public RebuildFeaturesHandler() {
        this(Host.lambda());
    }

    public RebuildFeaturesHandler(Host host) {
        this.log = host.log();
        this.rebuild = new Rebuild(
                Clients.dynamoDb(host),
                Tables.payment(host.environment()),
                Wiring.featureWrites(host),
                host.clock(),
                log);
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> input = Json.object(in);
        int segments = whole(input, "segments", 1, SEGMENTS_MAX);
        Rebuild.Segment segment = new Rebuild.Segment(whole(input, "segment", 0, segments - 1), segments);
        Rebuild.Result result = rebuild.run(
                segment, after(input.get("after")), () -> context.getRemainingTimeInMillis() > RESERVE.toMillis());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("pages", result.pages());
        answer.put("seen", result.seen());
        answer.put("remembered", result.remembered());
        answer.put("failed", result.failed());
        if (result.after() != null) {
            answer.put("after", result.after());
        }
        Map<String, Object> fields = new LinkedHashMap<>(answer);
        fields.put("segment", segment.number());
        fields.put("segments", segment.of());
        log.info("Features rebuilt", fields);
        Json.write(answer, out);
    }

    private static int whole(Map<String, Object> input, String field, int least, int most) {
        if (input.get(field) instanceof Integer number && number >= least && number <= most) {
            return number;
        }
        throw new IllegalArgumentException(
                field + " must be a whole number, " + least + " to " + most + ": " + input.get(field));
    }

    private static @Nullable String after(@Nullable Object value) {
        if (value == null || value.equals("")) {
            return null;
        }
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("after must be a payment that an earlier answer named, or empty: " + value);
    }
}
