package doubleeleven.it.client;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The API of one Region, called with one API key.
 *
 * @param door the Region's address
 * @param key {@code <key id>.<secret>}, or null for a caller without any
 */
public record Api(URI door, @Nullable String key) {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    /** API Gateway gives up after 29 s. */
    private static final Duration LONGEST = Duration.ofSeconds(35);

    static final int TRIES = 8;
    private static final long FIRST_BACKOFF_MILLIS = 200;
    private static final long LONGEST_BACKOFF_MILLIS = 5_000;

    public Api through(URI otherDoor) {
        return new Api(otherDoor, key);
    }

    public Api as(@Nullable String otherKey) {
        return new Api(door, otherKey);
    }

    public Answer get(String path) {
        return sendUnchecked(getRequest(path));
    }

    public Answer delete(String path) {
        return sendUnchecked(request(path).DELETE().build());
    }

    public Answer post(String path, Map<String, ?> body) {
        return post(path, body, null);
    }

    public Answer post(String path, Map<String, ?> body, @Nullable String idempotencyKey) {
        return postText(path, json(body), idempotencyKey);
    }

    /** Sends a body that need not be JSON. */
    public Answer postText(String path, String body, @Nullable String idempotencyKey) {
        return sendUnchecked(postRequest(path, body, idempotencyKey));
    }

    /**
     * Makes a call, again while nobody answers or the answer is a fault: with the same idempotency key, after a growing random pause.
     *
     * @return the last answer, which may be a fault
     * @throws UncheckedIOException where nobody answered until the end
     */
    public Answer postPatiently(String path, Map<String, ?> body, @Nullable String idempotencyKey) {
        HttpRequest request = postRequest(path, json(body), idempotencyKey);
        for (int tried = 1; ; tried++) {
            try {
                Answer answer = send(request);
                if (!answer.isWorthRetrying() || tried == TRIES) {
                    return answer;
                }
            } catch (IOException e) {
                if (tried == TRIES) {
                    throw new UncheckedIOException(e);
                }
            }
            rest(tried);
        }
    }

    /** The growing random pause after so many tries. */
    static void rest(int tried) {
        long most = Math.min(LONGEST_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS << tried);
        Pause.millis(ThreadLocalRandom.current().nextLong(FIRST_BACKOFF_MILLIS, most));
    }

    HttpRequest getRequest(String path) {
        return request(path).GET().build();
    }

    HttpRequest postRequest(String path, String body, @Nullable String idempotencyKey) {
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return request.build();
    }

    private HttpRequest.Builder request(String path) {
        String base = door.toString().replaceFirst("/$", "");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(LONGEST);
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return request;
    }

    private static Answer sendUnchecked(HttpRequest request) {
        try {
            return send(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Answer send(HttpRequest request) throws IOException {
        try {
            var response = HTTP.send(request, BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(), response.body(), response.headers().map());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + request.uri());
        }
    }

    static String json(Map<String, ?> body) {
        try {
            return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
