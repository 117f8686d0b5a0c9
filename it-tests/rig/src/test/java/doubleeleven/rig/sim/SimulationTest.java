package doubleeleven.rig.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.rig.Bus;
import doubleeleven.rig.Topology;
import doubleeleven.rig.sim.Simulation.Defect;
import doubleeleven.testkit.LocalTables;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The short version of the long random simulation, with fixed seeds; {@code localstack/eleven simulate} runs longer and with fresh ones. */
class SimulationTest {
    private static final Topology SANDBOX = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));

    @Test
    void everyInvariantHoldsWhateverGoesWrong() {
        List<Simulation.Result> results = Stream.of(2047L, 2049L, 2051L)
                .map(seed -> run(240, seed, Simulation.SOUND))
                .toList();

        assertThat(results).allSatisfy(result -> {
            assertThat(result.operations()).isEqualTo(240);
            assertThat(result.faults()).isNotEmpty();
            assertThat(result.routing().beside()).isPositive();
        });
        for (String kind : List.of("lines", "loans", "bills", "repayments")) {
            assertThat(results).as(kind).anyMatch(result -> result.credit().getOrDefault(kind, 0L) > 0);
        }
    }

    @Test
    void equalSeedsAreEqualRunsToTheLastCall() {
        assertThat(run(60, 3, Simulation.SOUND)).isEqualTo(run(60, 3, Simulation.SOUND));
        assertThat(run(60, 4, Simulation.SOUND).digest())
                .isNotEqualTo(run(60, 3, Simulation.SOUND).digest());
    }

    /** A guard less, and the simulation notices; and it notices the same once more. */
    @ParameterizedTest
    @CsvSource({
        "'attribute_not_exists(holds.#attempt) AND ', its payments say",
        "'available >= :amount AND available >= :floor AND ', had less than nothing at a moment"
    })
    void aWorkflowWithoutAGuardIsCaught(String guard, String finding) {
        Set<String> messages = new LinkedHashSet<>();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() ->
                            run(750, 12, new Defect(tables -> without(guard, tables), UnaryOperator.identity())))
                    .isInstanceOf(Violation.class)
                    .hasMessageContainingAll("Money in GBP", finding)
                    .hasMessageContaining("Replay exactly: localstack/eleven simulate --operations 750")
                    .satisfies(e -> messages.add(e.getMessage()));
        }
        assertThat(messages).hasSize(1);
    }

    private static Simulation.Result run(int operations, long seed, Defect defect) {
        try (Simulation simulation =
                new Simulation(new Simulation.Plan(SANDBOX, operations, 100, seed, defect), _ -> {})) {
            return simulation.run();
        }
    }

    /** Workflows hold without asking for that. */
    private static Bus without(String guard, DynamoDbClient tables) {
        return (call, effect) -> {
            boolean hold = call.request() instanceof UpdateItemRequest update
                    && update.tableName().equals(LocalTables.ACCOUNT)
                    && update.updateExpression().startsWith("SET available = available - :amount, holds.");
            return hold ? tables.updateItem(without(guard, (UpdateItemRequest) call.request())) : effect.get();
        };
    }

    private static UpdateItemRequest without(String guard, UpdateItemRequest update) {
        assertThat(update.conditionExpression()).contains(guard);
        String condition = update.conditionExpression().replace(guard, "");
        Map<String, AttributeValue> values = new HashMap<>(update.expressionAttributeValues());
        values.keySet().removeIf(name -> !(update.updateExpression() + " " + condition).matches(".*" + name + "\\b.*"));
        return update.toBuilder()
                .conditionExpression(condition)
                .expressionAttributeValues(values)
                .build();
    }
}
