package doubleeleven.gateway.aws;

import static doubleeleven.gateway.aws.OperatorsRoom.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.gateway.aws.AwsStandIn.Reply;
import doubleeleven.health.Look;
import doubleeleven.routing.PublishedRule;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often a run looks, and what it says of it; what watchers see and do together is for the rig. */
class HealthWatcherHandlerTest {
    private static final Map<String, Object> SERVED =
            Map.of("outcome", "DECLINED", "reasons", List.of("NO_SUCH_ACCOUNT"));

    private final ManualClock clock = new ManualClock();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private OperatorsRoom room;

    @BeforeEach
    void deploy() {
        clock.set(NOW);
        room = new OperatorsRoom();
        inForce();
    }

    @AfterEach
    void remove() {
        room.close();
    }

    private void inForce() {
        room.tables
                .client()
                .putItem(put -> put.tableName(LocalTables.CONTROL)
                        .item(RuleItems.item(
                                RuleItems.CURRENT,
                                PublishedRule.deployed(RoutingDocument.read(Deployment.TOPOLOGY), NOW))));
    }

    private HealthWatcherHandler watcher(int everySeconds) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "AWS_REGION",
                "us-east-1",
                "AWS_ENDPOINT_URL",
                "set",
                "AWS_ACCOUNT",
                "000000000000",
                "CONTROL_TABLE",
                LocalTables.CONTROL,
                "PLATFORM_TABLE",
                LocalTables.PLATFORM,
                "TOPOLOGY",
                Deployment.TOPOLOGY,
                "PATIENCE_MILLISECONDS",
                "2000",
                "LOOK_EVERY_SECONDS",
                Integer.toString(everySeconds)));
        variables.put("TRAFFIC", "LIVE");
        Host here = Host.with(new Environment(variables));
        return new HealthWatcherHandler(new Host(
                here.environment(), here.services(), clock, here.random(), new PrintStream(said, true, UTF_8)));
    }

    private static Map<String, Object> run(HealthWatcherHandler watcher) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Context nobody = null;
        try {
            watcher.handleRequest(new ByteArrayInputStream("{}".getBytes(UTF_8)), out, nobody);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return Json.object(out.toString(UTF_8));
    }

    /** Three units, of each of which a synthetic payment takes so long. */
    private void eachPaymentTakes(Duration time) {
        room.workflows.workflow((_, _) -> {
            clock.pass(time);
            return Reply.output(SERVED);
        });
    }

    private long counted(String metric) {
        return said.toString(UTF_8)
                .lines()
                .filter(line -> line.contains("\"" + metric + "\":1"))
                .count();
    }

    private List<Look> looks() {
        return new DynamoDbBoard(room.tables.client(), LocalTables.CONTROL)
                .read()
                .looks();
    }

    @Test
    void aRunLooksAgainAndAgainUntilTheNextOneIsDue() {
        eachPaymentTakes(Duration.ofSeconds(4));

        assertThat(run(watcher(10))).containsEntry("looks", 6);

        assertThat(counted("Watched")).isEqualTo(6);
        assertThat(looks())
                .singleElement()
                .satisfies(look -> assertThat(look.number()).isEqualTo(6));
    }

    @Test
    void whereNothingIsSaidOfHowOftenARunLooksOnce() {
        eachPaymentTakes(Duration.ZERO);

        assertThat(run(watcher(0))).containsEntry("looks", 1);
    }

    @Test
    void aLookThatFailsDoesNotEndTheRunAndIsNotCountedAsSeen() {
        int[] payments = {0};
        room.workflows.workflow((_, _) -> {
            clock.pass(Duration.ofSeconds(14));
            if (++payments[0] == 3) {
                room.tables
                        .client()
                        .deleteItem(
                                delete -> delete.tableName(LocalTables.CONTROL).key(RuleItems.CURRENT));
            }
            return Reply.output(SERVED);
        });

        assertThatThrownBy(() -> run(watcher(40))).hasMessageContaining("no rule");

        assertThat(counted("Watched")).isZero();
        assertThat(said.toString(UTF_8).lines().filter(line -> line.contains("nothing was done")))
                .hasSize(2);
    }

    @Test
    void whatAUnitAnswersIsWhatItsViewSays() {
        room.workflows.workflow((arn, _) -> arn.contains("rz01")
                ? Reply.error(503, "ServiceUnavailable")
                : arn.contains("rz02")
                        ? Reply.output(Map.of(
                                "outcome",
                                "MISROUTED",
                                "route",
                                Map.of("version", 3, "owner", "RZ03", "standby", "RZ01")))
                        : Reply.output(SERVED));

        run(watcher(0));

        assertThat(looks().getFirst().views())
                .extracting(view -> view.unit() + " " + view.synthetic() + " " + view.said())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("RZ01 FAILED "),
                        second -> assertThat(second).isEqualTo("RZ02 REFUSED refused by version 3"),
                        third -> assertThat(third).isEqualTo("RZ03 SERVED served"));
    }
}
