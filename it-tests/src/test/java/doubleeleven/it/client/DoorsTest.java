package doubleeleven.it.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import doubleeleven.it.client.Doors.Reached;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which door a call goes through, and with what. */
final class DoorsTest {
    private static final List<String> REGIONS = List.of("us-east-1", "us-east-2", "us-west-2");
    private static final Map<String, Object> BODY = Map.of("amount", 1);

    private final Map<String, FakeDoor> fakes = new TreeMap<>();
    private final Doors doors;

    DoorsTest() throws IOException {
        TreeMap<String, URI> addresses = new TreeMap<>();
        for (String region : REGIONS) {
            FakeDoor fake = new FakeDoor();
            fakes.put(region, fake);
            addresses.put(region, fake.address());
        }
        doors = new Doors(
                new Api(addresses.firstEntry().getValue(), "m1.secret"),
                new Stack(addresses),
                List.of("us-east-2", "us-west-2", "us-east-1"));
    }

    @AfterEach
    void close() {
        fakes.values().forEach(FakeDoor::close);
    }

    private FakeDoor fake(String region) {
        return fakes.get(region);
    }

    @Test
    void aCallGoesThroughThePreferredDoorAlone() {
        Reached reached = doors.post("/payments", BODY, "k1");

        assertThat(reached.region()).isEqualTo("us-east-2");
        assertThat(reached.answer().status()).isEqualTo(201);
        assertThat(fake("us-east-2").asked()).containsExactly("POST /payments k1 Bearer m1.secret {\"amount\":1}");
        assertThat(fake("us-east-1").asked()).isEmpty();
        assertThat(fake("us-west-2").asked()).isEmpty();
    }

    @Test
    void whereNobodyAnswersTheSameCallGoesThroughTheNextDoor() {
        fake("us-east-2").close();

        assertThat(doors.post("/payments", BODY, "k1").region()).isEqualTo("us-west-2");
        assertThat(fake("us-west-2").asked()).containsExactly("POST /payments k1 Bearer m1.secret {\"amount\":1}");
        assertThat(fake("us-east-1").asked()).isEmpty();
    }

    /** The call may have been carried out: with the same key it is the same attempt. */
    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void whereNothingBehindADoorAnswersTheSameCallGoesThroughTheNextDoor(int status) {
        fake("us-east-2").answers(status);
        fake("us-west-2").answers(status);

        assertThat(doors.post("/payments", BODY, "k1").region()).isEqualTo("us-east-1");
        for (FakeDoor fake : fakes.values()) {
            assertThat(fake.asked()).containsExactly("POST /payments k1 Bearer m1.secret {\"amount\":1}");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500})
    void aDoorThatAnswersOtherwiseIsAskedAgain(int status) {
        fake("us-east-2").answers(status);

        assertThat(doors.post("/payments", BODY, "k1").region()).isEqualTo("us-east-2");
        assertThat(fake("us-east-2").asked()).hasSize(2);
        assertThat(fake("us-west-2").asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 404, 409, 422})
    void anAnswerForGoodIsNotAskedForElsewhere(int status) {
        fake("us-east-2").answers(status);

        assertThat(doors.post("/payments", BODY, "k1").answer().status()).isEqualTo(status);
        assertThat(fake("us-east-2").asked()).hasSize(1);
        assertThat(fake("us-west-2").asked()).isEmpty();
    }

    /** Of all doors the attempt has one outcome. */
    @Test
    void anAttemptThatFailedHasFailedAtEveryDoor() {
        fake("us-east-2").answers(503, "{\"type\":\"urn:double-eleven:problem:attempt-failed\"}");

        assertThat(doors.post("/payments", BODY, "k1").answer().problem()).isEqualTo("attempt-failed");
        assertThat(fake("us-west-2").asked()).isEmpty();
    }

    @Test
    void theDoorThatAnsweredIsTheOneForTheNextCall() {
        fake("us-east-2").answers(503);
        doors.post("/payments", BODY, "k1");

        assertThat(doors.get("/payments/p1").region()).isEqualTo("us-west-2");
        assertThat(fake("us-west-2").asked()).last().isEqualTo("GET /payments/p1 null Bearer m1.secret ");
        assertThat(fake("us-east-2").asked()).hasSize(1);
    }

    @Test
    void aLookGoesThroughTheNextDoorAndAsksEachOnce() {
        fake("us-east-2").close();
        fake("us-west-2").answers(504);
        assertThat(doors.get("/payments/p1").region()).isEqualTo("us-east-1");

        fakes.values().forEach(FakeDoor::close);
        assertThatThrownBy(() -> doors.get("/payments/p1")).isInstanceOf(UncheckedIOException.class);
    }

    /** Answers what it was told to, then 201. */
    private static final class FakeDoor {
        private record Told(int status, String body) {}

        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final Deque<Told> told = new ArrayDeque<>();
        private final List<String> asked = new ArrayList<>();

        FakeDoor() throws IOException {
            server.createContext("/", this::serve);
            server.start();
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/");
        }

        void answers(int status) {
            answers(status, "{}");
        }

        synchronized void answers(int status, String body) {
            told.add(new Told(status, body));
        }

        synchronized List<String> asked() {
            return List.copyOf(asked);
        }

        private synchronized void serve(HttpExchange exchange) throws IOException {
            asked.add(String.join(
                    " ",
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath().substring("/v1".length()),
                    exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            Told answer = told.isEmpty() ? new Told(201, "{}") : told.remove();
            byte[] body = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }

        void close() {
            server.stop(0);
        }
    }
}
