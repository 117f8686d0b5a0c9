package doubleeleven.rig;

import static doubleeleven.rig.WatchedRegions.BETWEEN_LOOKS;
import static doubleeleven.rig.WatchedRegions.WATCHER;
import static doubleeleven.rig.WatchedRegions.isAt;
import static doubleeleven.rig.WatchedRegions.probes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.aws.Json;
import doubleeleven.it.client.Answer;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;

/** What watchers do not take for a unit that is down, and what they leave to a person although it is. */
class HealthWatcherRestraintTest {
    private final WatchedRegions regions = new WatchedRegions();

    @AfterEach
    void close() {
        regions.close();
    }

    @Test
    void aGatewayThatReachesTheUnitAgainSpeaksForIt() {
        regions.cut(call -> call.request() instanceof StartSyncExecutionRequest && isAt(call.request(), "us-east-2"));
        regions.giveUp("RZ02");
        regions.look();
        regions.pass(BETWEEN_LOOKS);
        regions.cut(probes("us-east-1", "us-east-2").or(probes("us-west-2", "us-east-2")));
        regions.giveUp("RZ02");
        regions.look();

        assertThat(regions.begun()).isEmpty();
        assertThat(Json.objects(regions.health("RZ02"), "sights"))
                .filteredOn(sight -> !sight.get("region").equals("us-east-2"))
                .hasSize(2)
                .allSatisfy(sight -> assertThat(sight)
                        .containsEntry("synthetic", "FAILED")
                        .containsEntry("real", "REACHED")
                        .containsEntry("failures", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-2", "us-west-2"})
    void oneRegionThatDoesNotReachAUnitTakesNobodyOut(String blind) {
        regions.cut(probes(blind, "us-east-1"));

        regions.look(12);

        assertThat(regions.begun()).isEmpty();
        assertThat(regions.health("RZ01")).containsEntry("health", "WELL");
        assertThat(regions.counted("UnitDown")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "us-east-2", "us-west-2"})
    void aRegionThatIsCutOffFromTheOthersTakesNoneOfThemOut(String alone) {
        regions.cut(call -> {
            if (!(call.request() instanceof StartSyncExecutionRequest)
                    || !call.caller().endsWith(WATCHER)) {
                return false;
            }
            boolean from = call.caller().startsWith(alone);
            return from != isAt(call.request(), alone);
        });

        regions.look(12);

        assertThat(regions.begun()).singleElement().asString().doesNotEndWith(alone);
        assertThat(regions.inForce().units().values().stream()
                        .filter(Unit::forbidden)
                        .map(Unit::name))
                .as("nobody reaches it")
                .containsExactly(regions.unitIn(alone));
    }

    @Test
    void watchersThatSeeEverythingFailDoNothingButRaiseAnAlarm() {
        regions.cut(call -> call.caller().endsWith(WATCHER) && call.request() instanceof StartSyncExecutionRequest);

        regions.look(6);

        assertThat(regions.begun()).isEmpty();
        assertThat(regions.counted("FailoverWithheld")).isPositive();
        assertThat(regions.said()).contains("its standby is not seen to work");
    }

    @Test
    void aWatcherThatCannotReadTheBoardDoesNothingAndHasNoVoice() {
        regions.lose("us-east-1");
        regions.cut(call -> call.caller().equals("us-east-2" + WATCHER) && call.request() instanceof QueryRequest);

        for (int i = 0; i < 6; i++) {
            assertThatThrownBy(() -> regions.world().watch("us-east-2")).isInstanceOf(Function.Failed.class);
            regions.world().watch("us-west-2");
            regions.pass(BETWEEN_LOOKS);
        }

        assertThat(regions.begun()).isEmpty();
        assertThat(regions.health("RZ01")).containsEntry("health", "UNKNOWN");
    }

    @Test
    void aSightIsForgottenWhereItsWatcherFallsSilent() {
        regions.lose("us-east-1");
        regions.look(2);
        regions.world().watch("us-east-2");
        regions.pass(Duration.ofSeconds(31));

        regions.world().watch("us-west-2");
        regions.world().watch("us-west-2");

        assertThat(regions.begun()).isEmpty();
    }

    @Test
    void whereTheRuleSaysThatAPersonDecidesThereIsAnAlarmAndNothingElse() {
        Answer rule = regions.get("/operations/routing-rule");
        Map<String, Object> document = new HashMap<>(Json.child(rule.body(), "document"));
        document.put("switches", Map.of("automaticFailover", "OFF"));
        Answer publication = regions.post(
                "/operations/routing-rule",
                Map.of("document", document, "expectedVersion", 1, "reason", "maintenance of us-east-1"));
        assertThat(publication.status()).as("%s", publication.body()).isEqualTo(201);
        regions.lose("us-east-1");

        regions.look(6);

        assertThat(regions.begun()).isEmpty();
        assertThat(regions.counted("UnitDown")).isPositive();
        assertThat(regions.counted("FailoverWithheld")).isPositive();
        assertThat(regions.health("RZ01")).containsEntry("health", "DOWN");
    }

    @Test
    void whereTheOthersCannotCarryThePeakThereIsAnAlarmAndNothingElse() {
        Map<String, Unit> smaller = new HashMap<>();
        regions.first()
                .units()
                .forEach((name, unit) ->
                        smaller.put(name, new Unit(name, unit.region(), unit.standby(), 60, unit.colours())));
        regions.inForce(
                new RoutingRule(2, regions.first().peak(), regions.first().owners(), smaller));
        regions.lose("us-east-1");

        regions.look(6);

        assertThat(regions.begun()).isEmpty();
        assertThat(regions.counted("FailoverWithheld")).isPositive();
        assertThat(regions.said()).contains("cannot carry the planned peak");
    }

    @Test
    void aWatcherThatStoodStillDoesNotActOnWhatItSawBefore() {
        regions.lose("us-east-1");
        regions.look(2);
        regions.world().watch("us-west-2");
        regions.rightBefore(
                call -> call.caller().equals("us-east-2" + WATCHER)
                        && call.request() instanceof QueryRequest query
                        && query.toString().contains("FAILOVER#"),
                () -> {
                    regions.pass(Duration.ofMinutes(10));
                    regions.findAllAgain();
                });

        regions.world().watch("us-east-2");
        regions.world().drain();

        assertThat(regions.begun()).isEmpty();
        assertThat(regions.inForce()).isEqualTo(regions.first());
    }

    @Test
    void whatGoesToAndFroIsLeftToAPersonForAnHour() {
        regions.lose("us-east-1");
        regions.look(3);
        regions.passUntilEnded("RZ01");
        regions.findAllAgain();
        regions.begin("RZ01", "BACK");
        regions.passUntilEnded("RZ01");
        assertThat(regions.inForce().saysTheSameAs(regions.first())).isTrue();
        regions.begun().clear();

        regions.lose("us-east-1");
        regions.look(6);
        assertThat(regions.begun()).isEmpty();
        assertThat(regions.counted("FailoverWithheld")).isPositive();

        regions.pass(Duration.ofHours(1));
        regions.look(3);
        assertThat(regions.begun()).hasSize(1);
    }

    @Test
    void aUnitThatIsOutIsLeftInPeaceHoweverLongItIsDown() {
        regions.lose("us-east-1");
        regions.look(3);
        regions.passUntilEnded("RZ01");
        regions.look(15);
        regions.pass(Duration.ofHours(2));
        regions.look(4);

        assertThat(regions.health("RZ01")).containsEntry("health", "DOWN").containsEntry("forbidden", true);
        assertThat(regions.begun()).hasSize(1);
        assertThat(regions.counted("FailoverWithheld")).isZero();
    }

    @Test
    void aSecondUnitIsLeftToAPerson() {
        Predicate<Bus.ServiceCall> ofTheFirst = probes("us-east-2", "us-east-1").or(probes("us-west-2", "us-east-1"));
        regions.cut(ofTheFirst);
        regions.look(3);
        regions.cut(ofTheFirst.or(probes("us-east-1", "us-west-2")).or(probes("us-east-2", "us-west-2")));

        regions.look(12);

        assertThat(regions.health("RZ03")).containsEntry("health", "DOWN");
        assertThat(regions.begun()).hasSize(1);
        assertThat(regions.counted("FailoverWithheld")).isPositive();
        assertThat(regions.inForce().unit("RZ03").forbidden()).isFalse();
    }

    @Test
    void aUnitThatAPersonIsBringingBackIsNotTakenOutMeanwhile() {
        regions.begin("RZ01", "AWAY");
        regions.passUntilEnded("RZ01");
        regions.begin("RZ01", "BACK");
        regions.cut(probes("us-east-2", "us-east-1").or(probes("us-west-2", "us-east-1")));
        regions.begun().clear();

        for (int i = 0; regions.failovers("RZ01").getFirst().get("state").equals("RUNNING") && i < 20; i++) {
            regions.look();
        }

        assertThat(regions.failovers("RZ01").getFirst()).containsEntry("direction", "BACK");
        assertThat(regions.begun()).isEmpty();
    }
}
