package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.Json;
import doubleeleven.gateway.stress.Doors;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;

/** Doors by HTTP, as any client calls them. */
final class HttpDoors implements Doors {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    /** Whoever waits longer for a payment has gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    @Override
    public Reply post(String door, String path, Map<String, String> headers, Map<String, ?> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(door + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.write(body), UTF_8));
        headers.forEach(request::header);
        try {
            var response = http.send(request.build(), BodyHandlers.ofString(UTF_8));
            return new Reply.Answered(
                    response.statusCode(),
                    response.headers().firstValue("traceparent").isPresent(),
                    read(response.body()));
        } catch (HttpTimeoutException e) {
            return new Reply.TimedOut();
        } catch (IOException e) {
            return new Reply.Unreached(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply.Unreached("interrupted");
        }
    }

    /** What is no JSON is nothing of ours. */
    private static Map<String, ?> read(String body) {
        try {
            return Json.object(body);
        } catch (Json.MalformedJson e) {
            return Map.of();
        }
    }
}
