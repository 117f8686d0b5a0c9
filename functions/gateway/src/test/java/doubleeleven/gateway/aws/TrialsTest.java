package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.operations.Publications;
import doubleeleven.gateway.operations.Publications.Outcome;
import doubleeleven.gateway.operations.Publications.Spreading;
import doubleeleven.routing.First;
import doubleeleven.routing.InForce;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Trial;
import doubleeleven.routing.Trial.Spread;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.Calls;
import doubleeleven.testkit.LocalTables;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Versions of the routing rule that some gateways obey first, in the control table: what is tried reaches nobody else but by a spread. */
class TrialsTest {
    private static final Instant NOW = Instant.parse("2026-11-11T00:00:00.123Z");
    private static final RoutingRule TOPOLOGY = RoutingDocument.read(Deployment.TOPOLOGY);
    private static final First FIRST = new First("us-west-2", 10);
    private static final Spread SPREAD = new Spread(NOW.plusSeconds(600), "op_2", "no more is declined");

    private static LocalTables tables;

    @BeforeAll
    static void start() {
        tables = LocalTables.inProcess();
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void deploy() {
        tables.clear();
        Deployment.firstRule(tables, PublishedRule.deployed(TOPOLOGY, NOW));
    }

    private static Publications publications() {
        return publications(tables.client());
    }

    private static Publications publications(DynamoDbClient client) {
        return new Publications(new DynamoDbRuleHistory(client, LocalTables.CONTROL));
    }

    /** A rule that differs from the topology's with another peak. */
    private static PublishedRule version(long version, long peak) {
        return published(new RoutingRule(version, peak, TOPOLOGY.owners(), TOPOLOGY.units()));
    }

    private static PublishedRule published(RoutingRule rule) {
        return new PublishedRule(rule, NOW.plusSeconds(rule.version()), "op_1", "a test", null);
    }

    private static PublishedRule tried(PublishedRule published, First first, long rest) {
        return new PublishedRule(
                published.rule(),
                published.publishedAt(),
                published.publishedBy(),
                published.reason(),
                published.restores(),
                new Trial(first, rest, null));
    }

    private static void tryOut() {
        assertThat(publications().publishFirst(version(2, 90), FIRST)).isInstanceOf(Outcome.Published.class);
    }

    /** The change of somebody who knows of nothing that is tried: half of RZ01's customers see its other colour. */
    private static Optional<InForce> half(DynamoDbClient client) {
        return publications(client)
                .change(
                        3,
                        current -> Optional.of(published(
                                current.rule().withColours("RZ01", new TreeMap<>(Map.of("a", 50, "b", 50))))));
    }

    private static boolean isHalf(RoutingRule rule) {
        return Objects.equals(rule.unit("RZ01").colours().get("b"), 50);
    }

    private static RoutingRule obeyed(String region, int drawn) {
        return new DynamoDbRules(tables.client(), LocalTables.CONTROL, first -> first.includes(region, drawn))
                .get()
                .orElseThrow();
    }

    /** Peaks that gateways obey: of the last one that is among the first, of the first one that is not, of one in another Region. */
    private static List<Long> obeyed() {
        return List.of(
                obeyed("us-west-2", 9).peak(),
                obeyed("us-west-2", 10).peak(),
                obeyed("us-east-1", 0).peak());
    }

    private static PublishedRule kept(long version) {
        return RuleItems.read(tables.client()
                .getItem(get -> get.tableName(LocalTables.CONTROL).key(RuleItems.key(version)))
                .item());
    }

    private static Set<String> routed() {
        return tables.client().scan(request -> request.tableName(LocalTables.CONTROL)).items().stream()
                .filter(item -> Values.text(item, "pk").startsWith("ROUTE#"))
                .map(item -> item.get("version").n())
                .collect(Collectors.toSet());
    }

    @Test
    void aVersionForSomeIsObeyedByThemAloneAndIsOnRecordWithWhoTheyAreAndWhatTheRestObeys() {
        assertThat(publications().publishFirst(version(2, 90), FIRST))
                .isEqualTo(new Outcome.Published(tried(version(2, 90), FIRST, 1), TOPOLOGY));

        assertThat(obeyed()).containsExactly(90L, 100L, 100L);
        assertThat(obeyed("us-east-1", 0)).isEqualTo(TOPOLOGY.at(2));
        assertThat(kept(2)).isEqualTo(tried(version(2, 90), FIRST, 1));
        assertThat(publications().find(2)).contains(kept(2));
        assertThat(publications().inForce().rule()).isEqualTo(TOPOLOGY.at(2));
        assertThat(publications().inForce().rest()).isEqualTo(TOPOLOGY);
        assertThat(routed())
                .as("units compare numbers, and who serves whom is the same")
                .containsExactly("2");
    }

    @Test
    void aSpreadGivesItToAllAndStaysOnRecordAndOnceMoreHasTheSameOutcomeWhoeverAsks() {
        tryOut();
        Spreading done = publications().spread(2, SPREAD);

        assertThat(obeyed()).containsExactly(90L, 90L, 90L);
        PublishedRule spread = tried(version(2, 90), FIRST, 1).spread(SPREAD);
        assertThat(done).isEqualTo(new Spreading.Done(spread, TOPOLOGY));
        assertThat(kept(2)).isEqualTo(spread);
        assertThat(publications().inForce()).isEqualTo(InForce.ofAll(spread));
        assertThat(publications().spread(2, new Spread(NOW, "op_3", "late"))).isEqualTo(done);
        assertThat(kept(2)).isEqualTo(spread);
        assertThat(publications().publishFirst(version(2, 90), FIRST))
                .as("the publication once more")
                .isEqualTo(new Outcome.Published(spread, TOPOLOGY));
    }

    @Test
    void onlyTheVersionInForceIsSpreadAndOnlyOneThatIsTried() {
        assertThat(publications().spread(1, SPREAD)).isEqualTo(new Spreading.NeverTried());
        tryOut();

        assertThat(publications().spread(1, SPREAD)).isEqualTo(new Spreading.Overtaken(2));
        assertThat(publications().spread(3, SPREAD)).isEqualTo(new Spreading.Overtaken(2));
        assertThat(obeyed()).containsExactly(90L, 100L, 100L);
        publications().publish(version(3, 80));
        assertThat(publications().spread(2, SPREAD)).isEqualTo(new Spreading.Overtaken(3));
        assertThat(obeyed()).containsExactly(80L, 80L, 80L);
    }

    @Test
    void whatTheRestObeysIsPublishedForAllToWithdrawWhatIsTried() {
        tryOut();

        assertThat(publications().publish(version(3, 100))).isEqualTo(new Outcome.Published(version(3, 100), TOPOLOGY));

        assertThat(obeyed()).containsExactly(100L, 100L, 100L);
        assertThat(obeyed("us-west-2", 0).version()).isEqualTo(3);
        assertThat(kept(2)).as("it was only tried").isEqualTo(tried(version(2, 90), FIRST, 1));
    }

    @Test
    void whatIsTriedMayBePublishedForAllAsAVersionOfItsOwn() {
        tryOut();

        assertThat(publications().publish(version(3, 90))).isEqualTo(new Outcome.Published(version(3, 90), TOPOLOGY));

        assertThat(obeyed()).containsExactly(90L, 90L, 90L);
    }

    @Test
    void aChangeThatKnowsNothingOfItIsBuiltUponWhatTheRestObeysAndEndsIt() {
        tryOut();

        InForce changed = half(tables.client()).orElseThrow();

        assertThat(changed.version()).isEqualTo(3);
        assertThat(obeyed()).containsExactly(100L, 100L, 100L);
        assertThat(isHalf(obeyed("us-west-2", 0))).isTrue();
        assertThat(isHalf(obeyed("us-east-1", 0))).isTrue();
        assertThat(publications().inForce().isTrial()).isFalse();
    }

    @Test
    void aChangeThatIsThereAlreadyLeavesWhatIsTriedAsItIs() {
        half(tables.client());
        RoutingRule rest = obeyed("us-east-1", 0);
        publications()
                .publishFirst(
                        published(
                                new RoutingRule(3, 90, rest.owners(), rest.units(), rest.flows(), rest.switchedOff())),
                        FIRST);

        InForce unchanged = half(tables.client()).orElseThrow();

        assertThat(unchanged.rule()).isEqualTo(rest.at(3));
        assertThat(obeyed()).containsExactly(90L, 100L, 100L);
    }

    @Test
    void anotherTrialUponItLeavesTheRestWithWhatItObeysEvenAfterThat() {
        tryOut();
        First others = new First("us-east-1", 1);

        assertThat(publications().publishFirst(version(3, 80), others))
                .isEqualTo(new Outcome.Published(tried(version(3, 80), others, 1), TOPOLOGY));

        assertThat(obeyed()).containsExactly(100L, 100L, 80L);
        assertThat(publications().spread(3, SPREAD))
                .isEqualTo(new Spreading.Done(tried(version(3, 80), others, 1).spread(SPREAD), TOPOLOGY));
    }

    @Test
    void theSameToTheSameGatewaysIsNotPublishedAgainAndNothingIsTriedThatTheRestObeys() {
        assertThat(publications().publishFirst(version(2, 100), FIRST)).isEqualTo(new Outcome.Unchanged(1));
        tryOut();

        assertThat(publications().publishFirst(version(3, 90), FIRST)).isEqualTo(new Outcome.Unchanged(2));
        assertThat(publications().publishFirst(version(3, 100), FIRST)).isEqualTo(new Outcome.Unchanged(2));
        assertThat(publications().publishFirst(version(3, 90), new First("us-west-2", 50)))
                .as("more of them")
                .isInstanceOf(Outcome.Published.class);
        assertThat(obeyed()).containsExactly(90L, 90L, 100L);
    }

    @Test
    void theSamePublicationOnceMoreHasTheSameOutcomeAndAnotherOneOfItsNumberIsOvertaken() {
        Outcome first = publications().publishFirst(version(2, 90), FIRST);
        Outcome second = publications().publish(version(3, 80));

        assertThat(publications().publishFirst(version(2, 90), FIRST)).isEqualTo(first);
        assertThat(publications().publish(version(3, 80))).isEqualTo(second);
        assertThat(publications().publish(version(2, 90))).as("for all").isEqualTo(new Outcome.Overtaken(3));
        assertThat(publications().publishFirst(version(2, 90), new First("us-west-2", 11)))
                .as("for others")
                .isEqualTo(new Outcome.Overtaken(3));
    }

    @Test
    void whoServesWhomIsNotTriedAndChangesNothing() {
        List<Map<String, AttributeValue>> before = tables.client()
                .scan(scan -> scan.tableName(LocalTables.CONTROL))
                .items();
        Unit unit = TOPOLOGY.unit("RZ01");
        Map<String, Unit> units = new TreeMap<>(TOPOLOGY.units());
        units.put("RZ01", new Unit("RZ01", unit.region(), unit.standby(), unit.capacity(), unit.colours(), true));

        assertThat(publications().publishFirst(published(new RoutingRule(2, 90, TOPOLOGY.owners(), units)), FIRST))
                .isEqualTo(new Outcome.Indivisible(List.of("whether RZ01 is forbidden")));

        assertThat(tables.client()
                        .scan(scan -> scan.tableName(LocalTables.CONTROL))
                        .items())
                .isEqualTo(before);
    }

    @Test
    void whereverWhoTriesItDiesTheRestObeysWhatItDidAndTheSameCallAgainGoesOn() {
        boolean died = true;
        // The first calls make the version, a hundred more tell the units.
        for (int at = 0; died; at += at < 8 ? 1 : 33) {
            deploy();
            died = Calls.dies(
                    tables.client(), at, client -> publications(client).publishFirst(version(2, 90), FIRST));

            assertThat(obeyed()).as("death at " + at).endsWith(100L, 100L);
            assertThat(publications().publishFirst(version(2, 90), FIRST))
                    .as("death at " + at)
                    .isEqualTo(new Outcome.Published(tried(version(2, 90), FIRST, 1), TOPOLOGY));
            assertThat(obeyed()).as("death at " + at).containsExactly(90L, 100L, 100L);
            assertThat(routed()).as("death at " + at).containsExactly("2");
            publications().publish(version(3, 80));
            assertThat(kept(2)).as("death at " + at).isEqualTo(tried(version(2, 90), FIRST, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereverWhoSpreadsItDiesTheHistoryTellsWhetherAllObeyedIt(boolean asksAgain) {
        boolean died = true;
        for (int at = 0; died; at++) {
            deploy();
            tryOut();
            died = Calls.dies(
                    tables.client(), at, client -> publications(client).spread(2, SPREAD));

            boolean all = obeyed().equals(List.of(90L, 90L, 90L));
            if (!all) {
                assertThat(obeyed()).as("death at " + at).containsExactly(90L, 100L, 100L);
            }
            if (asksAgain) {
                assertThat(publications().spread(2, SPREAD)).isInstanceOf(Spreading.Done.class);
            }
            publications().publish(version(3, 80));
            assertThat(kept(2).isOnlyTried()).as("death at " + at).isEqualTo(!all && !asksAgain);
        }
    }

    /** The change read what the rest obeyed; what all obey when it is written must not be lost with it. */
    @Test
    void aSpreadThatIsDoneIsNotUndoneByAChangeInWhateverOrderTheirCallsCome() {
        for (List<Integer> order : Calls.everyOrder(4, 4)) {
            deploy();
            tryOut();
            Spreading[] spread = new Spreading[1];
            Calls.interleave(
                    tables.client(),
                    order,
                    List.of(client -> spread[0] = publications(client).spread(2, SPREAD), TrialsTest::half));
            boolean done = spread[0] instanceof Spreading.Done;

            InForce now = publications().inForce();
            assertThat(now.version()).as("order " + order).isEqualTo(3);
            assertThat(isHalf(now.rule())).as("order " + order).isTrue();
            assertThat(now.rule().peak()).as("order " + order).isEqualTo(done ? 90 : 100);
            assertThat(kept(2).isOnlyTried()).as("order " + order).isEqualTo(!done);
        }
    }

    @Test
    void whoPublishesIsToldWhatWasReallyReplacedInWhateverOrderTheirCallsAndASpreadsCome() {
        for (List<Integer> order : Calls.everyOrder(4, 4)) {
            deploy();
            tryOut();
            Outcome[] published = new Outcome[1];
            Calls.interleave(
                    tables.client(),
                    order,
                    List.of(
                            client -> publications(client).spread(2, SPREAD),
                            client -> published[0] = publications(client).publish(version(3, 80))));

            boolean spread = !kept(2).isOnlyTried();
            if (published[0] instanceof Outcome.Published(PublishedRule _, RoutingRule before)) {
                assertThat(before.peak()).as("order " + order).isEqualTo(spread ? 90 : 100);
                assertThat(obeyed()).as("order " + order).containsExactly(80L, 80L, 80L);
            } else {
                assertThat(published[0]).as("order " + order).isEqualTo(new Outcome.Overtaken(2));
                assertThat(obeyed()).as("order " + order).containsExactly(90L, 90L, 90L);
            }
        }
    }

    @Test
    void ofTwoWhoSpreadItOneIsOnRecordAndBothAreToldSoInWhateverOrderTheirCallsCome() {
        for (List<Integer> order : Calls.everyOrder(3, 3)) {
            deploy();
            tryOut();
            Spreading[] spread = new Spreading[2];
            Calls.interleave(
                    tables.client(),
                    order,
                    List.of(
                            client -> spread[0] = publications(client).spread(2, SPREAD),
                            client -> spread[1] = publications(client).spread(2, new Spread(NOW, "op_3", "as well"))));

            assertThat(spread[0])
                    .as("order " + order)
                    .isInstanceOf(Spreading.Done.class)
                    .isEqualTo(spread[1]);
            assertThat(spread[0]).as("order " + order).isEqualTo(new Spreading.Done(kept(2), TOPOLOGY));
        }
    }
}
