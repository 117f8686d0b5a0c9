package doubleeleven.rig;

import static doubleeleven.rig.WatchedRegions.BETWEEN_LOOKS;
import static doubleeleven.rig.WatchedRegions.WATCHER;
import static doubleeleven.rig.WatchedRegions.probes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.aws.Json;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;

/** Nobody commands anything: the watchers of the Regions see a unit down, and the deployed workflow takes it out once. */
class HealthWatcherTest {
    private final WatchedRegions regions = new WatchedRegions();

    @AfterEach
    void close() {
        regions.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "us-east-2", "us-west-2"})
    void aRegionThatIsGoneUnderLoadHasItsUnitTakenOutOnceByTheWatchersOfTheOthers(String region) {
        String unit = regions.unitIn(region);
        regions.live();
        regions.lose(region);

        for (int i = 0; regions.begun().isEmpty(); i++) {
            assertThat(i).isLessThan(4);
            regions.live();
        }
        regions.passUntilEnded(unit);
        regions.live();

        assertThat(regions.begun())
                .singleElement()
                .asString()
                .startsWith("unit-failover in ")
                .doesNotEndWith(region);
        assertThat(regions.failovers(unit)).singleElement().satisfies(failover -> {
            assertThat(failover)
                    .containsEntry("state", "DONE")
                    .containsEntry("direction", "AWAY")
                    .containsEntry("by", "health-watcher");
            assertThat(String.valueOf(failover.get("reason")))
                    .contains(
                            regions.present().getFirst() + " sees",
                            regions.present().getLast() + " sees");
        });
        assertThat(regions.published().publishedBy()).isEqualTo("health-watcher");
        assertThat(regions.inForce().unit(unit).forbidden()).isTrue();
        regions.served().clear();
        regions.live();
        assertThat(regions.served()).doesNotContain(unit.toLowerCase(Locale.ROOT));
        assertThat(regions.counted("FailoverWithheld")).isZero();
        regions.eachOrderIsPaidOnceAndNoMoneyIsLost();
    }

    @Test
    void whereNobodyBuysThreeLooksTakeItOut() {
        regions.lose("us-east-1");
        regions.look(2);
        assertThat(regions.begun()).isEmpty();
        regions.look();
        assertThat(regions.begun()).hasSize(1);
    }

    @Test
    void whereGatewaysOfBothOtherRegionsGaveTheUnitUpTooTwoLooksAreEnough() {
        regions.lose("us-east-2");
        regions.giveUp("RZ02");
        regions.look();
        assertThat(regions.begun()).isEmpty();
        regions.giveUp("RZ02");
        regions.look();

        assertThat(regions.begun()).hasSize(1);
        assertThat(Json.objects(regions.health("RZ02"), "sights"))
                .filteredOn(sight -> !sight.get("region").equals("us-east-2"))
                .hasSize(2)
                .allSatisfy(sight -> assertThat(sight).containsEntry("real", "MISSED"));
        assertThat(String.valueOf(regions.failovers("RZ02").getFirst().get("reason")))
                .contains("customers' payments too");
    }

    @Test
    void watchersThatActAtTheSameMomentBeginOneFailover() {
        regions.lose("us-east-1");
        regions.look(2);
        regions.world().watch("us-west-2");
        regions.rightBefore(
                call -> call.caller().equals("us-east-2" + WATCHER)
                        && call.request() instanceof PutItemRequest put
                        && put.item().get("sk").s().equals("START"),
                () -> regions.world().watch("us-west-2"));

        regions.world().watch("us-east-2");
        regions.world().drain();
        regions.look(3);

        assertThat(regions.begun()).containsExactly("unit-failover in us-west-2");
        assertThat(regions.failovers("RZ01")).hasSize(1);
    }

    @Test
    void theUnitsOwnRegionLeavesItToTheOthers() {
        regions.cut(probes("us-east-2", "us-east-1").or(probes("us-west-2", "us-east-1")));
        regions.look(2);
        regions.world().watch("us-east-2");
        regions.rightBefore(
                call -> call.caller().equals("us-west-2" + WATCHER)
                        && call.request() instanceof QueryRequest query
                        && query.toString().contains("FAILOVER#"),
                () -> regions.world().watch("us-east-1"));

        regions.world().watch("us-west-2");

        assertThat(regions.begun()).containsExactly("unit-failover in us-west-2");
    }

    /** Its Region may be the next to be lost: what it began to begin is begun elsewhere. */
    @Test
    void aWatcherThatDiesBeforeItsWorkflowBeganIsReplacedAMinuteLater() {
        regions.lose("us-east-1");
        regions.look(2);
        regions.world().watch("us-west-2");
        regions.rightBefore(
                call -> call.caller().equals("us-east-2" + WATCHER) && call.request() instanceof StartExecutionRequest,
                () -> {
                    throw new Course.Cut("died");
                });
        assertThatThrownBy(() -> regions.world().watch("us-east-2")).isInstanceOf(Function.Failed.class);
        assertThat(regions.begun()).isEmpty();

        for (int i = 0; i < 5; i++) {
            regions.pass(BETWEEN_LOOKS);
            regions.world().watch("us-east-2");
            regions.world().watch("us-west-2");
            assertThat(regions.begun()).as("%d looks later", i + 1).isEmpty();
        }
        regions.look();
        regions.look();

        assertThat(regions.begun()).hasSize(1);
        assertThat(regions.inForce().unit("RZ01").forbidden()).isTrue();
    }

    @Test
    void whereARegionsWorkflowsAreOutOfReachAnotherRegionHasTheNextTry() {
        regions.lose("us-east-1");
        regions.cut(
                call -> call.caller().equals("us-east-2" + WATCHER) && call.request() instanceof StartExecutionRequest);
        regions.look(2);
        regions.world().watch("us-west-2");
        regions.world().watch("us-east-2");
        assertThat(regions.begun()).isEmpty();
        assertThat(regions.failovers("RZ01"))
                .singleElement()
                .satisfies(failover ->
                        assertThat(failover).containsEntry("state", "FAILED").containsEntry("region", "us-east-2"));
        assertThat(regions.counted("FailoverWithheld")).isPositive();

        regions.look(5);
        assertThat(regions.failovers("RZ01")).as("nobody else within a minute").hasSize(1);
        regions.look(2);

        assertThat(regions.begun()).containsExactly("unit-failover in us-west-2");
        assertThat(regions.failovers("RZ01"))
                .as("nor the same Region in the second")
                .hasSize(2);
    }
}
