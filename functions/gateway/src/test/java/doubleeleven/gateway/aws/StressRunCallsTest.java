package doubleeleven.gateway.aws;

import static doubleeleven.gateway.aws.OperatorsRoom.NOW;
import static doubleeleven.gateway.aws.OperatorsRoom.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The load of stress tests as operators begin with it, see it and stop it. */
class StressRunCallsTest {
    private static final String PATH = "/operations/stress-tests";
    private static final String DOOR = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/v1";
    private static final Payer GENERATOR = new Payer();

    private static OperatorsRoom room;

    private final List<String> started = new ArrayList<>();

    @BeforeAll
    static void open() {
        room = new OperatorsRoom();
    }

    @AfterAll
    static void close() {
        room.close();
    }

    @BeforeEach
    void admit() {
        room.clear();
        room.workflows.workflow((arn, input) -> {
            started.add(arn.replaceAll(".*:", "") + " " + input.get("stressTest") + " " + input.get("operatorKey"));
            return AwsStandIn.Reply.output(Map.of());
        });
        Reply reply = room.post(
                PATH,
                Map.of(
                        "stressTest",
                        "eve",
                        "publicKey",
                        GENERATOR.publicKey(),
                        "minutes",
                        60,
                        "reason",
                        "a rehearsal"));
        assertThat(reply.status()).isEqualTo(201);
    }

    private static String mark(String test, Payer by) {
        long now = NOW.getEpochSecond();
        return by.sign(
                "{\"alg\":\"EdDSA\",\"kid\":\"%s\"}".formatted(test),
                "{\"iss\":\"%s\",\"aud\":\"double-eleven\",\"use\":\"shadow\",\"iat\":%d,\"exp\":%d}"
                        .formatted(test, now, now + 900));
    }

    private static Map<String, Object> asked(Object... more) {
        Map<String, Object> body = new HashMap<>(Map.of(
                "doors",
                List.of(DOOR),
                "rate",
                100,
                "currency",
                "GBP",
                "marks",
                List.of(mark("eve", GENERATOR)),
                "operatorKey",
                "op-1.secret",
                "reason",
                "a rehearsal"));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static Reply begin(Object... more) {
        return room.post(PATH + "/eve/run", asked(more));
    }

    @Test
    void aRunThatIsAskedForIsOnRecordWithoutItsKeysAndHandedToThisRegionsWorkflow() {
        Reply reply = begin();

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.headers()).containsEntry("Location", PATH + "/eve");
        assertThat(started).containsExactly("double11-stress-test eve op-1.secret");
        Map<String, Object> run = Json.child(room.get(PATH + "/eve").body(), "run");
        assertThat(run)
                .isEqualTo(Json.child(reply.body(), "run"))
                .containsEntry("state", "BEGUN")
                .containsEntry("by", OPERATOR)
                .containsEntry("region", "us-east-1")
                .containsEntry("steps", List.of());
        assertThat(Json.child(run, "plan"))
                .containsEntry("steps", List.of(10, 25, 50, 100))
                .containsEntry("stepSeconds", 60)
                .containsEntry("sliceSeconds", 10)
                .containsEntry("failuresPerThousand", 10)
                .containsEntry("p99Millis", 1000)
                .containsEntry("liveFailuresPerThousand", 5);
        assertThat(room.get(PATH + "/eve").body().toString()).doesNotContain("secret", mark("eve", GENERATOR));
    }

    @Test
    void theSameCallAgainBeginsNothingElse() {
        Reply first = begin();
        room.at(NOW.plusSeconds(5));

        assertThat(begin().body()).isEqualTo(first.body());
        assertThat(begin("rate", 200).slug()).isEqualTo("already-opened");
    }

    @Test
    void aTestThatIsUnknownStoppedOrOverHasNoRun() {
        assertThat(room.post(PATH + "/another/run", asked()).slug()).isEqualTo("not-found");

        room.post(PATH + "/eve/stop", Map.of("reason", "not now"));

        assertThat(begin().slug()).isEqualTo("nothing-to-do");
        assertThat(started).isEmpty();
    }

    @Test
    void aMarkThatTheDoorsWouldNotTakeIsRefusedAtOnce() {
        for (String mark : List.of(mark("eve", new Payer()), mark("other", GENERATOR), "a.b.c")) {
            assertThat(begin("marks", List.of(mark)).wrongFields()).containsExactly("marks[0]");
        }
        assertThat(started).isEmpty();
    }

    @Test
    void aTestMustBeAdmittedForAsLongAsItsLoadTakes() {
        assertThat(begin("stepSeconds", 600).wrongFields()).containsExactly("stepSeconds");
        assertThat(begin("stepSeconds", 300).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com/v1",
        "https://a..execute-api.us-east-1.amazonaws.com",
        "http://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/v1",
        "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com.example.com/v1",
        "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/v1",
        "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com:8443/v1"
    })
    void nothingIsLoadedButDoorsOfThisPlatform(String address) {
        Reply reply = begin("doors", List.of(DOOR, address));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.wrongFields()).containsExactly("doors[1]");
        assertThat(started).isEmpty();
    }

    /** Every field at once, each with what would be right. */
    @Test
    void everyWrongFieldIsNamedWithItsRange() {
        Map<String, Object> wrong = asked(
                "rate",
                8001,
                "steps",
                List.of(50, 20),
                "stepSeconds",
                601,
                "sliceSeconds",
                31,
                "baselineSeconds",
                0,
                "customers",
                10_001,
                "merchants",
                17,
                "currency",
                "QQQ",
                "leastAmount",
                9,
                "mostAmount",
                8,
                "seed",
                -1,
                "failuresPerThousand",
                1001,
                "p99Millis",
                0,
                "liveFailuresPerThousand",
                -1,
                "speed",
                1);

        Reply reply = room.post(PATH + "/eve/run", wrong);

        assertThat(Json.objects(reply.body(), "errors").stream()
                        .collect(Collectors.toMap(
                                each -> each.get("field"), each -> String.valueOf(each.get("message")))))
                .hasEntrySatisfying("rate", message -> assertThat(message).contains("from 1 to 8000"))
                .hasEntrySatisfying("steps", message -> assertThat(message).contains("must rise"))
                .hasEntrySatisfying(
                        "stepSeconds", message -> assertThat(message).contains("from 1 to 600"))
                .hasEntrySatisfying(
                        "sliceSeconds", message -> assertThat(message).contains("from 1 to 30"))
                .hasEntrySatisfying(
                        "baselineSeconds", message -> assertThat(message).contains("from 1 to 120"))
                .hasEntrySatisfying("customers", message -> assertThat(message).contains("from 1 to 10000"))
                .hasEntrySatisfying("merchants", message -> assertThat(message).contains("from 1 to 16"))
                .hasEntrySatisfying("currency", message -> assertThat(message).contains("not a currency"))
                .hasEntrySatisfying("mostAmount", message -> assertThat(message).contains("9, or more"))
                .hasEntrySatisfying("seed", message -> assertThat(message).contains("from 0 to 9007199254740991"))
                .hasEntrySatisfying(
                        "failuresPerThousand", message -> assertThat(message).contains("from 0 to 1000"))
                .hasEntrySatisfying("p99Millis", message -> assertThat(message).contains("from 1 to 10000"))
                .hasEntrySatisfying(
                        "liveFailuresPerThousand",
                        message -> assertThat(message).contains("from 0 to 1000"))
                .hasEntrySatisfying("speed", message -> assertThat(message).contains("not known"))
                .hasSize(14);
    }

    @Test
    void aRunThatDoesNotFitIntoOneExecutionIsRefused() {
        assertThat(begin(
                                "rate",
                                8000,
                                "stepSeconds",
                                600,
                                "sliceSeconds",
                                1,
                                "steps",
                                IntStream.rangeClosed(91, 100).boxed().toList())
                        .wrongFields())
                .containsExactly("stepSeconds");
    }

    @Test
    void aWorkflowThatCannotBeReachedIsSaidAndTheSameCallBeginsItLater() {
        room.workflows.workflow((arn, input) -> AwsStandIn.Reply.error(500, "InternalServerError"));
        assertThat(begin().slug()).isEqualTo("workflow-unreachable");

        room.workflows.workflow((arn, input) -> AwsStandIn.Reply.output(Map.of()));
        assertThat(begin().status()).isEqualTo(202);
    }

    @Test
    void noMerchantBeginsARun() {
        room.key("shop", Role.MERCHANT, "gifts");

        assertThat(room.call("POST", PATH + "/eve/run", Json.write(asked()), "shop")
                        .slug())
                .isEqualTo("forbidden");
    }
}
