package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import doubleeleven.aws.Environment;
import doubleeleven.gateway.stress.Doors.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Doors by HTTP, by as many calls at once as are due. */
class HttpDoorsTest {
    private static final int CALLS = 50;

    private final HttpDoors doors = new HttpDoors();
    private HttpServer server;
    private String address;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        address = "http://localhost:" + server.getAddress().getPort() + "/v1";
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        if (status < 500) {
            exchange.getResponseHeaders().add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void aCallCarriesItsHeadersAndItsBodyAndTheAnswerIsReadAsItCame() {
        server.createContext(
                "/v1/payments",
                exchange -> answer(
                        exchange,
                        exchange.getRequestHeaders().getFirst("Double11-Shadow").equals("m.a.rk") ? 201 : 400,
                        new String(exchange.getRequestBody().readAllBytes(), UTF_8)));

        assertThat(doors.post(address, "/payments", Map.of("Double11-Shadow", "m.a.rk"), Map.of("amount", 7)))
                .isEqualTo(new Reply.Answered(201, true, Map.of("amount", 7)));
    }

    @Test
    void whatIsNoJsonAndCarriesNoTraceIsTheDoorsOwnWithNothingInIt() {
        server.createContext("/", exchange -> answer(exchange, 502, "<html>"));

        assertThat(doors.post(address, "/payments", Map.of(), Map.of()))
                .isEqualTo(new Reply.Answered(502, false, Map.of()));
    }

    @Test
    void whereNobodyListensNothingIsReached() {
        server.stop(0);

        assertThat(doors.post(address, "/payments", Map.of(), Map.of())).isInstanceOf(Reply.Unreached.class);
    }

    /** Open loop: nobody answers before all have called. */
    @Test
    void aDoorThatStandsStillKeepsNobodyFromCalling() {
        CountDownLatch all = new CountDownLatch(CALLS);
        server.createContext("/", exchange -> {
            all.countDown();
            try {
                answer(exchange, all.await(60, TimeUnit.SECONDS) ? 201 : 500, "{}");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Queue<Reply> replies = new ConcurrentLinkedQueue<>();
        ThreadPace pace = new ThreadPace();

        for (int i = 0; i < CALLS; i++) {
            pace.await(Duration.ofMillis(i));
            assertThat(pace.begin(() -> replies.add(doors.post(address, "/payments", Map.of(), Map.of()))))
                    .isTrue();
        }
        pace.finish();

        assertThat(replies).hasSize(CALLS).containsOnly(new Reply.Answered(201, true, Map.of()));
        assertThat(pace.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(CALLS - 1));
    }

    @Test
    void moreThanTheFunctionHasConnectionsForAreNotBegun() {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        ThreadPace pace = new ThreadPace();

        boolean more = true;
        while (more) {
            more = pace.begin(() -> {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            begun.addAndGet(more ? 1 : 0);
        }
        over.countDown();
        pace.finish();

        assertThat(begun).hasValue(800);
    }

    @Test
    void offlineTheOneEndpointIsADoorAndNothingElseIs() {
        DoorAddresses offline = DoorAddresses.of(new Environment(Map.of("AWS_ENDPOINT_URL", "http://localhost:4566")));

        assertThat(offline).accepts("http://localhost:4566/_aws/execute-api/a1b2c3d4e5/v1");
        assertThat(offline).rejects("http://localhost:4567/v1", "https://pay.example.com");
        assertThat(DoorAddresses.of(
                        new Environment(Map.of("DOOR_HOSTS", ".execute-api.us-east-1.amazonaws.com,pay.example.com"))))
                .accepts("https://pay.example.com", "https://x.execute-api.us-east-1.amazonaws.com/v1")
                .rejects("https://other.pay.example.com", "http://pay.example.com");
    }
}
