package doubleeleven.gateway.aws;

import static doubleeleven.gateway.aws.OperatorsRoom.NOW;
import static doubleeleven.gateway.aws.OperatorsRoom.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.gateway.failover.Failover;
import doubleeleven.gateway.failover.Failover.Note;
import doubleeleven.gateway.failover.Step;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Takeover;
import doubleeleven.testkit.LocalTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Failovers as operators begin and see them; what the workflow then does is for the rig and the black-box tests. */
class FailoverCallsTest {
    private static final String FAILOVERS = "/operations/units/RZ01/failovers";
    private static final RoutingRule TOPOLOGY = RoutingDocument.read(Deployment.TOPOLOGY);

    private static OperatorsRoom room;
    private final List<Map<String, Object>> inputs = new ArrayList<>();

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
        room.inForce(TOPOLOGY, NOW);
        room.workflows.workflow((_, input) -> {
            inputs.add(input);
            return AwsStandIn.Reply.output(Map.of());
        });
    }

    private static Reply begin(String direction) {
        return room.post(FAILOVERS, Map.of("direction", direction, "reason", "the Region is gone"));
    }

    private static Reply again(String id) {
        return room.get(FAILOVERS + "/" + id);
    }

    @Test
    void aFailoverBeginsInTheRegionThatIsCalledAndIsOnRecordAtOnce() {
        Reply reply = begin("AWAY");

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.body())
                .containsEntry("id", "20251111-000000-000-away")
                .containsEntry("unit", "RZ01")
                .containsEntry("direction", "AWAY")
                .containsEntry("state", "RUNNING")
                .containsEntry("begunAt", NOW.toString())
                .containsEntry("by", OPERATOR)
                .containsEntry("reason", "the Region is gone")
                .containsEntry("region", "us-east-1")
                .containsEntry("shards", List.of("00-33"));
        assertThat(again(reply.text("id")).body()).isEqualTo(reply.body());
        assertThat(room.workflows.executions())
                .containsExactly("arn:aws:states:us-east-1:000000000000:stateMachine:double11-unit-failover");
        assertThat(FailoverJson.read(Json.child(inputs.getFirst(), "failover")).id())
                .isEqualTo(reply.text("id"));
    }

    @Test
    void aUnitThatIsForbiddenIsBroughtBackByTheOtherWorkflow() {
        room.inForce(Takeover.begin(TOPOLOGY, "RZ01").orElseThrow(), NOW);

        assertThat(begin("BACK").status()).isEqualTo(202);

        assertThat(room.workflows.executions())
                .containsExactly("arn:aws:states:us-east-1:000000000000:stateMachine:double11-unit-failback");
    }

    @Test
    void aUnitThatServesIsNotBroughtBack() {
        Reply reply = begin("BACK");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("nothing-to-do");
        assertThat(room.workflows.executions()).isEmpty();
    }

    @Test
    void theLastTwoUnitsThatServeAreNotTakenOut() {
        room.inForce(Takeover.begin(TOPOLOGY, "RZ02").orElseThrow(), NOW);

        Reply reply = begin("AWAY");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("decision-not-safe");
        assertThat(room.workflows.executions()).isEmpty();
    }

    @Test
    void whereTheWorkflowIsOutOfReachNothingBeginsAndTheRecordSaysSo() {
        room.workflows.workflow((_, _) -> AwsStandIn.Reply.error(400, "StateMachineDoesNotExist"));

        Reply reply = begin("AWAY");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.slug()).isEqualTo("workflow-unreachable");
        assertThat(reply.headers()).containsEntry("Retry-After", "1");
        assertThat(again("20251111-000000-000-away").body()).containsEntry("state", "FAILED");
    }

    @ParameterizedTest
    @CsvSource({"direction, SIDEWAYS, a reason", "reason, AWAY, ''"})
    void whatIsWrongIsNamed(String field, String direction, String reason) {
        Reply reply = room.post(FAILOVERS, Map.of("direction", direction, "reason", reason));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.wrongFields()).containsExactly(field);
        assertThat(room.workflows.executions()).isEmpty();
    }

    @Test
    void unitsAndFailoversThatThereAreNotAreNotFound() {
        assertThat(room.post("/operations/units/RZ09/failovers", Map.of("direction", "AWAY", "reason", "no such"))
                        .status())
                .isEqualTo(404);
        assertThat(again("20251111-000000-000-away").status()).isEqualTo(404);
    }

    @Test
    void merchantsMayDoNoneOfIt() {
        room.key("m1", Role.MERCHANT, "m1");

        assertThat(room.call("POST", FAILOVERS, Json.write(Map.of("direction", "AWAY", "reason", "spite")), "m1")
                        .status())
                .isEqualTo(403);
        assertThat(room.call("GET", FAILOVERS, null, "m1").status()).isEqualTo(403);
    }

    @Test
    void failoversAreListedTheNewestFirst() {
        begin("AWAY");
        room.at(NOW.plusSeconds(1));
        begin("AWAY");

        Reply both = room.get(FAILOVERS);
        Reply one = room.get(FAILOVERS + "?limit=1");

        assertThat(Json.objects(both.body(), "failovers"))
                .extracting(each -> each.get("id"))
                .containsExactly("20251111-000001-000-away", "20251111-000000-000-away");
        assertThat(Json.objects(one.body(), "failovers")).hasSize(1);
        assertThat(room.get(FAILOVERS + "?limit=0").wrongFields()).containsExactly("limit");
    }

    @Test
    void aStepThatComesLateDoesNotUndoTheRecordOfALaterOne() {
        DynamoDbFailovers records = new DynamoDbFailovers(room.tables.client(), LocalTables.CONTROL);
        String id = begin("AWAY").text("id");
        Failover begun = records.find("RZ01", id).orElseThrow();
        Failover later = new Failover(
                begun.id(),
                begun.unit(),
                begun.direction(),
                begun.by(),
                begun.reason(),
                begun.region(),
                begun.begunAt(),
                Failover.State.DONE,
                begun.shards(),
                begun.wards(),
                List.of(new Note(NOW, Step.PROBE, "each of 34 shards is served")));
        records.put(later);

        records.put(begun);

        assertThat(records.find("RZ01", id)).contains(later);
        assertThat(Json.objects(again(id).body(), "notes"))
                .containsExactly(Map.of("at", NOW.toString(), "step", "PROBE", "text", "each of 34 shards is served"));
    }
}
