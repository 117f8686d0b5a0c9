package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Functions;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.gateway.ApiKey;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.StressTest;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Two gateways, each with tables of its own, and what lies between them: a mark that both look at. */
class ShadowCallsTest {
    private static final String TEST = "eve";
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:double11-shadow-gateway:live";
    private static final Instant NOW = Instant.parse("2026-11-10T22:00:00Z");
    private static final String OPEN = "{\"merchant\": \"tea\", \"currency\": \"GBP\", \"buckets\": 1}";
    private static final String SECRET = "s3cret-".repeat(5);

    private static LocalTables live;
    private static LocalTables shadow;

    private final ManualClock clock = new ManualClock();
    private final Payer generator = new Payer();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<String> invoked = new ArrayList<>();
    private GatewayHandler liveGateway;
    private GatewayHandler shadowGateway;
    private boolean down;

    @BeforeAll
    static void start() {
        System.setProperty("aws.accessKeyId", "local");
        System.setProperty("aws.secretAccessKey", "local");
        live = LocalTables.inProcess();
        shadow = LocalTables.inProcess();
    }

    @AfterAll
    static void stop() {
        live.close();
        shadow.close();
    }

    @BeforeEach
    void deploy() {
        live.clear();
        shadow.clear();
        clock.set(NOW);
        shadowGateway = gateway(shadow, "SHADOW", Optional.empty());
        liveGateway = gateway(live, "LIVE", Optional.of(ARN));
        key(live, "live-operator");
        key(shadow, "shadow-operator");
        admit(live);
        admit(shadow);
    }

    private void admit(LocalTables tables) {
        new DynamoDbStressTests(tables.client(), LocalTables.CONTROL)
                .admit(new StressTest(
                        TEST,
                        generator.publicKey(),
                        NOW,
                        NOW.plus(Duration.ofHours(1)),
                        "op",
                        "to see",
                        Optional.empty(),
                        false));
    }

    private static void key(LocalTables tables, String id) {
        new DynamoDbKeys(tables.client(), LocalTables.PLATFORM)
                .create(new ApiKey(id, Deployment.digest(SECRET), Role.OPERATOR, null, Instant.EPOCH, null));
    }

    private GatewayHandler gateway(LocalTables tables, String traffic, Optional<String> shadowArn) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ACCOUNT", "000000000000",
                "HEDGE_MILLISECONDS", "10000",
                "ACCOUNT_TABLE", LocalTables.ACCOUNT,
                "PAYMENT_TABLE", LocalTables.PAYMENT,
                "CREDIT_TABLE", LocalTables.CREDIT,
                "CONTROL_TABLE", LocalTables.CONTROL,
                "PLATFORM_TABLE", LocalTables.PLATFORM,
                "TOPOLOGY", Deployment.TOPOLOGY,
                "TRAFFIC", traffic));
        shadowArn.ifPresent(arn -> variables.put("SHADOW_GATEWAY", arn));
        Environment environment = new Environment(variables);
        Host here = Host.with(environment);
        Functions functions = this::invoke;
        return new GatewayHandler(new Host(
                environment,
                (type, region, connect) -> service(type, tables, functions),
                clock,
                here.random(),
                new PrintStream(printed, true, UTF_8)));
    }

    private static SdkClient service(Class<? extends SdkClient> type, LocalTables tables, Functions functions) {
        return type == Functions.class ? functions : tables.client();
    }

    private byte[] invoke(String function, byte[] payload) {
        invoked.add(function);
        if (down) {
            throw SdkClientException.create("no such function");
        }
        return handle(shadowGateway, payload);
    }

    private static byte[] handle(GatewayHandler handler, byte[] event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Context nobody = null;
            handler.handleRequest(new ByteArrayInputStream(event), out, nobody);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Reply call(GatewayHandler handler, String operator, @Nullable String mark) {
        Map<String, String> headers = new HashMap<>(Map.of("Authorization", "Bearer " + operator + "." + SECRET));
        if (mark != null) {
            headers.put("double11-SHADOW", mark);
        }
        Map<String, Object> event =
                Map.of("httpMethod", "POST", "path", "/merchants", "headers", headers, "body", OPEN);
        Map<String, Object> response =
                Json.object(new String(handle(handler, Json.write(event).getBytes(UTF_8)), UTF_8));
        Map<String, String> answered = new HashMap<>();
        Json.child(response, "headers").forEach((name, value) -> answered.put(name, String.valueOf(value)));
        return new Reply(
                (int) Json.integer(response, "statusCode"), answered, Json.object(Json.text(response, "body")));
    }

    private static String header(String test) {
        return "{\"alg\":\"EdDSA\",\"kid\":\"" + test + "\"}";
    }

    private static String claims(String test, Instant issued, Duration good) {
        return """
                {"iss":"%s","aud":"double-eleven","use":"shadow","iat":%d,"exp":%d}""".formatted(test, issued.getEpochSecond(), issued.plus(good).getEpochSecond());
    }

    private String mark() {
        return generator.sign(header(TEST), claims(TEST, clock.instant(), Duration.ofMinutes(10)));
    }

    private static boolean hasTea(LocalTables tables) {
        return tables.client().scan(request -> request.tableName(LocalTables.ACCOUNT)).items().stream()
                .anyMatch(item -> item.get("pk").s().startsWith("M#tea"));
    }

    private void assertRefused(Reply reply) {
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.slug()).isEqualTo("shadow-refused");
        assertThat(reply.headers())
                .containsEntry("Content-Type", "application/problem+json")
                .containsKey("traceparent");
        assertThat(hasTea(live)).isFalse();
        assertThat(hasTea(shadow)).isFalse();
    }

    @Test
    void aMarkedCallIsServedByTheShadowAndLeavesNothingLive() {
        Reply reply = call(liveGateway, "shadow-operator", mark());

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text("merchant")).isEqualTo("tea");
        assertThat(hasTea(shadow)).isTrue();
        assertThat(hasTea(live)).isFalse();
        assertThat(invoked).containsExactly(ARN);
    }

    @Test
    void anUnmarkedCallIsServedLiveAndLeavesNothingInTheShadow() {
        assertThat(call(liveGateway, "live-operator", null).status()).isEqualTo(201);

        assertThat(hasTea(live)).isTrue();
        assertThat(hasTea(shadow)).isFalse();
        assertThat(invoked).isEmpty();
    }

    /** A key of live traffic is none in the shadow, and the reverse. */
    @Test
    void keysAreGoodForTheirOwnTrafficAlone() {
        assertThat(call(liveGateway, "live-operator", mark()).status()).isEqualTo(401);
        assertThat(call(liveGateway, "shadow-operator", null).status()).isEqualTo(401);
        assertThat(hasTea(live) || hasTea(shadow)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "yes", "a.b.c", "a.b", "eyJhbGciOiJub25lIiwia2lkIjoiZXZlIn0.e30."})
    void whatIsNoMarkIsRefusedAndNeverTakenForLive(String nonsense) {
        assertRefused(call(liveGateway, "live-operator", nonsense));
        assertThat(invoked).isEmpty();
    }

    @Test
    void aMarkSignedWithAnotherKeyIsRefused() {
        assertRefused(call(
                liveGateway,
                "live-operator",
                new Payer().sign(header(TEST), claims(TEST, NOW, Duration.ofMinutes(10)))));
        assertThat(invoked).isEmpty();
    }

    @Test
    void aMarkIsRefusedWhoseClaimsAreOthers() {
        String good = claims(TEST, NOW, Duration.ofMinutes(10));
        for (String bad : List.of(
                good.replace("\"use\":\"shadow\"", "\"use\":\"live\""),
                good.replace("\"aud\":\"double-eleven\"", "\"aud\":\"other\""),
                good.replace("\"iss\":\"eve\"", "\"iss\":\"adam\""),
                good.replace("{", "{\"sub\":\"eve\","),
                good.replace("\"use\":\"shadow\",", ""),
                claims(TEST, NOW, Duration.ofMinutes(16)),
                claims(TEST, NOW.plusSeconds(120), Duration.ofMinutes(10)),
                claims(TEST, NOW.minusSeconds(800), Duration.ofMinutes(10)))) {
            assertRefused(call(liveGateway, "live-operator", generator.sign(header(TEST), bad)));
        }
        assertThat(invoked).isEmpty();
    }

    @Test
    void aMarkOfATestThatNobodyAdmittedIsRefused() {
        assertRefused(call(
                liveGateway,
                "live-operator",
                generator.sign(header("other"), claims("other", NOW, Duration.ofMinutes(10)))));
        assertThat(invoked).isEmpty();
    }

    @Test
    void aMarkOfATestThatIsOverIsRefused() {
        clock.set(NOW.plus(Duration.ofHours(1)));

        assertRefused(call(liveGateway, "live-operator", mark()));
    }

    @Test
    void aStopReachesEveryGatewayWithinFiveSeconds() {
        String mark = mark();
        assertThat(call(liveGateway, "live-operator", mark).status()).isEqualTo(401);
        new DynamoDbStressTests(live.client(), LocalTables.CONTROL).stop(TEST, NOW.plusSeconds(1));

        clock.set(NOW.plusSeconds(6));

        assertRefused(call(liveGateway, "live-operator", mark));
    }

    /** Whoever got around the live gateway has nothing of it. */
    @Test
    void theShadowLooksAtTheMarkItself() {
        assertRefused(call(shadowGateway, "shadow-operator", null));
        assertRefused(call(shadowGateway, "shadow-operator", "a.b.c"));
        assertRefused(call(
                shadowGateway,
                "shadow-operator",
                new Payer().sign(header(TEST), claims(TEST, NOW, Duration.ofMinutes(10)))));
        assertThat(call(shadowGateway, "shadow-operator", mark()).status()).isEqualTo(201);
    }

    @Test
    void aTestThatTheShadowsOperatorsDidNotAdmitDoesNotRun() {
        new DynamoDbStressTests(shadow.client(), LocalTables.CONTROL).stop(TEST, NOW);

        assertRefused(call(liveGateway, "shadow-operator", mark()));
        assertThat(invoked).hasSize(1);
    }

    @Test
    void whereTheShadowGivesNoAnswerTheCallIsRefusedAndNotServedLive() {
        down = true;

        assertRefused(call(liveGateway, "live-operator", mark()));
        assertThat(printed.toString(UTF_8)).contains("UNANSWERED");
    }

    @Test
    void whereThereIsNoShadowAMarkedCallIsRefused() {
        assertRefused(call(gateway(live, "LIVE", Optional.empty()), "live-operator", mark()));
        assertThat(invoked).isEmpty();
    }

    @Test
    void aRequestThatGoesOnIsTheSame() {
        Map<String, Object> event = Map.of(
                "httpMethod", "GET",
                "path", "/customers/a%2Bb%25c%20d+e",
                "headers", Map.of("Traceparent", "t"),
                "multiValueQueryStringParameters", Map.of("x", List.of("1", "2")),
                "body", "{\"é\": 1}");

        assertThat(ProxyEvent.request(Json.object(Json.write(ProxyEvent.event(ProxyEvent.request(event))))))
                .isEqualTo(ProxyEvent.request(event));
    }
}
