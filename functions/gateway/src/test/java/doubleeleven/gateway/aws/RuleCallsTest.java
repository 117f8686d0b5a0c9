package doubleeleven.gateway.aws;

import static doubleeleven.gateway.aws.OperatorsRoom.NOW;
import static doubleeleven.gateway.aws.OperatorsRoom.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.routing.Feature;
import doubleeleven.routing.Flow;
import doubleeleven.routing.Flows;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.RuleDocument;
import doubleeleven.testkit.LocalTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The routing rule as operators see and publish it. */
class RuleCallsTest {
    private static final String RULE = "/operations/routing-rule";
    private static final String REASON = "more weight for the new release";

    private static OperatorsRoom room;

    @BeforeAll
    static void open() {
        room = new OperatorsRoom();
    }

    @AfterAll
    static void close() {
        room.close();
    }

    @BeforeEach
    void deploy() {
        room.clear();
        room.inForce(RoutingDocument.read(Deployment.TOPOLOGY), NOW.minusSeconds(3600));
    }

    private static void put(Map<String, AttributeValue> item) {
        room.tables
                .client()
                .putItem(request -> request.tableName(LocalTables.CONTROL).item(item));
    }

    /** As a gateway in us-east-1 obeys it. */
    private static RoutingRule inForce() {
        return obeyed("us-east-1", 0);
    }

    private static RoutingRule obeyed(String region, int drawn) {
        return new DynamoDbRules(room.tables.client(), LocalTables.CONTROL, first -> first.includes(region, drawn))
                .get()
                .orElseThrow();
    }

    /** Everything in the table, to see that nothing changed. */
    private static List<Map<String, AttributeValue>> table() {
        return room.tables
                .client()
                .scan(request -> request.tableName(LocalTables.CONTROL))
                .items();
    }

    /** The deployed document, with each of one unit's fields replaced that are given. */
    private static Map<String, Object> document(int index, Map<String, Object> fields) {
        Map<String, Object> document = RuleDocument.of(RoutingDocument.read(Deployment.TOPOLOGY));
        List<Map<String, Object>> units = new ArrayList<>(Json.objects(document, "units"));
        Map<String, Object> unit = new LinkedHashMap<>(units.get(index));
        unit.putAll(fields);
        units.set(index, unit);
        document.put("units", units);
        return document;
    }

    private static Map<String, Object> withShard32AtRz03() {
        Map<String, Object> document = document(0, Map.of("shards", List.of("00-31", "33-33")));
        List<Map<String, Object>> units = new ArrayList<>(Json.objects(document, "units"));
        units.set(
                2,
                Json.objects(document(2, Map.of("shards", List.of("32-32", "67-99"))), "units")
                        .get(2));
        document.put("units", units);
        return document;
    }

    private static Map<String, Object> weights(int a) {
        return document(0, Map.of("colours", Map.of("a", a, "b", 100 - a)));
    }

    private static Map<String, Object> publication(Map<String, Object> document, long expected) {
        return Map.of("document", document, "expectedVersion", expected, "reason", REASON);
    }

    private static Map<String, Object> dry(Map<String, Object> publication) {
        Map<String, Object> dry = new LinkedHashMap<>(publication);
        dry.put("dryRun", true);
        return dry;
    }

    private static Reply publish(int a, long expected) {
        return room.post(RULE, publication(weights(a), expected));
    }

    private static Map<String, Object> rollback(long to, long expected) {
        return Map.of("toVersion", to, "expectedVersion", expected, "reason", "the new release is broken");
    }

    // Reading.

    @Test
    void theRuleInForceIsShownWithItsRecordAndWhatThePeakAsksOfEachUnit() {
        Reply reply = room.get(RULE);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body())
                .containsEntry("version", 1)
                .containsEntry("publishedBy", "deployment")
                .containsEntry("publishedAt", NOW.minusSeconds(3600).toString())
                .doesNotContainKey("restores");
        assertThat(reply.body().get("document")).isEqualTo(Json.object(Json.write(weights(100))));
        assertThat(Json.objects(reply.body(), "loads"))
                .extracting(load -> load.get("unit") + " " + load.get("lost") + " " + load.get("needed") + " "
                        + load.get("available"))
                .containsExactly(
                        "RZ01 null 34 70",
                        "RZ02 null 33 70",
                        "RZ03 null 33 70",
                        "RZ02 RZ01 67 70",
                        "RZ03 RZ02 66 70",
                        "RZ01 RZ03 67 70");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "99999999", "123456789", "one", "-1"})
    void aVersionThatNobodyPublishedIsNotFound(String version) {
        assertThat(room.get(RULE + "/versions/" + version).slug()).isEqualTo("not-found");
    }

    @Test
    void beforeTheFirstDeploymentThereIsNoRule() {
        room.clear();

        assertThat(room.get(RULE).slug()).isEqualTo("not-found");
        assertThat(Json.objects(room.get(RULE + "/versions").body(), "versions"))
                .isEmpty();
    }

    @Test
    void aRuleFromBeforeCapacitiesWereKeptIsReplacedByOneThatStatesThem() {
        RoutingRule old = RoutingDocument.read(Deployment.TOPOLOGY.replaceAll("\"(peak|capacity)\": \\d+, ", ""));
        Map<String, AttributeValue> item =
                new LinkedHashMap<>(RuleItems.item(RuleItems.CURRENT, PublishedRule.deployed(old, null)));
        item.keySet().removeAll(List.of("publishedBy", "reason"));
        put(item);

        Reply published = publish(50, 1);

        assertThat(published.status()).isEqualTo(201);
        assertThat(Json.child(published.body(), "diff"))
                .containsEntry("peak", Map.of("from", 0, "to", 100))
                .hasEntrySatisfying(
                        "units", units -> assertThat(units.toString()).contains("capacity={from=0, to=70}"));
    }

    // Publishing.

    @Test
    void aPublicationIsInForceAtOnceOnRecordAndAnsweredWithWhatChanged() {
        Reply reply = publish(20, 1);

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body())
                .containsEntry("version", 2)
                .containsEntry("publishedBy", OPERATOR)
                .containsEntry("publishedAt", NOW.toString())
                .containsEntry("reason", REASON);
        assertThat(Json.child(reply.body(), "diff"))
                .isEqualTo(Map.of(
                        "from",
                        1,
                        "to",
                        2,
                        "shards",
                        List.of(),
                        "units",
                        List.of(Map.of(
                                "unit", "RZ01",
                                "change", "CHANGED",
                                "colours",
                                        Map.of(
                                                "from", Map.of("a", 100, "b", 0),
                                                "to", Map.of("a", 20, "b", 80)))),
                        "flows",
                        List.of(),
                        "switches",
                        List.of()));
        assertThat(inForce().version()).isEqualTo(2);
        assertThat(inForce().unit("RZ01").colours()).isEqualTo(Map.of("a", 20, "b", 80));
        assertThat(room.get(RULE).body()).containsEntry("version", 2).containsEntry("reason", REASON);
        assertThat(room.get(RULE + "/versions/1").body()).containsEntry("publishedBy", "deployment");
        assertThat(room.get(RULE + "/versions/2").body()).containsEntry("publishedBy", OPERATOR);
    }

    @Test
    void limitsAndSwitchesArePublishedToldAndTakenBack() {
        Map<String, Object> document = document(0, Map.of());
        Map<String, Object> limit = Map.of("ratePerSecond", 5, "burst", 9);
        document.put(
                "flows",
                Map.of(
                        "environments",
                        4,
                        "unit",
                        limit,
                        "merchants",
                        List.of(Map.of("merchant", "tea", "ratePerSecond", 5, "burst", 9))));
        document.put("switches", Map.of("coupons", "OFF", "instalments", "ON"));

        Reply published = room.post(RULE, publication(document, 1));

        assertThat(published.status()).isEqualTo(201);
        Map<String, Object> diff = Json.child(published.body(), "diff");
        assertThat(diff)
                .containsEntry("environments", Map.of("from", 1, "to", 4))
                .containsEntry(
                        "flows",
                        List.of(Map.of("limit", "merchants.tea", "to", limit), Map.of("limit", "unit", "to", limit)))
                .containsEntry("switches", List.of(Map.of("feature", "coupons", "to", "OFF")));
        assertThat(inForce().flows().ofUnit("RZ03")).isEqualTo(new Flow(5, 9));
        assertThat(inForce().switchedOff()).containsExactly(Feature.COUPONS);
        assertThat(Json.child(Json.child(room.get(RULE).body(), "document"), "switches"))
                .isEqualTo(Map.of("coupons", "OFF"));

        assertThat(room.post(RULE + "/rollback", rollback(1, 2)).status()).isEqualTo(201);
        assertThat(inForce().flows()).isEqualTo(Flows.NONE);
        assertThat(inForce().switchedOff()).isEmpty();
    }

    @Test
    void aLimitThatIsWrongIsRefusedByFieldWithWhatWouldBeRight() {
        Map<String, Object> document = document(0, Map.of());
        document.put("flows", Map.of("environments", 4, "unit", Map.of("ratePerSecond", 71, "burst", 9)));

        Reply refused = room.post(RULE, publication(document, 1));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.wrongFields()).containsExactly("document.flows.unit.ratePerSecond");
        assertThat(inForce().version()).isEqualTo(1);
    }

    @Test
    void shardsThatMoveAreToldInRanges() {
        Map<String, Object> document = withShard32AtRz03();

        Reply reply = room.post(RULE, publication(document, 1));

        assertThat(reply.status()).isEqualTo(201);
        assertThat(Json.child(reply.body(), "diff").get("shards"))
                .isEqualTo(List.of(Map.of("shards", "32-32", "from", "RZ01", "to", "RZ03")));
        assertThat(inForce().owners().get(32)).isEqualTo("RZ03");
    }

    @Test
    void aDryRunSaysWhatWouldChangeAndChangesNothing() {
        List<Map<String, AttributeValue>> before = table();

        Reply reply = room.post(RULE, dry(publication(weights(20), 1)));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).containsEntry("version", 2).doesNotContainKeys("publishedAt", "publishedBy");
        assertThat(Json.objects(Json.child(reply.body(), "diff"), "units")).hasSize(1);
        assertThat(Json.objects(reply.body(), "loads")).hasSize(6);
        assertThat(table()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 99})
    void whoExpectsAnotherVersionIsToldWhichOneIsInForce(long expected) {
        publish(20, 1);
        List<Map<String, AttributeValue>> before = table();

        for (Reply reply : List.of(
                publish(30, expected),
                room.post(RULE, dry(publication(weights(30), expected))),
                expected == 1 ? publish(30, 1) : room.post(RULE + "/rollback", rollback(1, expected)))) {
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.slug()).isEqualTo("rule-changed");
            assertThat(reply.number("currentVersion")).isEqualTo(2);
        }
        assertThat(table()).isEqualTo(before);
    }

    @Test
    void theSameCallOnceMoreGetsTheSameAnswerWhateverWasPublishedSince() {
        Map<String, Object> first = publish(20, 1).body();
        room.at(NOW.plusSeconds(60));
        assertThat(publish(20, 1).body()).isEqualTo(first);
        publish(30, 2);

        Reply again = publish(20, 1);

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first);
        assertThat(inForce().version()).isEqualTo(3);
    }

    @Test
    void whatIsInForceIsNotPublishedAgain() {
        assertThat(publish(100, 1).slug()).isEqualTo("nothing-to-do");
        assertThat(inForce().version()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name     | \"RZ09\"            | document.units[0].name      | deployed: RZ01, RZ02, RZ03",
                "name     | \"RZ02\"            | document.units[1].name      | RZ02 is there already",
                "region   | \"us-east-2\"       | document.units[0].region    | must be us-east-1",
                "standby  | \"RZ09\"            | document.units[0].standby   | another unit",
                "standby  | \"RZ01\"            | document.units[0].standby   | another unit",
                "colours  | {\"a\":90,\"b\":9}  | document.units[0].colours   | sum to 100",
                "colours  | {\"a\":90,\"c\":10} | document.units[0].colours.c | not known",
                "shards   | [\"00-32\"]         | document.units              | nobody owns 33-33",
                "shards   | [\"00-40\"]         | document.units[1].shards[0] | must leave out 34-40",
                "shards   | [\"33-00\"]         | document.units[0].shards[0] | must not end before it begins",
                "shards   | [0]                 | document.units[0].shards[0] | 00-33",
                "capacity | 66                  | document.units[0].capacity  | must be 67 or more",
                "capacity | 0                   | document.units[0].capacity  | from 1 to 10000000",
                "weight   | 1                   | document.units[0].weight    | not known"
            })
    void aDocumentThatIsWrongIsRefusedByFieldWithWhatWouldBeRightAndChangesNothing(
            String field, String value, String wrong, String message) {
        List<Map<String, AttributeValue>> before = table();
        Map<String, Object> document =
                document(0, Map.of(field, Json.object("{\"x\":" + value + "}").get("x")));

        for (Map<String, Object> body : List.of(publication(document, 1), dry(publication(document, 1)))) {
            Reply reply = room.post(RULE, body);

            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.wrongFields()).contains(wrong);
            assertThat(reply.body().get("errors").toString()).contains(message);
        }
        assertThat(table()).isEqualTo(before);
    }

    @Test
    void aColourThatNobodyDeployedIsRefusedByName() {
        Reply reply = room.post(RULE, publication(document(1, Map.of("colours", Map.of("a", 50, "b", 50))), 1));

        assertThat(reply.wrongFields()).containsExactly("document.units[1].colours.b");
    }

    @Test
    void aLossThatNobodyCouldCarryIsRefusedWithUnitStandbyNeededAndAvailable() {
        Reply reply = room.post(RULE, publication(document(1, Map.of("capacity", 66)), 1));

        assertThat(Json.objects(reply.body(), "errors"))
                .containsExactly(Map.of(
                        "field",
                        "document.units[1].capacity",
                        "message",
                        "must be 67 or more: should RZ01 be lost, its standby RZ02 has to carry 67 payments a"
                                + " second of the peak of 100 and is provisioned for 66"));
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(room.post(RULE, Map.of()).wrongFields())
                .containsExactlyInAnyOrder("document", "expectedVersion", "reason");
        assertThat(room.post(RULE + "/rollback", Map.of()).wrongFields())
                .containsExactlyInAnyOrder("toVersion", "expectedVersion", "reason");
        assertThat(room.post(RULE + "/spread", Map.of()).wrongFields())
                .containsExactlyInAnyOrder("expectedVersion", "reason");
    }

    @Test
    void onlyOperatorsSeeAndPublishTheRule() {
        room.key("m1", Role.MERCHANT, "m1");
        for (String path : List.of("", "/versions", "/versions/1", "/diff?from=1&to=1")) {
            assertThat(room.call("GET", RULE + path, null, "m1").slug()).isEqualTo("forbidden");
        }
        String body = Json.write(publication(weights(20), 1));
        assertThat(room.call("POST", RULE, body, "m1").slug()).isEqualTo("forbidden");
        assertThat(room.call("POST", RULE, body, "nobody").slug()).isEqualTo("unauthorized");
        assertThat(room.call("POST", RULE + "/rollback", Json.write(rollback(1, 2)), "m1")
                        .slug())
                .isEqualTo("forbidden");
        assertThat(room.call("POST", RULE + "/spread", "{\"expectedVersion\":1,\"reason\":\"x\"}", "m1")
                        .slug())
                .isEqualTo("forbidden");
        assertThat(inForce().version()).isEqualTo(1);
    }

    // Some gateways first.

    private static Map<String, Object> first(Map<String, Object> publication, Object first) {
        Map<String, Object> body = new LinkedHashMap<>(publication);
        body.put("first", first);
        return body;
    }

    private static final Map<String, Object> A_TENTH = Map.of("region", "us-west-2", "percent", 10);

    private static Reply publishFirst(int a, long expected) {
        return room.post(RULE, first(publication(weights(a), expected), A_TENTH));
    }

    private static Reply spread(long expected) {
        return room.post(RULE + "/spread", Map.of("expectedVersion", expected, "reason", "nothing got worse"));
    }

    /** What b is given by the last gateway that is among the first, by the first one that is not, and in another Region. */
    private static List<Integer> weightsOfB() {
        return List.of(obeyed("us-west-2", 9), obeyed("us-west-2", 10), obeyed("us-east-1", 0)).stream()
                .map(rule -> rule.unit("RZ01").colours().get("b"))
                .toList();
    }

    @Test
    void aVersionForSomeIsObeyedByThemAloneAndShownWithWhoTheyAreAndWhatTheRestObeys() {
        Reply published = publishFirst(20, 1);

        assertThat(published.status()).isEqualTo(201);
        assertThat(published.body())
                .containsEntry("version", 2)
                .containsEntry("first", A_TENTH)
                .containsEntry("rest", Map.of("version", 1));
        assertThat(weightsOfB()).containsExactly(80, 0, 0);
        Map<String, Object> shown = room.get(RULE).body();
        assertThat(shown)
                .containsEntry("version", 2)
                .containsEntry("first", A_TENTH)
                .containsEntry("document", Json.object(Json.write(weights(20))))
                .containsEntry("rest", Map.of("version", 1, "document", Json.object(Json.write(weights(100)))))
                .doesNotContainKey("spread");
        assertThat(room.get(RULE + "/versions/2").body())
                .containsEntry("document", Json.object(Json.write(weights(20))))
                .containsEntry("rest", Map.of("version", 1));
        assertThat(Json.objects(room.get(RULE + "/versions").body(), "versions").getFirst())
                .containsEntry("first", A_TENTH);
    }

    @Test
    void aSpreadGivesItToAllAndStaysOnRecordAndIsAnsweredTheSameAgain() {
        publishFirst(20, 1);
        room.at(NOW.plusSeconds(600));
        Reply spread = spread(2);

        assertThat(spread.status()).isEqualTo(200);
        assertThat(weightsOfB()).containsExactly(80, 80, 80);
        Map<String, Object> record =
                Map.of("at", NOW.plusSeconds(600).toString(), "by", OPERATOR, "reason", "nothing got worse");
        assertThat(spread.body())
                .containsEntry("version", 2)
                .containsEntry("publishedAt", NOW.toString())
                .containsEntry("spread", record);
        assertThat(Json.objects(Json.child(spread.body(), "diff"), "units").toString())
                .contains("from={a=100, b=0}, to={a=20, b=80}");
        room.at(NOW.plusSeconds(900));
        assertThat(spread(2).body()).isEqualTo(spread.body());
        assertThat(room.get(RULE).body()).containsEntry("spread", record).containsEntry("rest", Map.of("version", 1));
        publish(30, 2);
        assertThat(room.get(RULE + "/versions/2").body()).containsEntry("spread", record);
        assertThat(spread(2).number("currentVersion")).isEqualTo(3);
    }

    @Test
    void onlyTheVersionInForceIsSpreadAndOnlyOneThatSomeObey() {
        assertThat(spread(1).slug()).isEqualTo("nothing-to-do");
        publishFirst(20, 1);

        Reply late = spread(1);

        assertThat(late.status()).isEqualTo(409);
        assertThat(late.slug()).isEqualTo("rule-changed");
        assertThat(late.number("currentVersion")).isEqualTo(2);
        assertThat(weightsOfB()).containsExactly(80, 0, 0);
    }

    @Test
    void aRollbackToWhatTheRestObeysWithdrawsItFromAll() {
        publishFirst(20, 1);

        Reply reply = room.post(RULE + "/rollback", rollback(1, 2));

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body()).containsEntry("version", 3).doesNotContainKeys("first", "rest");
        assertThat(Json.objects(Json.child(reply.body(), "diff"), "units"))
                .as("for the rest nothing changes")
                .isEmpty();
        assertThat(Json.child(reply.body(), "diff")).containsEntry("from", 1).containsEntry("to", 3);
        assertThat(weightsOfB()).containsExactly(0, 0, 0);
        assertThat(room.get(RULE).body()).doesNotContainKeys("first", "rest");
    }

    @Test
    void aDryRunSaysWhoWouldObeyItFirstAndChangesNothing() {
        List<Map<String, AttributeValue>> before = table();

        Reply reply = room.post(RULE, first(dry(publication(weights(20), 1)), A_TENTH));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).containsEntry("version", 2).containsEntry("first", A_TENTH);
        assertThat(table()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"percent\":10}                                | first.region  | a Region such as us-east-1",
                "{\"region\":\"us-west-2\"}                      | first.percent | from 1 to 100",
                "{\"region\":\"us-west-2\",\"percent\":0}        | first.percent | from 1 to 100",
                "{\"region\":\"us-west-2\",\"percent\":101}      | first.percent | from 1 to 100",
                "{\"region\":\"eu-west-1\",\"percent\":10}       | first.region  | deployed: us-east-1, us-east-2, us-west-2",
                "{\"region\":\"us-west-2\",\"percent\":1,\"a\":1} | first.a       | not known",
                "10                                              | first         | must be an object"
            })
    void whoIsToObeyItFirstIsRefusedByFieldWithWhatWouldBeRight(String first, String wrong, String message) {
        List<Map<String, AttributeValue>> before = table();
        Object value = Json.object("{\"x\":" + first + "}").get("x");

        Reply reply = room.post(RULE, first(publication(weights(20), 1), value));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.wrongFields()).containsExactly(wrong);
        assertThat(reply.body().get("errors").toString()).contains(message);
        assertThat(table()).isEqualTo(before);
    }

    @Test
    void whoServesWhomIsForAllAtOnceAndTheRefusalSaysWhatIs() {
        Map<String, Object> document = withShard32AtRz03();
        document.put("switches", Map.of("automaticFailover", "OFF"));
        List<Map<String, AttributeValue>> before = table();

        for (Map<String, Object> body : List.of(publication(document, 1), dry(publication(document, 1)))) {
            Reply reply = room.post(RULE, first(body, A_TENTH));

            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.wrongFields()).containsExactly("first");
            assertThat(reply.body().get("errors").toString())
                    .contains(
                            "must be left out, for a shard has one owner at a time",
                            "shards 32-32 go from RZ01 to RZ03; automaticFailover, which watchers obey");
        }
        assertThat(table()).isEqualTo(before);
    }

    // History.

    @Test
    void theHistoryIsListedNewestFirstInPages() {
        for (int version = 2; version <= 5; version++) {
            publish(version, version - 1);
        }

        Reply first = room.get(RULE + "/versions?limit=2");
        Reply second = room.get(RULE + "/versions?limit=2&next=" + first.number("next"));
        Reply third = room.get(RULE + "/versions?limit=2&next=" + second.number("next"));

        assertThat(versions(first)).containsExactly(5, 4);
        assertThat(versions(second)).containsExactly(3, 2);
        assertThat(versions(third)).containsExactly(1);
        assertThat(third.body()).doesNotContainKey("next");
        assertThat(versions(room.get(RULE + "/versions"))).containsExactly(5, 4, 3, 2, 1);
        assertThat(Json.objects(first.body(), "versions").getFirst())
                .isEqualTo(
                        Map.of("version", 5, "publishedAt", NOW.toString(), "publishedBy", OPERATOR, "reason", REASON));
    }

    private static List<Object> versions(Reply reply) {
        return Json.objects(reply.body(), "versions").stream()
                .map(version -> version.get("version"))
                .toList();
    }

    @Test
    void anyTwoVersionsAreComparedEitherWay() {
        publish(20, 1);
        publish(30, 2);

        assertThat(Json.objects(room.get(RULE + "/diff?from=1&to=3").body(), "units")
                        .toString())
                .contains("from={a=100, b=0}, to={a=30, b=70}");
        assertThat(Json.objects(room.get(RULE + "/diff?from=3&to=2").body(), "units")
                        .toString())
                .contains("from={a=30, b=70}, to={a=20, b=80}");
        assertThat(Json.objects(room.get(RULE + "/diff?from=2&to=2").body(), "units"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "diff?from=1&to=2, to",
        "diff?from=9&to=1, from",
        "diff?from=1, to",
        "diff?from=0&to=1, from",
        "diff?from=one&to=1, from",
        "diff?from=1&to=1&by=unit, by",
        "versions?limit=0, limit",
        "versions?limit=101, limit",
        "versions?next=0, next",
        "versions?since=1, since",
        "versions/1?full=yes, full"
    })
    void aWrongParameterIsNamed(String address, String parameter) {
        Reply reply = room.get(RULE + "/" + address);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.wrongFields()).containsExactly(parameter);
    }

    // Rolling back.

    @Test
    void aRollbackIsANewVersionThatSaysWhatTheEarlierOneSaid() {
        publish(20, 1);
        publish(30, 2);

        Reply reply = room.post(RULE + "/rollback", rollback(2, 3));

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body())
                .containsEntry("version", 4)
                .containsEntry("restores", 2)
                .containsEntry("reason", "the new release is broken");
        assertThat(inForce()
                        .saysTheSameAs(new DynamoDbRuleHistory(room.tables.client(), LocalTables.CONTROL)
                                .kept(2)
                                .orElseThrow()
                                .rule()))
                .isTrue();
        assertThat(Json.objects(room.get(RULE + "/versions").body(), "versions").getFirst())
                .containsEntry("restores", 2);
        assertThat(room.post(RULE + "/rollback", rollback(2, 3)).body())
                .as("the same call once more")
                .isEqualTo(reply.body());
        assertThat(room.post(RULE + "/rollback", rollback(2, 4)).slug()).isEqualTo("nothing-to-do");
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "3, 2", "9, 2"})
    void onlyAnEarlierVersionIsRolledBackTo(long to, long expected) {
        publish(20, 1);

        Reply reply = room.post(RULE + "/rollback", rollback(to, expected));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.wrongFields()).containsExactly("toVersion");
        assertThat(inForce().version()).isEqualTo(2);
    }

    @Test
    void anEarlierVersionIsHeldToWhatIsDeployedToday() {
        RoutingRule old =
                RoutingDocument.read(Deployment.TOPOLOGY.replace("RZ03", "RZ04").replaceAll("\"peak\": \\d+, ", ""));
        put(RuleItems.item(RuleItems.CURRENT, PublishedRule.deployed(old, NOW)));
        publish(20, 1);

        Reply reply = room.post(RULE + "/rollback", rollback(1, 2));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.wrongFields()).containsExactly("toVersion");
        assertThat(reply.body().get("errors").toString())
                .contains("peak must be an integer from 1", "units[2].name must be one of the units that are deployed");
        assertThat(inForce().version()).isEqualTo(2);
    }
}
