package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.gateway.failover.Failover;
import doubleeleven.gateway.failover.Failover.Direction;
import doubleeleven.gateway.failover.Failovers;
import doubleeleven.gateway.failover.Probes;
import doubleeleven.gateway.failover.Step;
import doubleeleven.gateway.operations.Publications;
import doubleeleven.ids.Shard;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Takeover;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failover's steps ask of units that serve customers meanwhile. */
class FailoverStepsTest {
    private static final Instant NOW = Instant.parse("2026-11-11T00:00:00Z");
    private static final RoutingRule TOPOLOGY = RoutingDocument.read(Deployment.TOPOLOGY);
    private static final RoutingRule TAKEN = Takeover.begin(TOPOLOGY, "RZ01").orElseThrow();
    private static final int SHARDS = 34;

    private final ManualClock clock = new ManualClock();
    private final List<Duration> rests = new ArrayList<>();

    /** Units that answer after some time. */
    private record Slow(ManualClock clock, Duration takes, Sight sight) implements Probes {
        @Override
        public Sight at(Unit unit, String colour, RoutingRule rule, Shard shard, String name) {
            return routed(rule, shard, name);
        }

        @Override
        public Sight routed(RoutingRule rule, Shard shard, String name) {
            clock.pass(takes);
            return sight;
        }
    }

    private Failover probe(Duration takes, Probes.Sight sight) {
        clock.set(NOW);
        try (LocalTables tables = LocalTables.inProcess()) {
            Deployment.firstRule(tables, PublishedRule.deployed(TAKEN, NOW));
            return new Failovers(
                            new Publications(new DynamoDbRuleHistory(tables.client(), LocalTables.CONTROL)),
                            new DynamoDbFailovers(tables.client(), LocalTables.CONTROL),
                            _ -> Stream.empty(),
                            new Slow(clock, takes, sight),
                            rests::add,
                            clock)
                    .take(
                            Step.PROBE,
                            Failovers.begin("RZ01", Direction.AWAY, "op_1", "a drill", "us-east-2", TOPOLOGY, NOW))
                    .failover();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "120, 240", "250, 500", "2000, 500"})
    void aUnitIsLeftAloneBetweenTwoSyntheticPaymentsTwiceAsLongAsTheLastOneTookAndHalfASecondAtMost(
            int takes, int rest) {
        Failover probed = probe(Duration.ofMillis(takes), new Probes.Sight.Serves());

        assertThat(probed.state()).isEqualTo(Failover.State.DONE);
        assertThat(rests).isEqualTo(Collections.nCopies(SHARDS - 1, Duration.ofMillis(rest)));
    }

    @Test
    void whereThreeShardsAreNotServedNoOtherIsWaitedFor() {
        Failover probed = probe(Duration.ofSeconds(1), new Probes.Sight.Fails("no route"));

        assertThat(probed.notes().getLast().text()).startsWith("3 of 3 shards are not served");
        assertThat(rests).hasSize(2);
    }
}
