package doubleeleven.it.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A merchant's endpoint on this machine: keeps what it is told, and says of each by which of its secrets it was signed.
 *
 * <pre>{@code
 * try (Receiver receiver = Receiver.open()) {
 *     receiver.knows(shop.post("/merchants/tea/notification-endpoint", Map.of("url", receiver.url())).text("secret"));
 *     …
 *     receiver.told();
 * }
 * }</pre>
 */
public final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final List<String> secrets = new CopyOnWriteArrayList<>();
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private volatile int answer = 204;

    /**
     * What was told once.
     *
     * @param id of the notification
     * @param content {@code type}, {@code timestamp}, {@code data}
     * @param signedBy those of the receiver's secrets that verify it
     * @param answer what the receiver answered
     */
    public record Told(String id, Map<String, Object> content, List<String> signedBy, int answer) {
        public String type() {
            return String.valueOf(content.get("type"));
        }

        /** A field of what it is about, as text. */
        public String about(String field) {
            return content.get("data") instanceof Map<?, ?> data ? String.valueOf(data.get(field)) : "";
        }
    }

    private Receiver(HttpServer server) {
        this.server = server;
        server.createContext("/", this::take);
    }

    /** Listens on a port that is free. */
    public static Receiver open() {
        try {
            Receiver receiver =
                    new Receiver(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            receiver.server.start();
            return receiver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the sandbox takes it. */
    public String url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/double11")
                .toString();
    }

    /** Tells it a secret that notifications may be signed by. */
    public void knows(String secret) {
        secrets.add(secret);
    }

    /** Has it answer so from now on. */
    public void answer(int status) {
        answer = status;
    }

    /** What it was told so far, as it came. */
    public List<Told> told() {
        return List.copyOf(told);
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        HttpHeaders headers = HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true);
        told.add(new Told(
                headers.firstValue("webhook-id").orElse(""),
                JSON.std.mapFrom(body),
                secrets.stream()
                        .filter(secret -> isSigned(secret, body, headers))
                        .toList(),
                answer));
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    private static boolean isSigned(String secret, String body, HttpHeaders headers) {
        try {
            new Webhook(secret).verify(body, headers);
            return true;
        } catch (WebhookVerificationException e) {
            return false;
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
