package doubleeleven.gateway.aws;

import static doubleeleven.gateway.aws.OperatorsRoom.NOW;
import static doubleeleven.gateway.aws.OperatorsRoom.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stress tests as operators admit, see and stop them. */
class StressTestCallsTest {
    private static final String PATH = "/operations/stress-tests";
    private static final String KEY = new Payer().publicKey();

    private static OperatorsRoom room;

    @BeforeAll
    static void open() {
        room = new OperatorsRoom();
    }

    @AfterAll
    static void close() {
        room.close();
    }

    @BeforeEach
    void clear() {
        room.clear();
    }

    private static Map<String, Object> wish() {
        return Map.of("stressTest", "eve", "publicKey", KEY, "minutes", 60, "reason", "capacity before the sale");
    }

    private static Reply stop() {
        return room.post(PATH + "/eve/stop", Map.of("reason", "live latency rises"));
    }

    @Test
    void anAdmittedTestRunsUntilItExpires() {
        Reply reply = room.post(PATH, wish());

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body())
                .containsEntry("stressTest", "eve")
                .containsEntry("running", true)
                .containsEntry("admittedAt", NOW.toString())
                .containsEntry("expiresAt", NOW.plus(Duration.ofHours(1)).toString())
                .containsEntry("by", OPERATOR);
        assertThat(room.get(PATH + "/eve").body()).isEqualTo(reply.body());
        room.at(NOW.plus(Duration.ofHours(1)));
        assertThat(room.get(PATH + "/eve").body()).containsEntry("running", false);
    }

    @Test
    void theSameCallAgainIsAnsweredTheSameAndProlongsNothing() {
        Reply first = room.post(PATH, wish());
        room.at(NOW.plusSeconds(60));

        assertThat(room.post(PATH, wish()).body()).isEqualTo(first.body());
    }

    @Test
    void aNameIsUsedForOneKeyAlone() {
        room.post(PATH, wish());
        Map<String, Object> other = new HashMap<>(wish());
        other.put("publicKey", new Payer().publicKey());

        Reply reply = room.post(PATH, other);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("already-opened");
        assertThat(room.get(PATH + "/eve").body()).containsEntry("publicKey", KEY);
    }

    @Test
    void aStopIsForGoodAndTheFirstOneCounts() {
        room.post(PATH, wish());
        room.at(NOW.plusSeconds(10));
        assertThat(stop().body())
                .containsEntry("running", false)
                .containsEntry("stoppedAt", NOW.plusSeconds(10).toString());
        room.at(NOW.plusSeconds(20));

        assertThat(stop().body()).containsEntry("stoppedAt", NOW.plusSeconds(10).toString());
        assertThat(room.post(PATH, wish()).slug()).isEqualTo("already-opened");
    }

    @Test
    void whatNobodyAdmittedIsNeitherShownNorStopped() {
        assertThat(room.get(PATH + "/eve").slug()).isEqualTo("not-found");
        assertThat(stop().slug()).isEqualTo("not-found");
    }

    @Test
    void merchantsAdmitNothing() {
        room.key("shop", Role.MERCHANT, "gifts");

        assertThat(room.call("GET", PATH + "/eve", null, "shop").slug()).isEqualTo("forbidden");
    }

    /** Nothing that carries a mark is ever an operator's act on live traffic. */
    @Test
    void operatorsCallsTakeNoMark() {
        room.post(PATH, wish());

        Reply reply = room.marked("GET", PATH + "/eve", "any");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.slug()).isEqualTo("shadow-refused");
    }
}
