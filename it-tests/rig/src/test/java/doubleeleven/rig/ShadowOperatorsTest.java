package doubleeleven.rig;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The shadow has a routing rule of its own, so what its operators rule moves no customer. */
class ShadowOperatorsTest {
    private static final Topology SANDBOX = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
    private static final String DOOR = "us-east-2";
    private static final String RULE = "/operations/routing-rule";
    private static final String UNIT = "/operations/units/RZ01";

    private final ManualClock clock = new ManualClock();
    private Database database;
    private World live;
    private World shadow;
    private Clientele operators;
    private Map<String, Set<Map<String, AttributeValue>>> before;

    @BeforeEach
    void open() {
        clock.set(Instant.parse("2026-11-10T22:00:00Z"));
        Course course = Course.direct(Bus.DIRECT, clock);
        database = Database.withShadow();
        shadow = World.shadow(SANDBOX, course, new Random(3), World.SILENT, database);
        live = World.beside(shadow, SANDBOX, course, new Random(7), World.SILENT, database);
        operators = new Clientele(shadow);
        before = liveItems();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Map<String, Set<Map<String, AttributeValue>>> liveItems() {
        return LocalTables.ALL.stream()
                .collect(toMap(table -> table, table -> Set.copyOf(Snapshot.scan(database.whole(), table))));
    }

    private Answer get(String path) {
        return operators.get(DOOR, shadow.operatorKey(), path);
    }

    private String post(String path, Map<String, ?> body, String id) {
        Answer answer = operators.post(DOOR, shadow.operatorKey(), path, null, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.text(id);
    }

    private void passTime() {
        for (int i = 0; i < 20; i++) {
            shadow.drain();
            live.drain();
            clock.pass(Duration.ofSeconds(10));
        }
    }

    @Test
    void aFailoverOfTheShadowTakesItsUnitOutAndChangesNothingThatIsLive() {
        String id = post(UNIT + "/failovers", Map.of("direction", "AWAY", "reason", "a drill"), "id");
        passTime();

        assertThat(get(UNIT + "/failovers/" + id).text("state")).isEqualTo("DONE");
        assertThat(get(RULE).body().toString()).contains("forbidden=true");
        assertThat(liveItems()).isEqualTo(before);
    }

    @Test
    void aReleaseOfTheShadowShiftsItsColoursAndChangesNothingThatIsLive() {
        String id = post(
                UNIT + "/releases",
                Map.of("to", "b", "reason", "a drill", "steps", List.of(50, 100), "least", 1),
                "release");
        passTime();

        assertThat(get(UNIT + "/releases/" + id).text("state")).isEqualTo("VERIFYING");
        assertThat(get(RULE + "/versions").objects("versions")).hasSize(2);
        assertThat(liveItems()).isEqualTo(before);
    }
}
