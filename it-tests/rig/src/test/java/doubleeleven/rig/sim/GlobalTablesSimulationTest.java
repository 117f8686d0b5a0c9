package doubleeleven.rig.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.rig.Topology;
import doubleeleven.rig.regions.Consistency;
import doubleeleven.rig.regions.Layout;
import doubleeleven.rig.sim.Faults.Kind;
import doubleeleven.testkit.LocalTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which tables money may lie in, shown by the same random load on each. Regions are lost, cut off and back while it runs. */
class GlobalTablesSimulationTest {
    private static final Topology SANDBOX = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
    private static final int OPERATIONS = 150;
    private static final long SEED = 42;

    /** And every Region remembers of each payer what a replay of the payments gives: that is examined after each round. */
    @Test
    void everyInvariantHoldsWhileRegionsAreLostAndCutOff() {
        List<Simulation.Result> results =
                Stream.of(68L, 69L).map(seed -> run(Layout.DEPLOYED, seed)).toList();

        assertThat(results)
                .flatExtracting(result -> result.faults().keySet())
                .contains(Kind.REGION_AWAY, Kind.REGION_CUT_OFF);
        assertThat(results).extracting(Simulation.Result::collisions).allMatch(collisions -> collisions > 0);
    }

    @Test
    void recoveryNeedsNeitherAnIndexNorAReplicaThatIsUpToDate() {
        Simulation.Result result = run(Layout.DEPLOYED.lagging(Duration.ofMinutes(5)), SEED);

        assertThat(result.operations()).isEqualTo(OPERATIONS);
    }

    @Test
    void accountsInAnEventualTableLoseMoney() {
        assertThatThrownBy(() -> run(Layout.DEPLOYED.with(LocalTables.ACCOUNT, Consistency.EVENTUAL), 43))
                .isInstanceOf(Violation.class)
                .hasMessageFindingMatch("(?m)^\\s*difference +-?[1-9]")
                .hasMessageFindingMatch("FAULT: .*/BALANCE has [\\d,]+, its payments say [\\d,]+")
                .hasMessageEndingWith("--seed 43 --worlds 1 --eventual account");
    }

    @Test
    void paymentsInAnEventualTablePayAnOrderTwice() {
        assertThatThrownBy(() -> run(Layout.DEPLOYED.with(LocalTables.PAYMENT, Consistency.EVENTUAL), 44))
                .isInstanceOf(Violation.class)
                .hasMessageFindingMatch("FAULT: entry .* is of no payment that succeeded, or its second")
                .hasMessageContaining("told to be paid and is not")
                .hasMessageEndingWith("--seed 44 --worlds 1 --eventual payment");
    }

    private static Simulation.Result run(Layout layout, long seed) {
        Simulation.Plan plan = new Simulation.Plan(SANDBOX, OPERATIONS, 20, seed, Simulation.SOUND, layout, 0);
        try (Simulation simulation = new Simulation(plan, _ -> {})) {
            return simulation.run();
        }
    }
}
