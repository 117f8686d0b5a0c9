package doubleeleven.rig.regions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;

/** Global tables behave as AWS documents them: what the rest of the rig is tested on. */
class GlobalTablesTest {
    private static final String EAST = "us-east-1";
    private static final String OHIO = "us-east-2";
    private static final String WEST = "us-west-2";
    private static final Duration LAG = Duration.ofSeconds(2);
    private static final Path GLOBAL_STACK = Path.of("../../cdk/src/main/java/doubleeleven/cdk/stack/GlobalStack.java");

    private static final ManualClock CLOCK = new ManualClock();
    private static final GlobalTables TABLES = new GlobalTables(
            List.of(EAST, OHIO, WEST), Consistency.DEPLOYED, Distance.of(LAG, Duration.ofMillis(50)), CLOCK);
    private static int items;

    private final String item = "item-" + ++items;

    @AfterAll
    static void close() {
        TABLES.close();
    }

    @BeforeEach
    void everyRegionIsThere() {
        List.of(EAST, OHIO, WEST).forEach(TABLES::restore);
        CLOCK.pass(LAG.multipliedBy(2));
    }

    @Test
    void eachTableIsAsConsistentAsTheGlobalStackDeploysIt() throws Exception {
        Map<String, Consistency> deployed = new HashMap<>();
        Matcher table = Pattern.compile("table\\(\"(\\w+)\",[^;]*?MultiRegionConsistency\\.(\\w+),")
                .matcher(Files.readString(GLOBAL_STACK));
        while (table.find()) {
            deployed.put("double11-" + table.group(1).toLowerCase(Locale.ROOT), Consistency.valueOf(table.group(2)));
        }

        assertThat(deployed).isEqualTo(Consistency.DEPLOYED);
    }

    @Test
    void aStrongReadSeesTheLastWriteOfAnotherRegionAtOnceAndAnyOtherReadLater() {
        set(EAST, LocalTables.ACCOUNT, "first");
        CLOCK.pass(LAG);
        set(EAST, LocalTables.ACCOUNT, "second");

        for (String region : List.of(EAST, OHIO, WEST)) {
            assertThat(get(region, LocalTables.ACCOUNT, true)).isEqualTo("second");
            assertThat(get(region, LocalTables.ACCOUNT, false)).isEqualTo("first");
            assertThat(query(region, LocalTables.ACCOUNT, false)).containsExactly("first");
            assertThat(query(region, LocalTables.ACCOUNT, true)).containsExactly("second");
        }
        CLOCK.pass(LAG);
        assertThat(get(OHIO, LocalTables.ACCOUNT, false)).isEqualTo("second");
    }

    @Test
    void anIndexShowsWhatIsNotThereAnyMoreAndDoesNotYetShowWhatIs() {
        TABLES.in(EAST)
                .updateItem(update -> update.tableName(LocalTables.PAYMENT)
                        .key(Map.of("pk", AttributeValue.fromS(item)))
                        .updateExpression("SET due = :due, dueAt = :at")
                        .expressionAttributeValues(
                                Map.of(":due", AttributeValue.fromS(item), ":at", AttributeValue.fromN("1"))));
        assertThat(due(OHIO)).isZero();
        CLOCK.pass(LAG);
        assertThat(due(OHIO)).isOne();

        TABLES.in(WEST)
                .updateItem(update -> update.tableName(LocalTables.PAYMENT)
                        .key(Map.of("pk", AttributeValue.fromS(item)))
                        .updateExpression("REMOVE due, dueAt"));
        assertThat(due(OHIO)).isOne();
        CLOCK.pass(LAG);
        assertThat(due(OHIO)).isZero();
    }

    @Test
    void aConditionOfAStrongTableIsExaminedOnWhatAnyRegionWroteLast() {
        create(EAST, LocalTables.ACCOUNT);
        CLOCK.pass(Duration.ofMillis(60));

        assertThatThrownBy(() -> create(OHIO, LocalTables.ACCOUNT)).isInstanceOf(ConditionalCheckFailedException.class);
    }

    /** Which is why no money may lie there. */
    @Test
    void aConditionalWriteOnAnEventualTableSucceedsInTwoRegionsAtOnce() {
        create(EAST, LocalTables.FEATURE);
        create(OHIO, LocalTables.FEATURE);

        assertThat(get(EAST, LocalTables.FEATURE, true)).isEqualTo(EAST);
        assertThat(get(OHIO, LocalTables.FEATURE, true)).isEqualTo(OHIO);
        CLOCK.pass(LAG);
        assertThat(List.of(EAST, OHIO, WEST))
                .allSatisfy(region ->
                        assertThat(get(region, LocalTables.FEATURE, true)).isEqualTo(OHIO));
    }

    @Test
    void twoRegionsThatWriteAStrongItemAtOnceCollideAndOneOfThemIsRefused() {
        set(EAST, LocalTables.ACCOUNT, "first");

        assertThatThrownBy(() -> set(OHIO, LocalTables.ACCOUNT, "second"))
                .isInstanceOf(ReplicatedWriteConflictException.class);
        assertThat(get(OHIO, LocalTables.ACCOUNT, true)).isEqualTo("first");
        set(EAST, LocalTables.ACCOUNT, "the same Region's");
        CLOCK.pass(Duration.ofMillis(60));
        set(OHIO, LocalTables.ACCOUNT, "later");
        assertThat(get(EAST, LocalTables.ACCOUNT, true)).isEqualTo("later");
    }

    /** However many writes of it nobody there has looked at yet. */
    @Test
    void whatHasArrivedIsThereWhoeverWritesNext() {
        TABLES.cutOff(WEST);
        for (int i = 1; i <= 8; i++) {
            set(OHIO, LocalTables.FEATURE, "version " + i);
        }
        CLOCK.pass(LAG);
        set(WEST, LocalTables.FEATURE, "by itself");

        assertThat(get(EAST, LocalTables.FEATURE, true)).isEqualTo("version 8");
    }

    @Test
    void theLastWriterWinsAsAWholeAndReplicasConvergeOnceARegionIsBack() {
        set(EAST, LocalTables.FEATURE, "before");
        CLOCK.pass(LAG);
        TABLES.cutOff(EAST);
        set(OHIO, LocalTables.FEATURE, "earlier");
        add(OHIO, "ohio");
        CLOCK.pass(Duration.ofMinutes(1));
        add(EAST, "east");
        CLOCK.pass(LAG);

        assertThat(get(EAST, LocalTables.FEATURE, false)).isEqualTo("before");
        assertThat(get(WEST, LocalTables.FEATURE, false)).isEqualTo("earlier");
        TABLES.restore(EAST);

        for (String region : List.of(EAST, OHIO, WEST)) {
            Map<String, AttributeValue> found = item(region, LocalTables.FEATURE, false);
            assertThat(found.get("value").s()).isEqualTo("before");
            assertThat(found).containsKey("east").doesNotContainKey("ohio");
        }
        assertThat(TABLES.isSettled()).isTrue();
    }

    @Test
    void aRegionThatIsCutOffReadsOldStatesOfStrongTablesAndWritesOnlyEventualOnes() {
        set(OHIO, LocalTables.ACCOUNT, "before");
        CLOCK.pass(LAG);
        TABLES.cutOff(EAST);
        set(OHIO, LocalTables.ACCOUNT, "without it");
        CLOCK.pass(LAG);

        assertThatThrownBy(() -> set(EAST, LocalTables.ACCOUNT, "refused"))
                .isInstanceOf(InternalServerErrorException.class);
        assertThatThrownBy(() -> get(EAST, LocalTables.ACCOUNT, true)).isInstanceOf(InternalServerErrorException.class);
        assertThat(get(EAST, LocalTables.ACCOUNT, false)).isEqualTo("before");
        set(EAST, LocalTables.FEATURE, "written");
        assertThat(get(WEST, LocalTables.ACCOUNT, true)).isEqualTo("without it");
        TABLES.restore(EAST);
        assertThat(get(EAST, LocalTables.ACCOUNT, false)).isEqualTo("without it");
        assertThat(get(WEST, LocalTables.FEATURE, false)).isEmpty();
        CLOCK.pass(LAG);
        assertThat(get(WEST, LocalTables.FEATURE, false)).isEqualTo("written");
    }

    @ParameterizedTest
    @ValueSource(strings = {LocalTables.ACCOUNT, LocalTables.FEATURE})
    void whereARegionIsLostNothingAnswersAndTheOthersGoOn(String table) {
        set(WEST, table, "before");
        CLOCK.pass(LAG);
        TABLES.lose(EAST);

        for (boolean consistent : new boolean[] {true, false}) {
            assertThatThrownBy(() -> get(EAST, table, consistent)).isInstanceOf(InternalServerErrorException.class);
        }
        assertThatThrownBy(() -> set(EAST, table, "refused")).isInstanceOf(InternalServerErrorException.class);
        set(OHIO, table, "without it");
        assertThat(get(OHIO, table, true)).isEqualTo("without it");
    }

    @Test
    void aStrongTableNeedsAMajorityOfTheRegions() {
        set(WEST, LocalTables.ACCOUNT, "before");
        TABLES.lose(EAST);
        TABLES.cutOff(OHIO);

        for (String region : List.of(OHIO, WEST)) {
            assertThatThrownBy(() -> set(region, LocalTables.ACCOUNT, "refused"))
                    .isInstanceOf(InternalServerErrorException.class);
        }
        TABLES.restore(OHIO);
        assertThat(get(OHIO, LocalTables.ACCOUNT, true)).isEqualTo("before");
    }

    @Test
    void whatIsDeletedFromAStrongTableIsGoneOnceThatHasGotThere() {
        set(EAST, LocalTables.ACCOUNT, "there");
        CLOCK.pass(LAG);
        assertThat(get(OHIO, LocalTables.ACCOUNT, false)).isEqualTo("there");

        TABLES.in(EAST)
                .deleteItem(delete -> delete.tableName(LocalTables.ACCOUNT).key(key()));

        assertThat(item(OHIO, LocalTables.ACCOUNT, true)).isEmpty();
        assertThat(get(OHIO, LocalTables.ACCOUNT, false)).isEqualTo("there");
        CLOCK.pass(LAG);
        assertThat(item(OHIO, LocalTables.ACCOUNT, false)).isEmpty();
    }

    /** What is not as in a global table must not look like an answer. */
    @Test
    void aCallThatGlobalTablesDoNotKnowFailsLoudly() {
        DynamoDbClient east = TABLES.in(EAST);

        assertThatThrownBy(() -> east.transactWriteItems(write -> {}))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> east.deleteItem(delete -> delete.tableName(LocalTables.FEATURE)))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> east.getItem(get -> get.tableName("double11-asset")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void set(String region, String table, String value) {
        TABLES.in(region)
                .updateItem(update -> update.tableName(table)
                        .key(key())
                        .updateExpression("SET #value = :value")
                        .expressionAttributeNames(Map.of("#value", "value"))
                        .expressionAttributeValues(Map.of(":value", AttributeValue.fromS(value))));
    }

    private void add(String region, String attribute) {
        TABLES.in(region)
                .updateItem(update -> update.tableName(LocalTables.FEATURE)
                        .key(key())
                        .updateExpression("SET #new = :true")
                        .expressionAttributeNames(Map.of("#new", attribute))
                        .expressionAttributeValues(Map.of(":true", AttributeValue.fromBool(true))));
    }

    private void create(String region, String table) {
        Map<String, AttributeValue> created = new HashMap<>(key());
        created.put("value", AttributeValue.fromS(region));
        TABLES.in(region)
                .putItem(put -> put.tableName(table).item(created).conditionExpression("attribute_not_exists(pk)"));
    }

    private String get(String region, String table, boolean consistent) {
        return value(item(region, table, consistent));
    }

    private Map<String, AttributeValue> item(String region, String table, boolean consistent) {
        return TABLES.in(region)
                .getItem(get -> get.tableName(table).key(key()).consistentRead(consistent))
                .item();
    }

    private List<String> query(String region, String table, boolean consistent) {
        return TABLES
                .in(region)
                .queryPaginator(query -> query.tableName(table)
                        .consistentRead(consistent)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(item))))
                .items()
                .stream()
                .map(GlobalTablesTest::value)
                .toList();
    }

    private int due(String region) {
        return TABLES.in(region)
                .query(query -> query.tableName(LocalTables.PAYMENT)
                        .indexName(LocalTables.DUE_INDEX)
                        .keyConditionExpression("due = :due")
                        .expressionAttributeValues(Map.of(":due", AttributeValue.fromS(item))))
                .count();
    }

    private static String value(Map<String, AttributeValue> item) {
        return item.containsKey("value") ? item.get("value").s() : "";
    }

    private Map<String, AttributeValue> key() {
        return Map.of("pk", AttributeValue.fromS(item), "sk", AttributeValue.fromS("ITEM"));
    }
}
