package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.AwsStandIn.Reply;
import doubleeleven.gateway.release.Ending;
import doubleeleven.gateway.release.Tally;
import doubleeleven.ids.Shard;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.LocalTables;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the gateway counts of a unit that two colours serve, and that nobody waits for it. */
class TallyCallsTest {
    private static final RoutingRule TOPOLOGY = RoutingDocument.read(Deployment.TOPOLOGY);
    private static final String CUSTOMER = "14911";

    private Deployment gateway;
    private String owner;

    @BeforeEach
    void deploy() {
        gateway = new Deployment();
        gateway.operator("POST", "/customers", """
                {"customer":"14911","currency":"GBP","publicKey":"%s","openingBalance":100000}""".formatted(gateway.payer.publicKey()));
        gateway.operator("POST", "/merchants", """
                {"merchant":"m1","currency":"GBP"}""");
        gateway.key("m1", Role.MERCHANT, "m1");
        owner = TOPOLOGY.owner(Shard.of(CUSTOMER)).name();
    }

    @AfterEach
    void remove() {
        gateway.close();
    }

    private void rule(int weightOfA) {
        Unit unit = TOPOLOGY.unit(owner);
        Map<String, Unit> units = new TreeMap<>(TOPOLOGY.units());
        units.put(
                owner,
                new Unit(
                        owner,
                        unit.region(),
                        unit.standby(),
                        unit.capacity(),
                        new TreeMap<>(Map.of("a", weightOfA, "b", 100 - weightOfA))));
        RoutingRule rule = new RoutingRule(2, TOPOLOGY.peak(), TOPOLOGY.owners(), units);
        gateway.tables
                .client()
                .putItem(request -> request.tableName(LocalTables.CONTROL)
                        .item(RuleItems.item(
                                RuleItems.CURRENT, new PublishedRule(rule, Instant.EPOCH, "op_1", "a test", null))));
    }

    private int pay(String order) {
        long now = Instant.now().getEpochSecond();
        String token = gateway.payer.sign(Payer.orderClaims(CUSTOMER, "m1", order, 100, "GBP", now, now + 600));
        return gateway.call(
                        "POST",
                        "/payments",
                        Json.write(Map.of(
                                "merchantOrder",
                                order,
                                "payer",
                                CUSTOMER,
                                "amount",
                                100,
                                "currency",
                                "GBP",
                                "consent",
                                Map.of("token", token))),
                        Map.of("Authorization", Deployment.bearer("m1"), "Idempotency-Key", "k1"))
                .status();
    }

    private Tally counted(String colour) {
        return new DynamoDbTallies(gateway.tables.client(), LocalTables.PLATFORM, "us-east-1", Clock.systemUTC())
                .read(owner, List.of("a", "b"), List.of("us-east-1", "us-east-2", "us-west-2"))
                .getOrDefault(colour, Tally.NONE);
    }

    private static String colour(Map<String, Object> input) {
        return Json.text(Workflow.payment(input), "colour");
    }

    private static Map<Ending, Long> one(Ending ending) {
        return new Tally(Map.of(ending, 1L), Tally.NONE.latencies()).endings();
    }

    @ParameterizedTest
    @CsvSource({
        "INSUFFICIENT_FUNDS, DECLINED",
        "RISK_VELOCITY_COUNT, RISK_DECLINED",
        "RISK_UNAVAILABLE, FAILED",
        "UNAVAILABLE, FAILED"
    })
    void aDeclineIsCountedByItsReason(String reason, Ending ending) {
        rule(50);
        String[] colour = {""};
        gateway.aws.workflow((arn, input) -> {
            colour[0] = colour(input);
            return Workflow.answer(input, "DECLINED", reason);
        });

        pay("o1");

        assertThat(counted(colour[0]).endings()).isEqualTo(one(ending));
        assertThat(counted(colour[0].equals("a") ? "b" : "a")).isEqualTo(Tally.NONE);
    }

    @Test
    void aPaymentThatTheStandbyRescuesIsCountedAgainstTheColourThatFailed() {
        rule(50);
        String[] colour = {""};
        gateway.aws.workflow((arn, input) -> {
            if (!arn.contains(owner.toLowerCase(java.util.Locale.ROOT))) {
                return Workflow.answer(input, "PAID");
            }
            colour[0] = colour(input);
            return Reply.error(500, "InternalServerError");
        });

        assertThat(pay("o1")).isEqualTo(201);

        assertThat(counted(colour[0]).endings()).isEqualTo(one(Ending.FAILED));
    }

    @Test
    void nothingIsCountedWhereOneColourServesAll() {
        rule(100);
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "PAID"));

        assertThat(pay("o1")).isEqualTo(201);

        assertThat(counted("a")).isEqualTo(Tally.NONE);
        assertThat(counted("b")).isEqualTo(Tally.NONE);
    }
}
