package doubleeleven.setup.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A CloudFormation custom resource: does its work and always tells CloudFormation how it went, since a deployment that hears nothing
 * waits for an hour.
 */
abstract class CustomResource implements RequestStreamHandler {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    /** CloudFormation takes no answer of more than 4096 bytes, and waits. */
    private static final int REASON_MAX = 1000;

    private final Log log;
    private final String physicalId;

    CustomResource(Log log, String physicalId) {
        this.log = log;
        this.physicalId = physicalId;
    }

    /**
     * Creates or updates.
     *
     * @return the resource's attributes
     */
    abstract Map<String, String> apply(Map<String, Object> properties, Context context);

    @Override
    public final void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> event = Json.object(in);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("StackId", event.get("StackId"));
        answer.put("RequestId", event.get("RequestId"));
        answer.put("LogicalResourceId", event.get("LogicalResourceId"));
        answer.put("PhysicalResourceId", physicalId);
        try {
            answer.put(
                    "Data", "Delete".equals(event.get("RequestType")) ? Map.of() : apply(properties(event), context));
            answer.put("Status", "SUCCESS");
        } catch (RuntimeException | LinkageError e) {
            log.error("A custom resource failed", Map.of("resource", physicalId), e);
            answer.put("Status", "FAILED");
            answer.put("Reason", reason(e));
        }
        tell(URI.create(Json.text(event, "ResponseURL")), Json.write(answer));
        Json.write(Map.of("Status", answer.get("Status")), out);
    }

    private static String reason(Throwable e) {
        String reason = e.getClass().getSimpleName() + ": " + e.getMessage();
        return reason.substring(0, Math.min(reason.length(), REASON_MAX));
    }

    private static void tell(URI url, String answer) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(ANSWER_TIMEOUT)
                .PUT(HttpRequest.BodyPublishers.ofString(answer))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status >= 300) {
                throw new IOException("CloudFormation did not take the answer: " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while answering CloudFormation", e);
        }
    }

    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    private static Map<String, Object> properties(Map<String, Object> event) {
        return event.get("ResourceProperties") instanceof Map<?, ?> properties
                ? (Map<String, Object>) properties
                : Map.of();
    }
}
