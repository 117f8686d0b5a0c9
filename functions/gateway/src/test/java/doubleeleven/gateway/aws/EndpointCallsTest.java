package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.EndpointItems;
import doubleeleven.gateway.Endpoints.Replacement.Overtaken;
import doubleeleven.gateway.Endpoints.Replacement.Replaced;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.notification.Endpoint;
import doubleeleven.notification.EndpointUrl;
import doubleeleven.notification.Secret;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where merchants want to be told, from API Gateway's event to its response. */
class EndpointCallsTest {
    private static final String URL = "https://shop.example/double11";
    private static final Instant NOW = Instant.parse("2026-11-11T00:00:00Z");

    private static Interrupting clock;
    private static ByteArrayOutputStream lines;
    private static Deployment gateway;

    /** Lets somebody else do something whenever the time is asked for, as long as there is something to do. */
    private static final class Interrupting extends ManualClock {
        private final Deque<Runnable> meanwhile = new ArrayDeque<>();
        private boolean interrupted;

        @Override
        public Instant instant() {
            if (!interrupted && !meanwhile.isEmpty()) {
                interrupted = true;
                meanwhile.remove().run();
                interrupted = false;
            }
            return super.instant();
        }
    }

    @BeforeAll
    static void deploy() {
        clock = new Interrupting();
        lines = new ByteArrayOutputStream();
        gateway = new Deployment(clock, new PrintStream(lines, true, UTF_8));
    }

    @AfterAll
    static void remove() {
        gateway.close();
    }

    @BeforeEach
    void begin() {
        clock.set(NOW);
    }

    private static void open(Deployment at, String merchant) {
        at.operator("POST", "/merchants", """
                {"merchant":"%s","currency":"GBP","buckets":1}""".formatted(merchant));
        at.key(merchant, Role.MERCHANT, merchant);
    }

    private static String path(String merchant) {
        return "/merchants/" + merchant + "/notification-endpoint";
    }

    private static Reply call(String method, String merchant, String caller, String body) {
        return gateway.call(method, path(merchant), body, Map.of("Authorization", Deployment.bearer(caller)));
    }

    private static Reply set(String merchant, String url) {
        return call("POST", merchant, merchant, Json.write(Map.of("url", url)));
    }

    private static Reply shown(String merchant) {
        return call("GET", merchant, merchant, null);
    }

    private static Reply taken(String merchant) {
        return call("DELETE", merchant, merchant, null);
    }

    private static Optional<Endpoint> stored(String merchant) {
        return new DynamoDbEndpoints(gateway.tables.client(), LocalTables.PLATFORM).find(merchant);
    }

    private static Secret secret(Reply reply) {
        return new Secret(reply.text("secret"));
    }

    @Test
    void theSecretIsShownOnceAndInNoLogLine() {
        open(gateway, "once");

        Reply reply = set("once", URL);

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body())
                .containsEntry("merchant", "once")
                .containsEntry("url", URL)
                .containsEntry("changedAt", NOW.toString())
                .containsEntry("links", Map.of("self", path("once")))
                .doesNotContainKey("formerSecretUntil");
        assertThat(stored("once")).contains(new Endpoint("once", URI.create(URL), secret(reply), null, NOW));
        Reply shown = shown("once");
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.body())
                .containsEntry("url", URL)
                .containsEntry("changedAt", reply.text("changedAt"))
                .doesNotContainKeys("secret", "formerSecretUntil");
        assertThat(lines.toString(UTF_8)).contains("notification-endpoint").doesNotContain("whsec_", URL);
    }

    @Test
    void eachCallMakesANewSecretAndTheOneBeforeSignsBesideItForADay() {
        open(gateway, "turns");
        Secret first = secret(set("turns", URL));
        clock.pass(Duration.ofDays(3));

        Reply again = set("turns", URL);

        String until = clock.instant().plus(Duration.ofHours(24)).toString();
        assertThat(again.status()).isEqualTo(200);
        assertThat(secret(again)).isNotEqualTo(first);
        assertThat(again.body()).containsEntry("formerSecretUntil", until);
        assertThat(stored("turns").orElseThrow().secrets(clock.instant())).containsExactly(secret(again), first);
        clock.pass(Duration.ofHours(24).minusMillis(1));
        assertThat(shown("turns").body())
                .containsEntry("formerSecretUntil", until)
                .doesNotContainEntry("changedAt", NOW.toString());
        clock.pass(Duration.ofMillis(1));
        assertThat(shown("turns").body()).doesNotContainKeys("formerSecretUntil", "secret");
    }

    @Test
    void onlyTheLatestFormerSecretSigns() {
        open(gateway, "hasty");
        set("hasty", URL);
        Secret second = secret(set("hasty", URL));

        Reply third = set("hasty", "https://shop.example/elsewhere");

        Endpoint endpoint = stored("hasty").orElseThrow();
        assertThat(endpoint.secrets(NOW)).containsExactly(secret(third), second);
        assertThat(endpoint.url()).hasToString("https://shop.example/elsewhere");
    }

    @Test
    void theTimeOfAChangeIsTheSameWhereverItIsShown() {
        open(gateway, "exact");
        clock.pass(Duration.ofNanos(1_234_567));

        Reply reply = set("exact", URL);

        assertThat(shown("exact").text("changedAt")).isEqualTo(reply.text("changedAt"));
    }

    /** Others change the endpoint at each of the first so many looks at the clock, wherever in the call those are. */
    @Test
    void aSecretThatWasShownIsKnownWhereverAnotherChangeComesInBetween() {
        open(gateway, "race");
        List<Integer> statuses = new ArrayList<>();
        for (int changes = 1; changes <= 12; changes++) {
            Deque<Secret> others = new ArrayDeque<>();
            for (int i = 0; i < changes; i++) {
                clock.meanwhile.add(() -> others.add(secret(set("race", URL))));
            }

            Reply reply = set("race", URL);

            clock.meanwhile.clear();
            statuses.add(reply.status());
            Endpoint endpoint = stored("race").orElseThrow();
            if (reply.status() == 409) {
                assertThat(reply.slug()).isEqualTo("attempt-contended");
                assertThat(reply.headers()).containsEntry("Retry-After", "1");
                assertThat(endpoint.secret()).isEqualTo(others.getLast());
            } else {
                assertThat(endpoint.secrets(NOW)).containsExactly(secret(reply), others.getLast());
            }
        }
        // Some came before anything was read, some between reading and writing, some in every round.
        assertThat(statuses).containsSubsequence(200, 200, 200, 200, 200, 409).hasSize(12);
    }

    @Test
    void ofTwoThatAreTheFirstTheLaterOneKnowsTheEarlier() {
        for (int look = 0; look < 6; look++) {
            String merchant = "first-" + look;
            open(gateway, merchant);
            List<Reply> others = new ArrayList<>();
            for (int i = 0; i < look; i++) {
                clock.meanwhile.add(() -> {});
            }
            clock.meanwhile.add(() -> others.add(set(merchant, URL)));

            Reply reply = set(merchant, URL);

            clock.meanwhile.clear();
            assertThat(others).hasSize(1);
            assertThat(List.of(reply.status(), others.getFirst().status())).containsExactlyInAnyOrder(200, 201);
            assertThat(stored(merchant).orElseThrow().secrets(NOW))
                    .containsExactlyInAnyOrder(secret(reply), secret(others.getFirst()));
        }
    }

    @Test
    void aChangeThatARemovalOvertookIsTheFirstOfANewEndpoint() {
        for (int look = 0; look < 4; look++) {
            String merchant = "removed-" + look;
            open(gateway, merchant);
            set(merchant, URL);
            for (int i = 0; i < look; i++) {
                clock.meanwhile.add(() -> {});
            }
            clock.meanwhile.add(() -> taken(merchant));

            Reply reply = set(merchant, URL);

            clock.meanwhile.clear();
            assertThat(reply.status()).isEqualTo(201);
            assertThat(stored(merchant).orElseThrow().secrets(NOW)).containsExactly(secret(reply));
        }
    }

    @Test
    void storingTheSameEndpointAgainIsSuccess() {
        DynamoDbEndpoints endpoints = new DynamoDbEndpoints(gateway.tables.client(), LocalTables.PLATFORM);
        URI url = URI.create(URL);
        Random random = new Random(1);
        Endpoint first = new Endpoint("twice", url, Secret.random(random), null, NOW);
        Endpoint second = first.changed(url, Secret.random(random), NOW);
        Endpoint third = second.changed(url, Secret.random(random), NOW);

        // As the SDK does where the answer to the first try is lost, be it that somebody else came in between.
        assertThat(endpoints.replace(Optional.empty(), first)).isEqualTo(new Replaced());
        assertThat(endpoints.replace(Optional.empty(), first)).isEqualTo(new Replaced());
        assertThat(endpoints.replace(Optional.of(first), second)).isEqualTo(new Replaced());
        assertThat(endpoints.replace(Optional.of(first), second)).isEqualTo(new Replaced());
        assertThat(endpoints.replace(Optional.empty(), first)).isEqualTo(new Replaced());
        assertThat(endpoints.replace(Optional.of(second), third)).isEqualTo(new Replaced());

        assertThat(endpoints.replace(Optional.empty(), first)).isEqualTo(new Overtaken(Optional.of(third)));
        assertThat(endpoints.find("twice")).contains(third);
    }

    @Test
    void anotherMerchantIsRefusedAsIfThereWereNone() {
        open(gateway, "mine");
        open(gateway, "other");
        set("mine", URL);
        Optional<Endpoint> before = stored("mine");

        assertThat(call("GET", "mine", "other", null).slug()).isEqualTo("not-found");
        assertThat(call("POST", "mine", "other", Json.write(Map.of("url", "https://evil.example")))
                        .slug())
                .isEqualTo("not-found");
        assertThat(call("DELETE", "mine", "other", null).slug()).isEqualTo("not-found");

        assertThat(stored("mine")).isEqualTo(before).isPresent();
    }

    @Test
    void anOperatorMayDoItForAnyMerchant() {
        open(gateway, "helped");

        assertThat(call("POST", "helped", "operator", Json.write(Map.of("url", URL)))
                        .status())
                .isEqualTo(201);
        assertThat(call("GET", "helped", "operator", null).text("url")).isEqualTo(URL);
        assertThat(call("DELETE", "helped", "operator", null).status()).isEqualTo(200);
        assertThat(stored("helped")).isEmpty();
    }

    @Test
    void aMerchantThatIsNotOpenedHasNoEndpoint() {
        gateway.key("nobody", Role.MERCHANT, "nobody");
        for (String caller : List.of("operator", "nobody")) {
            assertThat(call("POST", "nobody", caller, Json.write(Map.of("url", URL)))
                            .slug())
                    .isEqualTo("not-found");
            assertThat(call("GET", "nobody", caller, null).slug()).isEqualTo("not-found");
            assertThat(call("DELETE", "nobody", caller, null).slug()).isEqualTo("not-found");
        }
        assertThat(stored("nobody")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"url\":null}",
                "{\"url\":1}",
                "{\"url\":[\"https://shop.example\"]}",
                "{\"url\":\"\"}",
                "{\"url\":\"shop.example\"}",
                "{\"url\":\"http://shop.example\"}",
                "{\"url\":\"https://169.254.169.254/latest\"}",
                "{\"url\":\"https://[::1]\"}",
                "{\"url\":\"https://localhost\"}",
                "{\"url\":\"https://shop.example:8443\"}",
                "{\"url\":\"https://user@shop.example\"}",
                "{\"url\":\"https://shop.example/#part\"}",
                "{\"url\":\"http://127.0.0.1:8080/paid\"}",
                "{\"url\":\"https://shop.example/ /paid\"}"
            })
    void aWrongUrlLeavesTheEndpointAsItWas(String body) {
        open(gateway, "careful");
        set("careful", URL);
        Optional<Endpoint> before = stored("careful");

        Reply reply = call("POST", "careful", "careful", body);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(Json.objects(reply.body(), "errors"))
                .containsExactly(Map.of("field", "url", "message", EndpointUrl.EXPECTATION));
        assertThat(stored("careful")).isEqualTo(before).isPresent();
    }

    @Test
    void whatIsNotKnownHereIsRefusedToo() {
        open(gateway, "chatty");

        Reply reply = call("POST", "chatty", "chatty", Json.write(Map.of("url", URL, "secret", "mine")));

        assertThat(reply.wrongFields()).containsExactly("secret");
        assertThat(call("POST", "chatty", "chatty", "").slug()).isEqualTo("malformed-request");
        assertThat(stored("chatty")).isEmpty();
    }

    @Test
    void onlyASandboxTellsMerchantsOnThisMachine() {
        String here = "http://127.0.0.1:8080/paid";
        open(gateway, "local");
        assertThat(set("local", here).wrongFields()).containsExactly("url");
        try (Deployment sandbox = Deployment.ofSandbox()) {
            open(sandbox, "local");

            Reply reply = sandbox.operator("POST", path("local"), Json.write(Map.of("url", here)));

            assertThat(reply.status()).isEqualTo(201);
            assertThat(reply.text("url")).isEqualTo(here);
            assertThat(sandbox.operator("POST", path("local"), Json.write(Map.of("url", "http://127.0.0.2:8080")))
                            .wrongFields())
                    .containsExactly("url");
        }
    }

    @Test
    void removingIsAnsweredTheSameWhetherThereWasOneOrNot() {
        open(gateway, "leaving");
        set("leaving", URL);

        Reply removed = taken("leaving");

        assertThat(removed.status()).isEqualTo(200);
        assertThat(removed.body()).isEqualTo(Map.of("merchant", "leaving", "links", Map.of("self", path("leaving"))));
        assertThat(gateway.tables
                        .client()
                        .getItem(get -> get.tableName(LocalTables.PLATFORM).key(EndpointItems.key("leaving")))
                        .hasItem())
                .isFalse();
        assertThat(shown("leaving").slug()).isEqualTo("not-found");
        Reply again = taken("leaving");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(removed.body());
        assertThat(set("leaving", URL).status()).isEqualTo(201);
    }

    @Test
    void aNewApiKeyLeavesTheEndpointAlone() {
        open(gateway, "rekeyed");
        Secret secret = secret(set("rekeyed", URL));

        Reply key = gateway.operator("POST", "/merchants/rekeyed/keys", "");

        assertThat(key.status()).isEqualTo(201);
        assertThat(stored("rekeyed").orElseThrow().secret()).isEqualTo(secret);
        assertThat(gateway.call("GET", path("rekeyed"), null, Map.of("Authorization", "Bearer " + key.text("apiKey")))
                        .text("url"))
                .isEqualTo(URL);
    }

    @Test
    void anotherMethodIsToldWhichThereAre() {
        Reply reply = call("PUT", "m1", "operator", Json.write(Map.of("url", URL)));

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.headers()).containsEntry("Allow", "POST, GET, DELETE");
    }

    @Test
    void withoutAKeyNothingIsSaidOrDone() {
        for (String method : List.of("GET", "POST", "DELETE")) {
            assertThat(gateway.call(method, path("m1"), Json.write(Map.of("url", URL)), Map.of())
                            .status())
                    .isEqualTo(401);
        }
    }
}
