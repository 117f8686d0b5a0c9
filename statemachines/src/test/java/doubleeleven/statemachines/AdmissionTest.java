package doubleeleven.statemachines;

import static doubleeleven.payment.BranchKind.DEBIT;
import static doubleeleven.statemachines.Orders.BALANCE;
import static doubleeleven.statemachines.Orders.RULE;
import static doubleeleven.statemachines.Orders.UNIT;
import static doubleeleven.statemachines.Orders.fund;
import static doubleeleven.statemachines.Orders.input;
import static doubleeleven.statemachines.StepFunctions.always;
import static doubleeleven.statemachines.StepFunctions.object;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.dynamodb.Routes;
import doubleeleven.ids.Shard;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.statemachines.Orders.Asked;
import doubleeleven.testkit.LocalTables;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a unit serves: what it owns, what it stands by for where the caller says so, and nobody else. */
class AdmissionTest {
    private static final Asked PAYS = Asked.of(DEBIT, BALANCE, 30);

    private static LocalTables tables;
    private static Orders orders;
    private StepFunctions workflow;

    @BeforeAll
    static void start() {
        tables = LocalTables.inProcess();
        orders = new Orders(tables);
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void openAccounts() {
        tables.clear();
        orders.put(fund(BALANCE, 100, Map.of(), Map.of()));
        workflow = new StepFunctions(tables);
    }

    @Test
    void theOwnerServesItsShards() {
        publish(RULE, UNIT, "RZ03");

        assertThat(workflow.run(input(PAYS))).containsEntry("outcome", "PAID");
        assertThat(workflow.entered()).doesNotContain("AdmitAgain");
    }

    @Test
    void theStandbyServesACallThatSaysTheOwnerWasMissedAndNoOther() {
        publish(RULE, "RZ01", UNIT);

        assertThat(workflow.run(input(PAYS))).containsEntry("outcome", "MISROUTED");
        assertThat(workflow.run(failover(input(PAYS)))).containsEntry("outcome", "PAID");
    }

    /** A mark is no key to every door. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aUnitThatIsNeitherRefusesWithTheNewestRouteAndWritesNothing(boolean marked) {
        publish(RULE + 4, "RZ01", "RZ03");
        List<?> before = everything();

        Map<String, Object> answer = workflow.run(marked ? failover(input(PAYS)) : input(PAYS));

        assertThat(answer).containsEntry("outcome", "MISROUTED");
        assertThat(object(answer.get("route")).get("version")).hasToString(Long.toString(RULE + 4));
        assertThat(object(answer.get("route"))).containsEntry("owner", "RZ01").containsEntry("standby", "RZ03");
        assertThat(workflow.calls()).isEmpty();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aUnitThatIsForbiddenServesNobody() {
        publish(RULE, UNIT, "RZ03", true);
        assertThat(workflow.run(input(PAYS))).containsEntry("outcome", "MISROUTED");
        assertThat(workflow.run(failover(input(PAYS)))).containsEntry("outcome", "MISROUTED");
    }

    @Test
    void theStandbyOfAUnitThatIsForbiddenServesWhatSaysSo() {
        publish(RULE, "RZ01", UNIT, true);

        assertThat(workflow.run(input(PAYS))).containsEntry("outcome", "MISROUTED");
        assertThat(workflow.run(failover(input(PAYS)))).containsEntry("outcome", "PAID");
    }

    /** The owner may be there again since, and the caller not know: it is sent to the owner first. */
    @Test
    void theStandbyRefusesACallerWithAnOlderRuleThanTheRoute() {
        publish(RULE + 1, "RZ01", UNIT);

        assertThat(workflow.run(failover(input(PAYS)))).containsEntry("outcome", "MISROUTED");
    }

    /** A replica that is behind must not send back what a newer rule sent here, nor serve what it took away. */
    @ParameterizedTest
    @CsvSource({"RZ01, RZ02, PAID", "RZ02, RZ01, MISROUTED"})
    void aCallerThatKnowsANewerRuleMakesTheUnitLookForTheNewestRoute(String before, String after, String outcome) {
        publish(RULE - 1, before, "RZ03");
        workflow.after("Admit", _ -> publish(RULE, after, "RZ03"));

        assertThat(workflow.run(input(PAYS))).containsEntry("outcome", outcome);
        assertThat(workflow.entered()).contains("AdmitAgain");
    }

    @Test
    void aRouteThatNobodyHasSpreadYetDecidesWhateverTheCallerKnows() {
        publish(RULE - 1, UNIT, "RZ03");

        assertThat(workflow.run(input(PAYS))).containsEntry("outcome", "PAID");
    }

    @ParameterizedTest
    @CsvSource({"Admit", "AdmitAgain"})
    void aRouteThatCannotBeReadStopsNoPayment(String read) {
        publish(RULE - 1, UNIT, "RZ03");
        workflow.before(read, always("DynamoDB.InternalServerError"));

        assertThat(workflow.run(input(PAYS))).containsEntry("outcome", "PAID");
    }

    @Test
    void anOlderRuleNeverTakesTheRouteOfANewerOneAway() {
        publish(RULE, UNIT, "RZ03");
        publish(RULE - 1, "RZ01", "RZ03");

        assertThat(workflow.run(input(PAYS))).containsEntry("outcome", "PAID");
    }

    /** Tells the units of a rule in which one unit owns everything. */
    private static void publish(long version, String owner, String standby) {
        publish(version, owner, standby, false);
    }

    private static void publish(long version, String owner, String standby, boolean forbidden) {
        Map<String, Unit> units = new TreeMap<>();
        for (String name : List.of("RZ01", "RZ02", "RZ03")) {
            String other = name.equals(owner) ? standby : owner;
            units.put(
                    name,
                    new Unit(
                            name,
                            "us-east-1",
                            other,
                            100,
                            new TreeMap<>(Map.of("a", 100)),
                            forbidden && name.equals(owner)));
        }
        new Routes(tables.client(), LocalTables.CONTROL)
                .spread(new RoutingRule(version, 100, Collections.nCopies(Shard.COUNT, owner), units));
    }

    private static Map<String, Object> failover(Map<String, Object> input) {
        object(object(input.get("payment")).get("command")).put("failover", "RZ01");
        return input;
    }

    private static List<?> everything() {
        return Stream.of(LocalTables.ACCOUNT, LocalTables.PAYMENT, LocalTables.CREDIT)
                .map(table ->
                        tables.client().scan(scan -> scan.tableName(table)).items())
                .toList();
    }
}
