package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.AwsStandIn.Reply;
import doubleeleven.ids.Shard;
import doubleeleven.routing.RoutingRule;
import doubleeleven.testkit.LocalTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A unit that cannot be reached: its standby serves, and nothing is forgotten. */
class FailoverTest {
    private static final RoutingRule RULE = RoutingDocument.read(Deployment.TOPOLOGY);

    private Deployment gateway;
    private String owner;
    private String standby;

    @BeforeEach
    void deploy() {
        deploy(new Deployment());
    }

    private void deploy(Deployment deployment) {
        gateway = deployment;
        gateway.operator("POST", "/customers", """
                {"customer":"14911","currency":"GBP","publicKey":"%s","openingBalance":100000}""".formatted(gateway.payer.publicKey()));
        gateway.operator("POST", "/merchants", """
                {"merchant":"m1","currency":"GBP"}""");
        gateway.key("m1", Role.MERCHANT, "m1");
        owner = RULE.owner(Shard.of("14911")).name();
        standby = RULE.standbyOf(RULE.unit(owner)).name();
    }

    @AfterEach
    void remove() {
        gateway.close();
    }

    private Deployment.Reply pay(String order) {
        long now = Instant.now().getEpochSecond();
        String token = gateway.payer.sign(Payer.orderClaims("14911", "m1", order, 100, "GBP", now, now + 600));
        return gateway.call(
                "POST",
                "/payments",
                Json.write(Map.of(
                        "merchantOrder",
                        order,
                        "payer",
                        "14911",
                        "amount",
                        100,
                        "currency",
                        "GBP",
                        "consent",
                        Map.of("token", token))),
                Map.of("Authorization", Deployment.bearer("m1"), "Idempotency-Key", "k1"));
    }

    private static boolean runsAt(String arn, String unit) {
        return arn.contains("double11-" + unit.toLowerCase(java.util.Locale.ROOT) + "-");
    }

    @Test
    void standbyServesAtOnceAndSaysWhoseTurnItWas() {
        List<Map<String, Object>> served = new ArrayList<>();
        gateway.aws.workflow((arn, input) -> {
            if (runsAt(arn, owner)) {
                return Reply.error(503, "ServiceUnavailable");
            }
            served.add(input);
            return Workflow.answer(input, "PAID");
        });

        assertThat(pay("o1").status()).isEqualTo(201);

        assertThat(Workflow.payment(served.getFirst())).containsEntry("unit", standby);
        assertThat(Workflow.command(served.getFirst())).containsEntry("failover", owner);
    }

    /** Its answer comes only when nobody waits for it any more, and nobody hears it: the next call has a race of its own. */
    @Test
    void unitThatAcceptsACallAndHangsIsOvertakenByItsStandby() {
        gateway.close();
        deploy(Deployment.hedgingAfter(200));
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch hung = new CountDownLatch(1);
        gateway.aws.workflow((arn, input) -> {
            if (runsAt(arn, owner)) {
                await(answered);
                hung.countDown();
            }
            return Workflow.answer(input, "DECLINED", "INSUFFICIENT_FUNDS");
        });

        assertThat(pay("o1").status()).isEqualTo(200);

        assertThat(hung.getCount()).isEqualTo(1);
        assertThat(gateway.aws.executions())
                .satisfiesExactly(
                        first -> assertThat(runsAt(first, owner)).isTrue(),
                        second -> assertThat(runsAt(second, standby)).isTrue());
        // The run that hangs may hold something for the attempt, which is over.
        assertThat(gateway.aws.messages())
                .singleElement()
                .satisfies(message -> assertThat(message).containsEntry("why", "CHECK"));
        answered.countDown();
        await(hung);
        assertThat(pay("o2").status()).isEqualTo(200);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void unitThatWasMissedThreeTimesIsNotTriedForAWhile() {
        gateway.aws.workflow((arn, input) ->
                runsAt(arn, owner) ? Reply.error(400, "StateMachineDoesNotExist") : Workflow.answer(input, "PAID"));
        pay("o1");
        pay("o2");
        pay("o3");
        gateway.aws.forget();

        assertThat(pay("o4").status()).isEqualTo(201);

        assertThat(gateway.aws.executions()).hasSize(1).allMatch(arn -> runsAt(arn, standby));
    }

    /** Neither waits for its own rule to be old: the unit is obeyed at once. */
    @Test
    void aCallThatAUnitRefusesIsSentWhereTheRouteSays() {
        String third = "RZ03";
        List<Map<String, Object>> served = new ArrayList<>();
        gateway.aws.workflow((arn, input) -> {
            if (!runsAt(arn, third)) {
                return misrouted(third);
            }
            served.add(input);
            return Workflow.answer(input, "PAID");
        });

        assertThat(pay("o1").status()).isEqualTo(201);

        assertThat(gateway.aws.executions())
                .satisfiesExactly(
                        first -> assertThat(runsAt(first, owner)).isTrue(),
                        second -> assertThat(runsAt(second, third)).isTrue());
        assertThat(Workflow.payment(served.getFirst()))
                .containsEntry("unit", third)
                .containsEntry("shard", Shard.of("14911").toString());
        assertThat(Workflow.command(served.getFirst())).doesNotContainKey("failover");
        assertThat(gateway.aws.messages()).isEmpty();
    }

    @Test
    void unitsThatSendACallBackAndForthEndAsUnreachable() {
        gateway.aws.workflow((arn, input) -> misrouted(runsAt(arn, owner) ? standby : owner));

        Deployment.Reply reply = pay("o1");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.slug()).isEqualTo("unit-unreachable");
        // The first and three that obeyed; not the standby of the last, which was reached.
        assertThat(gateway.aws.executions()).hasSize(4);
        assertThat(gateway.aws.messages()).isEmpty();
    }

    /** The gateway's own rule still says otherwise, and may not be readable. */
    @Test
    void aUnitThatIsForbiddenSendsItsCallsToItsStandbyWhichLearnsWhoseTurnItWas() {
        List<Map<String, Object>> served = new ArrayList<>();
        gateway.aws.workflow((arn, input) -> {
            if (runsAt(arn, owner)) {
                return Reply.output(Map.of(
                        "outcome",
                        "MISROUTED",
                        "route",
                        Map.of("version", 7, "owner", owner, "standby", standby, "forbidden", true)));
            }
            served.add(input);
            return Workflow.answer(input, "PAID");
        });

        assertThat(pay("o1").status()).isEqualTo(201);

        assertThat(gateway.aws.executions()).hasSize(2);
        assertThat(Workflow.payment(served.getFirst())).containsEntry("unit", standby);
        assertThat(Workflow.command(served.getFirst())).containsEntry("failover", owner);
    }

    private static Reply misrouted(String to) {
        return Reply.output(Map.of(
                "outcome",
                "MISROUTED",
                "route",
                Map.of("version", 7, "owner", to, "standby", "RZ01", "forbidden", false)));
    }

    @Test
    void workflowThatBreaksOffIsRunAgainByTheStandby() {
        gateway.aws.workflow((arn, input) -> runsAt(arn, owner)
                ? new Reply(200, Map.of("executionArn", "x", "status", "FAILED", "error", "States.Runtime"))
                : Workflow.answer(input, "DECLINED", "INSUFFICIENT_FUNDS"));

        assertThat(pay("o1").status()).isEqualTo(200);

        // The owner's run may hold something for an attempt that is over.
        assertThat(gateway.aws.messages()).hasSize(1);
    }

    @Test
    void attemptThatNobodyAnsweredForIsCheckedLater() {
        gateway.aws.workflow((arn, input) -> Reply.error(500, "InternalError"));

        Deployment.Reply reply = pay("o1");

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.headers()).containsKeys("Location", "Retry-After");
        assertThat(gateway.aws.messages()).hasSize(1);
        assertThat(gateway.aws.messages().getFirst())
                .containsEntry("why", "CHECK")
                .containsEntry("delay", 25);
    }

    @Test
    void attemptThatBeganNowhereMayBeMadeAgain() {
        gateway.aws.workflow((arn, input) -> Reply.error(400, "StateMachineDoesNotExist"));

        Deployment.Reply reply = pay("o1");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.slug()).isEqualTo("unit-unreachable");
        assertThat(gateway.aws.messages()).isEmpty();
    }

    @Test
    void workflowThatMayHaveRunIsInDoubtWhateverALaterTryWouldSay() {
        List<String> tried = new ArrayList<>();
        gateway.aws.workflow((arn, input) -> {
            boolean first = runsAt(arn, owner) && !tried.contains(arn);
            tried.add(arn);
            return Reply.error(first ? 500 : 400, first ? "InternalError" : "StateMachineDoesNotExist");
        });

        assertThat(pay("o1").status()).isEqualTo(202);

        assertThat(tried).doesNotHaveDuplicates();
        assertThat(gateway.aws.messages()).hasSize(1);
    }

    @Test
    void messageToPhaseTwoIsOneCall() {
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "OPEN"));

        pay("o1");

        assertThat(gateway.aws.calls()).containsExactly("StartSyncExecution", "SendMessage");
    }

    @Test
    void refusedConnectionIsNoAnswer() {
        System.setProperty("aws.endpointUrlSfn", "http://127.0.0.1:1");

        assertThat(pay("o1").slug()).isEqualTo("unit-unreachable");
    }

    @Test
    void publishedRuleMovesTheShard() {
        List<Map<String, Object>> served = new ArrayList<>();
        gateway.aws.workflow((arn, input) -> {
            served.add(input);
            return Workflow.answer(input, "PAID");
        });
        List<String> owners = RULE.owners().stream().map(unit -> standby).toList();
        gateway.tables
                .client()
                .putItem(request -> request.tableName(LocalTables.CONTROL)
                        .item(Map.of(
                                "pk", Values.s("RULE"),
                                "sk", Values.s("CURRENT"),
                                "version", Values.n(7),
                                "document",
                                        Values.s(RoutingDocument.write(
                                                new RoutingRule(7, 100, owners, RULE.units()))))));

        pay("o1");

        assertThat(Workflow.payment(served.getFirst())).containsEntry("unit", standby);
        assertThat(Workflow.command(served.getFirst())).containsEntry("rule", 7).doesNotContainKey("failover");
    }

    @Test
    void topologyServesWhereTheControlTableIsGone() {
        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "PAID"));
        gateway.tables.client().deleteTable(request -> request.tableName(LocalTables.CONTROL));

        assertThat(pay("o1").status()).isEqualTo(201);
    }
}
