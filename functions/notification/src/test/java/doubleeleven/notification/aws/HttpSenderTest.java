package doubleeleven.notification.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import doubleeleven.aws.Json;
import doubleeleven.notification.Endpoint;
import doubleeleven.notification.Secret;
import doubleeleven.notification.delivery.Notification;
import doubleeleven.notification.delivery.Samples;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSenderTest {
    private static final Notification PAID = Samples.paid("tea").notifications().getFirst();
    private static final Secret SECRET = Secret.random(new Random(1));
    private static final Secret FORMER = Secret.random(new Random(2));

    private record Received(Headers headers, String body) {}

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private int answer = 204;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            received.add(new Received(
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            exchange.getResponseHeaders().add("Location", url("/elsewhere").toString());
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theSignatureIsThatOfStandardWebhooks() {
        Secret secret = new Secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        // By: printf '%s' 'msg_1.1762819200.{"a":1}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f -binary
        // | base64
        assertThat(HttpSender.sign(secret, "msg_1", Instant.ofEpochSecond(1_762_819_200, 999_000_000), "{\"a\":1}"))
                .isEqualTo("v1,P/uvEk1pOVtRU5BK+y8thttRzDI/gKZxfW55azwyGuM=");
    }

    @Test
    void aReceiverCanVerifyWhatItGetsByEitherSecretWhileBothHold() throws Exception {
        assertThat(send(Clock.systemUTC(), endpoint(url("/paid"), FORMER, Instant.now())))
                .isEmpty();

        Received got = received.getFirst();
        assertThat(Json.object(got.body())).containsEntry("type", "payment.paid");
        assertThat(got.headers().getFirst("webhook-id")).isEqualTo(PAID.id());
        assertThat(got.headers().getFirst("Content-Type")).isEqualTo("application/json");
        HttpHeaders headers = HttpHeaders.of(got.headers(), (name, value) -> true);
        new Webhook(SECRET.text()).verify(got.body(), headers);
        new Webhook(FORMER.text()).verify(got.body(), headers);
    }

    @Test
    void theFormerSecretSignsNoMoreADayLater() {
        Instant late = Samples.DECIDED.plus(Duration.ofHours(24));

        send(Clock.fixed(late, ZoneOffset.UTC), endpoint(url("/"), FORMER, Samples.DECIDED));

        assertThat(received.getFirst().headers().getFirst("webhook-signature"))
                .isEqualTo(HttpSender.sign(SECRET, PAID.id(), late, Json.write(PAID.content())));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204})
    void aSuccessIsTaken(int status) {
        answer = status;
        assertThat(send(url("/"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 400, 404, 410, 429, 500, 503})
    void whateverElseIsNotAndLeadsNowhere(int status) {
        answer = status;
        assertThat(send(url("/"))).contains("status " + status);
        assertThat(received).hasSize(1);
    }

    @Test
    void whoDoesNotListenIsReported() {
        server.stop(0);
        assertThat(send(url("/"))).get().asString().startsWith("ConnectException");
    }

    @Test
    void thisMachineIsCalledOnlyWhereTheDeploymentSaysSo() {
        HttpSender sender = new HttpSender(this::inside, false, Clock.systemUTC());

        assertThat(sender.send(endpoint(url("/")), PAID)).contains("its address is not one that may be called");
        assertThat(received).isEmpty();
    }

    @Test
    void aNameThatLeadsInsideIsNotCalled() {
        assertThat(send(URI.create("https://inside.example/paid")))
                .contains("its address is not one that may be called");
        assertThat(asked).containsExactly("inside.example");
    }

    @Test
    void aNameThatLeadsOutsideIsCalled() {
        HttpSender sender = new HttpSender(
                host -> new InetAddress[] {InetAddress.ofLiteral("93.184.216.34")}, false, Clock.systemUTC());

        // The name is nobody's, so that the call itself cannot come through.
        assertThat(sender.send(endpoint(URI.create("https://tea.invalid/paid")), PAID))
                .get()
                .asString()
                .startsWith("ConnectException");
    }

    @Test
    void anAnswerThatNeverEndsIsCutOff() {
        CompletableFuture<IOException> cut = new CompletableFuture<>();
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (true) {
                    body.write(new byte[1 << 16]);
                }
            } catch (IOException e) {
                cut.complete(e);
            }
        });

        assertThat(send(url("/endless"))).isEmpty();
        assertThat(cut).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void aFunctionThatIsStoppedWhileItTellsKnowsThatItWas() {
        Thread.currentThread().interrupt();

        assertThat(send(url("/"))).contains("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private Optional<String> send(URI url) {
        return send(Clock.systemUTC(), endpoint(url));
    }

    private Optional<String> send(Clock clock, Endpoint endpoint) {
        return new HttpSender(this::inside, true, clock).send(endpoint, PAID);
    }

    private static Endpoint endpoint(URI url) {
        return endpoint(url, null, Samples.DECIDED);
    }

    private static Endpoint endpoint(URI url, @Nullable Secret former, Instant changedAt) {
        return new Endpoint("tea", url, SECRET, former, changedAt);
    }

    private InetAddress[] inside(String host) throws UnknownHostException {
        asked.add(host);
        return new InetAddress[] {InetAddress.getByName("93.184.216.34"), InetAddress.getByName("10.0.0.1")};
    }
}
