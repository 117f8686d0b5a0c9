package doubleeleven.rig.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.aws.Json;
import doubleeleven.rig.Bus;
import doubleeleven.rig.Topology;
import doubleeleven.rig.regions.Layout;
import doubleeleven.rig.sim.Faults.Kind;
import doubleeleven.rig.sim.Simulation.Defect;
import doubleeleven.testkit.LocalTables;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

/**
 * A thousand versions of the routing rule, one after the other and some at once, while customers of all units pay at all doors: units swap shards
 * and standbys, are forbidden and allowed again, and go back to what was; publishers die half-way, gateways go by rules that they cannot read anew,
 * functions stand still for seconds, clocks are wrong, calls are lost, late and doubled, Regions are lost and cut off. {@link Admissions} says what
 * must hold besides what holds in every simulation.
 */
class SwitchesTest {
    private static final Topology SANDBOX = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
    private static final List<Long> SEEDS = List.of(7L, 8L);
    private static final int SWITCHES = 1_000;
    private static final int OPERATIONS = 480;

    @Test
    void aThousandSwitchesLetNoUnitServeWhatIsNotItsOwn() {
        RoutingCount all = RoutingCount.NONE;
        long unanswered = 0;
        Set<Kind> faults = EnumSet.noneOf(Kind.class);
        for (long seed : SEEDS) {
            Simulation.Result result = run(OPERATIONS / SEEDS.size(), SWITCHES / SEEDS.size(), seed, Simulation.SOUND);
            all = all.plus(result.routing());
            unanswered += result.unanswered();
            faults.addAll(result.faults().keySet());
        }
        System.out.println("%s; %,d publications not answered; 0 violations".formatted(all.summary(), unanswered));

        assertThat(all.switches()).isGreaterThanOrEqualTo(SWITCHES);
        assertThat(faults)
                .contains(
                        Kind.CRASH,
                        Kind.LATE,
                        Kind.AGAIN_LATE,
                        Kind.PAUSED,
                        Kind.PAUSED_WITH_A_RULE,
                        Kind.RULE_UNREADABLE,
                        Kind.REGION_AWAY,
                        Kind.REGION_CUT_OFF);
        // Each of them is looked at, so each has to happen.
        assertThat(unanswered).isPositive();
        assertThat(all.shards()).hasSize(100);
        assertThat(all.byOwner()).isPositive();
        assertThat(all.failovers()).isGreaterThanOrEqualTo(SWITCHES / 20);
        assertThat(all.failbacks()).isGreaterThanOrEqualTo(SWITCHES / 20);
        assertThat(all.byStandby()).isGreaterThan(all.byStandbyOfForbidden());
        assertThat(all.byStandbyOfForbidden()).isPositive();
        assertThat(all.forbidden()).isPositive();
        assertThat(all.sentBack()).isPositive();
        assertThat(all.open()).isPositive();
        assertThat(all.misrouted()).isPositive();
        assertThat(all.rerouted()).isPositive();
        assertThat(all.askedAgain()).isPositive();
        assertThat(all.stale()).isPositive();
        assertThat(all.byTwoUnits()).isPositive();
    }

    /** The caller's version is compared with the replica's for this alone. */
    @Test
    void withoutTheComparisonOfVersionsUnitsGoByOlderRulesThanTheirCallers() {
        assertThatThrownBy(() -> run(new Defect(
                        Simulation.SOUND.calls(),
                        workflow -> choosing(workflow, "Admitted", choices -> choices.removeFirst()))))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("goes by an older version than its caller knew")
                .hasMessageContaining("did not ask for the newest route");
    }

    /** Whether the owner is forbidden, whether a standby's caller missed the owner, and whether it may have missed that the owner is back. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                " and $not($route.forbidden)",
                " and $exists($payment.command.failover)",
                " and $payment.rule >= $route.version"
            })
    void withoutAPartOfItsConditionUnitsServeWhatAnotherOneServes(String part) {
        assertThatThrownBy(() -> run(new Defect(Simulation.SOUND.calls(), workflow -> {
                    assertThat(workflow).contains(part);
                    return workflow.replace(part, "");
                })))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("serves a shard that another unit serves");
    }

    @Test
    void withoutAdmissionAnyUnitServesAnybody() {
        assertThatThrownBy(() -> run(new Defect(
                        Simulation.SOUND.calls(),
                        workflow -> choosing(
                                choosing(workflow, "Admitted", SwitchesTest::admitAll),
                                "AdmittedAgain",
                                SwitchesTest::admitAll))))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("serves a shard that another unit serves");
    }

    @Test
    void aRouteThatIsNeverToldOfTheNewestRuleIsFoundAtRest() {
        assertThatThrownBy(() -> run(new Defect(_ -> SwitchesTest::forgettingARoute, UnaryOperator.identity())))
                .isInstanceOf(Violation.class)
                .hasMessageFindingMatch("still has Route.shard=07, .* instead of Route.shard=07, ");
    }

    private static void admitAll(List<Map<String, Object>> choices) {
        choices.getLast().put("Condition", true);
    }

    private static Object forgettingARoute(Bus.ServiceCall call, Supplier<Object> effect) {
        boolean forgotten = call.request() instanceof PutItemRequest put
                && put.tableName().equals(LocalTables.CONTROL)
                && "ROUTE#07".equals(put.item().get("pk").s());
        return forgotten ? PutItemResponse.builder().build() : effect.get();
    }

    /** The workflow with the choices of a state as they are made. */
    private static String choosing(String workflow, String state, Consumer<List<Map<String, Object>>> choices) {
        Map<String, Object> definition = Json.object(workflow);
        Map<String, Object> choosing = Json.child(Json.child(definition, "States"), state);
        List<Map<String, Object>> changed = Json.objects(choosing, "Choices");
        choices.accept(changed);
        choosing.put("Choices", changed);
        return Json.write(definition);
    }

    /** Over with the first round that finds something. */
    private static Simulation.Result run(Defect defect) {
        return run(240, 320, 1, defect);
    }

    private static Simulation.Result run(int operations, int switches, long seed, Defect defect) {
        Simulation.Plan plan = new Simulation.Plan(SANDBOX, operations, 1_000, seed, defect, Layout.DEPLOYED, switches);
        try (Simulation simulation = new Simulation(plan, _ -> {})) {
            return simulation.run();
        }
    }
}
