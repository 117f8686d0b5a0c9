package doubleeleven.gateway.aws;

import static doubleeleven.gateway.aws.OperatorsRoom.NOW;
import static doubleeleven.gateway.aws.OperatorsRoom.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.AwsStandIn.Reply;
import doubleeleven.gateway.release.Plan;
import doubleeleven.gateway.release.Release;
import doubleeleven.gateway.release.Release.State;
import doubleeleven.gateway.release.ReleaseDocument;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.LocalTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Releases as operators begin, see, approve and stop them. */
class ReleaseCallsTest {
    private static final String RELEASES = "/operations/units/RZ01/releases";
    private static final RoutingRule TOPOLOGY = RoutingDocument.read(Deployment.TOPOLOGY);

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
    void deploy() {
        room.clear();
        room.inForce(TOPOLOGY, NOW.minusSeconds(3600));
        room.workflows.workflow((arn, input) -> {
            started.add(arn + " " + input.get("unit") + " " + input.get("release"));
            return Reply.output(Map.of());
        });
    }

    private static Map<String, Object> asked(Object... more) {
        Map<String, Object> body = new TreeMap<>(Map.of("to", "b", "reason", "build 4711"));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static DynamoDbReleases releases() {
        return new DynamoDbReleases(room.tables.client(), LocalTables.CONTROL);
    }

    private static Release waiting(String token, String region) {
        Release asked = Release.asked(
                "RZ01",
                "20251111T000000-test",
                "b",
                "a",
                new Plan(List.of(1, 100), 100, 6, true, true),
                "build 4711",
                OPERATOR,
                NOW);
        Map<String, Object> document = new TreeMap<>(ReleaseDocument.of(asked));
        document.put("state", State.AWAITING_APPROVAL.name());
        document.put("waiting", Map.of("token", token, "region", region));
        Release waiting = ReleaseDocument.read(Json.object(Json.write(document)));
        assertThat(releases().save(waiting)).isTrue();
        return waiting;
    }

    @Test
    void aReleaseThatIsAskedForIsOnRecordAndHandedToThisRegionsWorkflow() {
        Deployment.Reply reply = room.post(RELEASES, asked());

        assertThat(reply.status()).isEqualTo(202);
        String id = reply.text("release");
        assertThat(reply.headers()).containsEntry("Location", RELEASES + "/" + id);
        assertThat(started)
                .containsExactly("arn:aws:states:us-east-1:000000000000:stateMachine:double11-release RZ01 " + id);
        assertThat(reply.body())
                .containsEntry("state", "BEGUN")
                .containsEntry("to", "b")
                .containsEntry("from", "a")
                .containsEntry("by", OPERATOR)
                .containsEntry("reason", "build 4711")
                .containsEntry("steps", List.of(1, 10, 50, 100))
                .containsEntry("least", 3_000)
                .containsEntry("mostLooks", 180)
                .containsEntry("starved", "ROLL_BACK")
                .containsEntry("approval", false);
        assertThat(room.get(RELEASES + "/" + id).body()).isEqualTo(reply.body());
        assertThat(Json.objects(room.get(RELEASES).body(), "releases")).containsExactly(reply.body());
    }

    @Test
    void whatIsAskedForOtherwiseIsKept() {
        Deployment.Reply reply = room.post(
                RELEASES,
                asked(
                        "steps",
                        List.of(10, 50, 100),
                        "least",
                        20,
                        "patienceMinutes",
                        2,
                        "starved",
                        "STAY",
                        "approval",
                        true));

        assertThat(reply.body())
                .containsEntry("steps", List.of(10, 50, 100))
                .containsEntry("least", 20)
                .containsEntry("mostLooks", 12)
                .containsEntry("starved", "STAY")
                .containsEntry("approval", true);
    }

    @Test
    void oneReleaseIsAtWorkInAUnit() {
        room.post(RELEASES, asked());

        Deployment.Reply second = room.post(RELEASES, asked());

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.slug()).isEqualTo("release-at-work");
        assertThat(started).hasSize(1);
        assertThat(releases().newest("RZ01", 10)).hasSize(1);
        room.at(NOW.plusSeconds(61));
        assertThat(room.post(RELEASES, asked()).status())
                .as("whose workflow never began holds nobody up")
                .isEqualTo(202);
    }

    @Test
    void theNewestReleaseIsListedFirst() {
        room.post(RELEASES, asked());
        room.at(NOW.plusSeconds(61));
        String second = room.post(RELEASES, asked()).text("release");

        List<Map<String, Object>> listed =
                Json.objects(room.get(RELEASES + "?limit=1").body(), "releases");

        assertThat(listed).singleElement().satisfies(each -> assertThat(each).containsEntry("release", second));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"to\": \"c\", \"reason\": \"r\"} | to",
                "{\"to\": \"b\"} | reason",
                "{\"to\": \"b\", \"reason\": \"r\", \"steps\": [10, 10]} | steps",
                "{\"to\": \"b\", \"reason\": \"r\", \"steps\": [0, 10]} | steps[0]",
                "{\"to\": \"b\", \"reason\": \"r\", \"steps\": []} | steps",
                "{\"to\": \"b\", \"reason\": \"r\", \"least\": 0} | least",
                "{\"to\": \"b\", \"reason\": \"r\", \"patienceMinutes\": 31} | patienceMinutes",
                "{\"to\": \"b\", \"reason\": \"r\", \"starved\": \"NO\"} | starved",
                "{\"to\": \"b\", \"reason\": \"r\", \"speed\": 1} | speed",
                "{\"to\": \"a\", \"reason\": \"r\"} | steps[0]"
            })
    void aWrongFieldIsNamedAndNothingBegins(String body, String field) {
        Deployment.Reply reply = room.post(RELEASES, Json.object(body));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.wrongFields()).containsExactly(field);
        assertThat(started).isEmpty();
        assertThat(releases().newest("RZ01", 10)).isEmpty();
    }

    @Test
    void aUnitWithOneColourOrWithoutANameHasNoReleases() {
        assertThat(room.post("/operations/units/RZ02/releases", asked()).wrongFields())
                .containsExactly("to");
        assertThat(room.post("/operations/units/RZ09/releases", asked()).status())
                .isEqualTo(404);
        assertThat(room.get("/operations/units/RZ09/releases").status()).isEqualTo(404);
        assertThat(room.get(RELEASES + "/20251111T000000-none").status()).isEqualTo(404);
    }

    @Test
    void aUnitThatIsForbiddenShiftsNothing() {
        Map<String, Unit> units = new TreeMap<>(TOPOLOGY.units());
        Unit unit = TOPOLOGY.unit("RZ01");
        units.put("RZ01", new Unit("RZ01", unit.region(), unit.standby(), unit.capacity(), unit.colours(), true));
        room.inForce(new RoutingRule(1, TOPOLOGY.peak(), TOPOLOGY.owners(), units), NOW.minusSeconds(3600));

        assertThat(room.post(RELEASES, asked()).slug()).isEqualTo("nothing-to-do");
    }

    @Test
    void aWorkflowThatCannotBeReachedIsSaid() {
        room.workflows.workflow((arn, input) -> Reply.error(500, "InternalServerError"));

        assertThat(room.post(RELEASES, asked()).slug()).isEqualTo("unit-unreachable");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void anAnswerGoesToTheWorkflowThatWaits(boolean approve) {
        Release waiting = waiting("token-1", "us-west-2");

        Deployment.Reply reply = room.post(
                RELEASES + "/" + waiting.id() + "/decision", Map.of("approve", approve, "reason", "a quiet day"));

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.body()).doesNotContainKey("waiting");
        assertThat(room.workflows.messages())
                .containsExactly(Map.of(
                        "token",
                        "token-1",
                        "output",
                        Map.of("approve", approve, "by", OPERATOR, "reason", "a quiet day")));
    }

    @Test
    void anAnswerThatComesTooLateIsSaidToDoNothing() {
        Release waiting = waiting("late", "us-east-1");

        assertThat(room.post(RELEASES + "/" + waiting.id() + "/decision", Map.of("approve", true, "reason", "r"))
                        .slug())
                .isEqualTo("nothing-to-do");
    }

    @Test
    void whatIsUnderWayCanBeStoppedAndNotApproved() {
        String id = room.post(RELEASES, asked()).text("release");
        String decision = RELEASES + "/" + id + "/decision";

        assertThat(room.post(decision, Map.of("approve", true, "reason", "r")).slug())
                .isEqualTo("nothing-to-do");
        Deployment.Reply stopped = room.post(decision, Map.of("approve", false, "reason", "a bad feeling"));

        assertThat(stopped.status()).isEqualTo(202);
        assertThat(releases().find("RZ01", id).orElseThrow().stopped())
                .isEqualTo(new Release.Decision(false, OPERATOR, "a bad feeling"));
        assertThat(room.workflows.messages()).isEmpty();
    }

    @Test
    void noMerchantBeginsOrSeesReleases() {
        room.key("m1", Role.MERCHANT, "m1");

        assertThat(room.call("POST", RELEASES, Json.write(asked()), "m1").status())
                .isEqualTo(403);
        assertThat(room.call("GET", RELEASES, null, "m1").status()).isEqualTo(403);
    }
}
