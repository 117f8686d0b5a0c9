package doubleeleven.gateway.aws;

import static doubleeleven.gateway.aws.OperatorsRoom.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.gateway.watch.Board.Start;
import doubleeleven.health.Heard;
import doubleeleven.health.Look;
import doubleeleven.health.Quorum;
import doubleeleven.health.View;
import doubleeleven.health.View.Real;
import doubleeleven.health.View.Synthetic;
import doubleeleven.routing.Feature;
import doubleeleven.routing.RoutingRule;
import doubleeleven.testkit.LocalTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How units are, as operators see it, and the board that it is read from. */
class UnitCallsTest {
    private static final String UNITS = "/operations/units";
    private static final RoutingRule TOPOLOGY = RoutingDocument.read(Deployment.TOPOLOGY);

    private static OperatorsRoom room;
    private DynamoDbBoard board;

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
        board = new DynamoDbBoard(room.tables.client(), LocalTables.CONTROL);
    }

    /** Of every colour that serves; RZ01 fails. */
    private static Look look(String region, long number, Instant at) {
        List<View> views = new ArrayList<>();
        TOPOLOGY.units()
                .values()
                .forEach(unit -> Quorum.serving(unit)
                        .forEach(colour -> views.add(
                                unit.name().equals("RZ01")
                                        ? new View(
                                                "RZ01",
                                                colour,
                                                Synthetic.FAILED,
                                                "ConnectException",
                                                Real.MISSED,
                                                at,
                                                3,
                                                at.minusSeconds(20))
                                        : new View(
                                                unit.name(),
                                                colour,
                                                Synthetic.SERVED,
                                                "served",
                                                Real.SILENT,
                                                at,
                                                0,
                                                null))));
        return new Look(region, number, views);
    }

    private static Map<String, Object> unit(Reply reply, String name) {
        return Json.objects(reply.body(), "units").stream()
                .filter(unit -> unit.get("unit").equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachUnitIsShownWithWhatEachRegionSawOfIt() {
        board.put(look("us-west-2", 1, NOW.minusSeconds(31)));
        board.put(look("us-east-2", 1, NOW.minusSeconds(9)));

        Reply reply = room.get(UNITS);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).containsEntry("rule", 1).containsEntry("automaticFailover", "ON");
        assertThat(reply.body()).doesNotContainKey("lastAutomaticFailover");
        Map<String, Object> first = unit(reply, "RZ01");
        assertThat(first)
                .containsEntry("region", "us-east-1")
                .containsEntry("standby", "RZ02")
                .containsEntry("forbidden", false)
                .containsEntry("health", "UNKNOWN");
        assertThat(Json.objects(first, "sights"))
                .filteredOn(sight -> sight.get("colour").equals("a"))
                .containsExactly(
                        Map.of(
                                "region",
                                "us-east-2",
                                "colour",
                                "a",
                                "synthetic",
                                "FAILED",
                                "said",
                                "ConnectException",
                                "real",
                                "MISSED",
                                "at",
                                NOW.minusSeconds(9).toString(),
                                "fresh",
                                true,
                                "failures",
                                3,
                                "failingSince",
                                NOW.minusSeconds(29).toString()),
                        Map.of(
                                "region",
                                "us-west-2",
                                "colour",
                                "a",
                                "synthetic",
                                "FAILED",
                                "said",
                                "ConnectException",
                                "real",
                                "MISSED",
                                "at",
                                NOW.minusSeconds(31).toString(),
                                "fresh",
                                false,
                                "failures",
                                3,
                                "failingSince",
                                NOW.minusSeconds(51).toString()));
    }

    @Test
    void aUnitThatEnoughRegionsSeeFailIsDownAndTheOthersAreWell() {
        board.put(look("us-west-2", 1, NOW));
        board.put(look("us-east-2", 1, NOW));

        Reply reply = room.get(UNITS);

        assertThat(unit(reply, "RZ01")).containsEntry("health", "DOWN");
        assertThat(unit(reply, "RZ02")).containsEntry("health", "WELL");
    }

    @Test
    void theSwitchAndTheLastFailoverThatBeganByItselfAreShown() {
        room.inForce(
                new RoutingRule(
                        2,
                        TOPOLOGY.peak(),
                        TOPOLOGY.owners(),
                        TOPOLOGY.units(),
                        TOPOLOGY.flows(),
                        Set.of(Feature.AUTOMATIC_FAILOVER)),
                NOW);
        assertThat(board.take(start("20251111-000000-000-away"), Optional.empty()))
                .isTrue();

        Reply reply = room.get(UNITS);

        assertThat(reply.body()).containsEntry("automaticFailover", "OFF");
        assertThat(Json.child(reply.body(), "lastAutomaticFailover"))
                .containsEntry("unit", "RZ01")
                .containsEntry("failover", "20251111-000000-000-away")
                .containsEntry("region", "us-east-2")
                .containsEntry("at", NOW.toString())
                .containsEntry("links", Map.of("self", "/operations/units/RZ01/failovers/20251111-000000-000-away"));
    }

    @Test
    void merchantsAndStrangersDoNotSeeIt() {
        room.key("m1", Role.MERCHANT, "m1");

        assertThat(room.call("GET", UNITS, null, "m1").status()).isEqualTo(403);
        assertThat(room.call("GET", UNITS, null, "nobody").status()).isEqualTo(401);
    }

    @Test
    void whatNobodyAskedForIsNamed() {
        assertThat(room.get(UNITS + "?unit=RZ01").wrongFields()).containsExactly("unit");
    }

    /** Two runs of one watcher that overlap must not count each look twice. */
    @Test
    void aLookFollowsTheOneBeforeItOnlyOnce() {
        assertThat(board.put(look("us-east-2", 1, NOW))).isTrue();
        assertThat(board.put(look("us-east-2", 2, NOW))).isTrue();
        assertThat(board.put(look("us-east-2", 2, NOW.plusSeconds(1)))).isFalse();
        assertThat(board.put(look("us-west-2", 1, NOW))).as("another Region's").isTrue();

        assertThat(board.read().looks())
                .containsExactlyInAnyOrder(look("us-east-2", 2, NOW), look("us-west-2", 1, NOW));
    }

    @Test
    void oneAloneBeginsAfterTheFailoverThatWasTheLast() {
        Start first = start("one");
        Start second = start("two");
        assertThat(board.take(first, Optional.empty())).isTrue();
        assertThat(board.take(second, Optional.empty())).isFalse();
        assertThat(board.take(first, Optional.empty()))
                .as("an answer that was lost")
                .isTrue();

        assertThat(board.take(second, Optional.of(first))).isTrue();
        assertThat(board.take(start("three"), Optional.of(first))).isFalse();
        assertThat(board.read().last()).contains(second);
    }

    @Test
    void whatGatewaysToldIsReadInTheirOwnRegionAlone() {
        DynamoDbTraffic here = new DynamoDbTraffic(room.tables.client(), LocalTables.PLATFORM, "us-east-1");
        DynamoDbTraffic there = new DynamoDbTraffic(room.tables.client(), LocalTables.PLATFORM, "us-east-2");
        assertThat(here.of("RZ01", "a")).isEqualTo(Heard.NONE);

        here.missed("RZ01", "a", NOW);
        here.reached("RZ01", "a", NOW.plusSeconds(1));
        here.missed("RZ01", "a", NOW.plusSeconds(2));

        assertThat(here.of("RZ01", "a")).isEqualTo(new Heard(NOW.plusSeconds(2), NOW.plusSeconds(1)));
        assertThat(here.of("RZ01", "b")).isEqualTo(Heard.NONE);
        assertThat(there.of("RZ01", "a")).isEqualTo(Heard.NONE);
    }

    private static Start start(String failover) {
        return new Start("RZ01", failover, "us-east-2", NOW);
    }
}
