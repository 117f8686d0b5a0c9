package doubleeleven.notification.aws;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import doubleeleven.aws.Json;
import doubleeleven.notification.Endpoint;
import doubleeleven.notification.EndpointUrl;
import doubleeleven.notification.Secret;
import doubleeleven.notification.delivery.Notification;
import doubleeleven.notification.delivery.Sender;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Posts notifications as Standard Webhooks has them. Only to names whose addresses are public, and never further than there: a redirection
 * is an answer like any other that is no success.
 */
final class HttpSender implements Sender {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final Resolver resolver;
    private final boolean loopback;
    private final Clock clock;

    /**
     * Creates a sender.
     *
     * @param loopback whether this machine may be called as well, as in a sandbox
     */
    HttpSender(Resolver resolver, boolean loopback, Clock clock) {
        this.resolver = resolver;
        this.loopback = loopback;
        this.clock = clock;
    }

    /** Finds the addresses of a name. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    @Override
    public Optional<String> send(Endpoint endpoint, Notification notification) {
        try {
            URI url = EndpointUrl.read(endpoint.url().toString(), loopback).orElse(null);
            if (url == null || !(EndpointUrl.isLoopback(url) || leadsOutside(url))) {
                return Optional.of("its address is not one that may be called");
            }
            int status = post(request(url, endpoint, notification));
            return status / 100 == 2 ? Optional.empty() : Optional.of("status " + status);
        } catch (IOException e) {
            return Optional.of(e.getClass().getSimpleName() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** What it answers beyond the status is nobody's business, and may be endless. */
    private int post(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        response.body().close();
        return response.statusCode();
    }

    private HttpRequest request(URI url, Endpoint endpoint, Notification notification) {
        Instant now = clock.instant();
        String content = Json.write(notification.content());
        return HttpRequest.newBuilder(url)
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header("User-Agent", "double-eleven")
                .header("traceparent", notification.trace())
                .header("webhook-id", notification.id())
                .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
                .header(
                        "webhook-signature",
                        endpoint.secrets(now).stream()
                                .map(secret -> sign(secret, notification.id(), now, content))
                                .collect(Collectors.joining(" ")))
                .POST(BodyPublishers.ofString(content))
                .build();
    }

    static String sign(Secret secret, String id, Instant at, String content) {
        try {
            return new Webhook(secret.text()).sign(id, at.getEpochSecond(), content);
        } catch (WebhookSigningException e) {
            throw new IllegalStateException("a secret that was read can sign", e);
        }
    }

    private boolean leadsOutside(URI url) throws UnknownHostException {
        return Arrays.stream(resolver.addresses(url.getHost())).allMatch(Addresses::isPublic);
    }
}
