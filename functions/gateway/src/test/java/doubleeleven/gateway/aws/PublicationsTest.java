package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.operations.Publications;
import doubleeleven.gateway.operations.Publications.Outcome;
import doubleeleven.routing.InForce;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.testkit.Calls;
import doubleeleven.testkit.LocalTables;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** Versions of the routing rule in the control table: each is one rule, whoever dies, races or repeats. */
class PublicationsTest {
    private static final Instant NOW = Instant.parse("2026-11-11T00:00:00.123Z");
    private static final RoutingRule TOPOLOGY = RoutingDocument.read(Deployment.TOPOLOGY);
    private static final PublishedRule FIRST = PublishedRule.deployed(TOPOLOGY, NOW);

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
        Deployment.firstRule(tables, FIRST);
    }

    private static void put(Map<String, AttributeValue> item) {
        tables.client()
                .putItem(request -> request.tableName(LocalTables.CONTROL).item(item));
    }

    private static Publications publications() {
        return publications(tables.client());
    }

    private static Publications publications(DynamoDbClient client) {
        return new Publications(new DynamoDbRuleHistory(client, LocalTables.CONTROL));
    }

    /** What a gateway reads there that drew that number. */
    private static DynamoDbRules gateway(String region, int drawn) {
        return new DynamoDbRules(tables.client(), LocalTables.CONTROL, first -> first.includes(region, drawn));
    }

    /** A rule that differs from every other with another peak. */
    private static PublishedRule version(long version, long peak) {
        return new PublishedRule(
                new RoutingRule(version, peak, TOPOLOGY.owners(), TOPOLOGY.units()),
                NOW.plusSeconds(version),
                "op_1",
                "a peak of " + peak,
                null);
    }

    private static void publish(long version, long peak) {
        assertThat(publications().publish(version(version, peak))).isInstanceOf(Outcome.Published.class);
    }

    /** Every version's peak, as items and readers know them; fails where they contradict one another or leave one out. */
    private static List<Long> peaks() {
        InForce current = publications().current().orElseThrow();
        List<PublishedRule> history = publications().upTo(Long.MAX_VALUE, 100).rules();
        assertThat(history)
                .extracting(PublishedRule::version)
                .as("every version, the newest first")
                .containsExactlyElementsOf(LongStream.iterate(current.version(), version -> version >= 1, v -> v - 1)
                        .boxed()
                        .toList());
        for (Map<String, AttributeValue> item : items("RULE")) {
            PublishedRule there = RuleItems.read(item);
            assertThat(there).as("%s", item.get("sk")).isEqualTo(history.get((int)
                    (current.version() - there.version())));
            assertThat(publications().find(there.version())).contains(there);
        }
        return history.reversed().stream()
                .map(published -> published.rule().peak())
                .toList();
    }

    private static List<Map<String, AttributeValue>> items(String partition) {
        return tables.client().scan(request -> request.tableName(LocalTables.CONTROL)).items().stream()
                .filter(item -> Values.text(item, "pk").startsWith(partition))
                .toList();
    }

    /** Versions of the rule that units obey, of which there are two while a publication is under way. */
    private static Set<String> routed() {
        return items("ROUTE#").stream().map(item -> item.get("version").n()).collect(Collectors.toSet());
    }

    @Test
    void aPublicationIsInForceOnRecordAndInTheHistory() {
        assertThat(publications().publish(version(2, 90))).isEqualTo(new Outcome.Published(version(2, 90), TOPOLOGY));

        assertThat(publications().current()).contains(InForce.ofAll(version(2, 90)));
        assertThat(publications().find(1)).contains(FIRST);
        assertThat(publications().find(3)).isEmpty();
        assertThat(peaks()).containsExactly(100L, 90L);
        assertThat(items("ROUTE#")).hasSize(100);
        assertThat(routed()).containsExactly("2");
        assertThat(gateway("us-east-1", 0).get())
                .as("what gateways read")
                .contains(version(2, 90).rule());
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 4, 9})
    void whoExpectsAnotherVersionThanTheOneInForceIsToldWhichOneItIsAndChangesNothing(long version) {
        publish(2, 90);

        assertThat(publications().publish(version(version, 80))).isEqualTo(new Outcome.Overtaken(2));

        assertThat(peaks()).containsExactly(100L, 90L);
    }

    @Test
    void whatIsInForceIsNotPublishedAgain() {
        assertThat(publications().publish(version(2, 100))).isEqualTo(new Outcome.Unchanged(1));

        assertThat(peaks()).containsExactly(100L);
    }

    @Test
    void theSamePublicationOnceMoreHasTheSameOutcomeAlsoWhenOthersWereMadeSince() {
        Outcome first = publications().publish(version(2, 90));
        assertThat(publications().publish(version(2, 90))).isEqualTo(first);
        publish(3, 80);
        publish(4, 70);

        assertThat(publications().publish(version(2, 90))).isEqualTo(first);

        assertThat(peaks()).containsExactly(100L, 90L, 80L, 70L);
    }

    @Test
    void aWriteWhoseAnswerIsLostCountsOnce() {
        DynamoDbClient repeating = (DynamoDbClient) Proxy.newProxyInstance(
                DynamoDbClient.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, args) -> {
                    try {
                        if (args != null && args[0] instanceof PutItemRequest) {
                            method.invoke(tables.client(), args);
                        }
                        return method.invoke(tables.client(), args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });

        assertThat(publications(repeating).publish(version(2, 90)))
                .isEqualTo(new Outcome.Published(version(2, 90), TOPOLOGY));

        assertThat(peaks()).containsExactly(100L, 90L);
    }

    @Test
    void whereverAPublisherDiesEachVersionIsKnownAndOneRuleAndTheSameCallAgainOrAnothersGoesOn() {
        boolean died = true;
        // The first calls make the version, a hundred more tell the units.
        for (int at = 0; died; at += at < 6 ? 1 : 33) {
            deploy();
            publish(2, 90);

            died = Calls.dies(
                    tables.client(), at, client -> publications(client).publish(version(3, 80)));

            List<Long> left = peaks();
            assertThat(left).as("death at " + at).startsWith(100L, 90L).hasSizeBetween(2, 3);
            boolean published = left.size() == 3;
            // Another one, who saw what is in force now, is not held up.
            long next = publications().inForce().version() + 1;
            publish(next, 60);
            Outcome again = publications().publish(version(3, 80));

            if (published) {
                assertThat(again)
                        .as("death at " + at)
                        .isEqualTo(new Outcome.Published(
                                version(3, 80), version(2, 90).rule()));
                assertThat(peaks()).as("death at " + at).containsExactly(100L, 90L, 80L, 60L);
            } else {
                assertThat(again).as("death at " + at).isEqualTo(new Outcome.Overtaken(3));
                assertThat(peaks()).as("death at " + at).containsExactly(100L, 90L, 60L);
            }
        }
    }

    @Test
    void whoDiedAndTriesAgainFinishesWhatWasBegun() {
        boolean died = true;
        // The first calls make the version, a hundred more tell the units.
        for (int at = 0; died; at += at < 6 ? 1 : 33) {
            deploy();
            died = Calls.dies(
                    tables.client(), at, client -> publications(client).publish(version(2, 90)));

            assertThat(publications().publish(version(2, 90)))
                    .as("death at " + at)
                    .isEqualTo(new Outcome.Published(version(2, 90), TOPOLOGY));

            assertThat(peaks()).as("death at " + at).containsExactly(100L, 90L);
            assertThat(routed()).as("death at " + at).containsExactly("2");
        }
    }

    private static Outcome[] race(List<Integer> order, PublishedRule one, PublishedRule other) {
        Outcome[] outcomes = new Outcome[2];
        Calls.interleave(
                tables.client(),
                order,
                List.of(
                        client -> outcomes[0] = publications(client).publish(one),
                        client -> outcomes[1] = publications(client).publish(other)));
        return outcomes;
    }

    @Test
    void ofTwoThatRaceOneWinsAndTheOtherIsToldTheVersionInForceInWhateverOrderTheirCallsCome() {
        for (List<Integer> order : Calls.everyOrder(4, 4)) {
            deploy();
            Outcome[] outcomes = race(order, version(2, 90), version(2, 80));

            assertThat(outcomes)
                    .as("order " + order)
                    .hasAtLeastOneElementOfType(Outcome.Published.class)
                    .contains(new Outcome.Overtaken(2));
            long won = outcomes[0] instanceof Outcome.Published ? 90 : 80;
            assertThat(peaks()).as("order " + order).containsExactly(100L, won);
        }
    }

    @Test
    void twoWhoWantTheSameGetOneVersion() {
        for (List<Integer> order : Calls.everyOrder(4, 4)) {
            deploy();
            Outcome[] outcomes = race(order, version(2, 90), version(2, 90));

            assertThat(outcomes).as("order " + order).containsOnly(new Outcome.Published(version(2, 90), TOPOLOGY));
            assertThat(peaks()).as("order " + order).containsExactly(100L, 90L);
        }
    }

    @Test
    void manyPublishersMakeVersionsWithoutGapsAndEachOfTheirsIsThereOnce() throws Exception {
        int publishers = 4;
        int each = 8;
        try (ExecutorService executor = Executors.newFixedThreadPool(publishers)) {
            List<Future<?>> all = new ArrayList<>();
            IntStream.range(0, publishers)
                    .forEach(publisher -> all.add(executor.submit(() -> publishMany(1000L * (publisher + 1), each))));
            for (Future<?> one : all) {
                one.get();
            }
        }

        assertThat(peaks()).hasSize(1 + publishers * each).doesNotHaveDuplicates();
    }

    private static void publishMany(long firstPeak, int many) {
        for (long peak = firstPeak; peak < firstPeak + many; peak++) {
            Outcome outcome;
            do {
                outcome =
                        publications().publish(version(publications().inForce().version() + 1, peak));
            } while (!(outcome instanceof Outcome.Published));
        }
    }

    @Test
    void theHistoryComesInPagesTheNewestFirst() {
        for (long version = 2; version <= 6; version++) {
            publish(version, 100 - version);
        }

        Publications.Page first = publications().upTo(Long.MAX_VALUE, 2);
        Publications.Page second = publications().upTo(first.next().orElseThrow(), 2);
        publish(7, 50);
        Publications.Page third = publications().upTo(second.next().orElseThrow(), 2);

        assertThat(first.rules()).extracting(PublishedRule::version).containsExactly(6L, 5L);
        assertThat(second.rules()).extracting(PublishedRule::version).containsExactly(4L, 3L);
        assertThat(third).isEqualTo(new Publications.Page(List.of(version(2, 98), FIRST), Optional.empty()));
    }

    @Test
    void aRuleFromBeforePublicationsWereOnRecordIsKeptLikeAnyOther() {
        tables.clear();
        RoutingRule old = RoutingDocument.read(Deployment.TOPOLOGY.replaceAll("\"(peak|capacity)\": \\d+, ", ""));
        put(Map.of(
                "pk", Values.s("RULE"),
                "sk", Values.s("CURRENT"),
                "version", Values.n(1),
                "document", Values.s(RoutingDocument.write(old))));

        publish(2, 90);

        assertThat(publications().find(1)).contains(PublishedRule.deployed(old, null));
        assertThat(peaks()).containsExactly(0L, 90L);
    }

    @Test
    void aRuleOfALaterReleaseIsNeitherReplacedNorKeptInPart() {
        Map<String, AttributeValue> later = new HashMap<>(RuleItems.item(RuleItems.CURRENT, FIRST));
        later.computeIfPresent(
                "document",
                (name, document) -> Values.s(document.s().replace("\"version\":1", "\"version\":1,\"releases\":[]")));
        put(later);

        assertThatThrownBy(() -> publications().publish(version(2, 90)))
                .hasMessageContaining("more than this release knows");

        assertThat(gateway("us-east-1", 0).get())
                .as("a gateway serves by what it knows of it")
                .contains(TOPOLOGY);
    }
}
