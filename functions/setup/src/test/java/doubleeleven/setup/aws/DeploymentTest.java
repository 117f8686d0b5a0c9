package doubleeleven.setup.aws;

import static doubleeleven.setup.aws.CustomResourceTest.SILENT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.routing.PublishedRule;
import doubleeleven.testkit.LocalTables;
import java.lang.reflect.Proxy;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** What a deployment needs once, on tables. */
class DeploymentTest {
    private static final String FIRST = """
            {"version": 1, "units": [
              {"name": "RZ01", "region": "us-east-1", "standby": "RZ02", "colours": {"a": 100, "b": 0}, "shards": ["00-49"]},
              {"name": "RZ02", "region": "us-east-2", "standby": "RZ01", "colours": {"a": 100}, "shards": ["50-99"]}]}""";
    private static final Instant NOW = Instant.parse("2026-11-11T00:00:00Z");

    private static LocalTables tables;
    private static CloudFormation cloudFormation;

    @BeforeAll
    static void start() {
        tables = LocalTables.start();
        cloudFormation = new CloudFormation();
    }

    @AfterAll
    static void stop() {
        cloudFormation.close();
        tables.close();
    }

    @BeforeEach
    void clear() {
        tables.clear();
    }

    @Test
    void theFirstRuleIsPublishedWithItsHistory() {
        assertThat(publish(FIRST)).containsEntry("Status", "SUCCESS").containsEntry("Data", Map.of("Version", "1"));

        PublishedRule first = PublishedRule.deployed(RoutingDocument.read(FIRST), NOW);
        assertThat(RuleItems.read(rule("CURRENT"))).isEqualTo(first);
        assertThat(RuleItems.read(rule("V#00000001"))).isEqualTo(first);
        assertThat(rule("CURRENT").get("version").n()).isEqualTo("1");
    }

    /** Else a number could name two rules: one that was only kept in the history, and one in force. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aDeploymentThatDiesLeavesNoHistoryThatTheNextOnesRuleContradicts(int writes) {
        AtomicInteger left = new AtomicInteger(writes);
        DynamoDbClient dying = (DynamoDbClient) Proxy.newProxyInstance(
                DynamoDbClient.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, args) -> {
                    if (left.getAndDecrement() == 0) {
                        throw new IllegalStateException("killed");
                    }
                    return method.invoke(tables.client(), args);
                });
        cloudFormation.ask(
                new RoutingRuleHandler(dying, LocalTables.CONTROL, Clock.fixed(NOW, ZoneOffset.UTC), SILENT),
                "Create",
                Map.of("Document", FIRST));

        publish(FIRST.replace("\"a\": 100, \"b\": 0", "\"a\": 0, \"b\": 100"));

        assertThat(rule("CURRENT").get("document").s()).contains(writes == 0 ? "\"b\":100" : "\"b\":0");
        if (!rule("V#00000001").isEmpty()) {
            assertThat(rule("V#00000001").get("document"))
                    .isEqualTo(rule("CURRENT").get("document"));
        }
    }

    /** Traffic was moved meanwhile: a deployment must not move it back. */
    @Test
    void aRuleThatIsThereStaysWhateverTheTopologySays() {
        publish(FIRST);
        Map<String, AttributeValue> moved = Map.of(
                "pk", AttributeValue.fromS("RULE"),
                "sk", AttributeValue.fromS("CURRENT"),
                "version", AttributeValue.fromN("7"),
                "document", AttributeValue.fromS(FIRST.replace("\"version\": 1", "\"version\": 7")));
        tables.client()
                .putItem(request -> request.tableName(LocalTables.CONTROL).item(moved));

        assertThat(publish(FIRST.replace("\"a\": 100, \"b\": 0", "\"a\": 0, \"b\": 100")))
                .containsEntry("Status", "SUCCESS");

        assertThat(rule("CURRENT")).isEqualTo(moved);
        assertThat(rule("V#00000001").get("document").s()).contains("\"a\":100");
    }

    @Test
    void removingTheStackLeavesTheRule() {
        publish(FIRST);

        assertThat(cloudFormation.ask(routingRule(), "Delete", Map.of("Document", FIRST)))
                .containsEntry("Status", "SUCCESS");

        assertThat(rule("CURRENT")).isNotEmpty();
    }

    @Test
    void aRuleThatLeavesAShardWithoutAnOwnerIsNotPublished() {
        assertThat(publish(FIRST.replace("50-99", "51-99"))).containsEntry("Status", "FAILED");

        assertThat(rule("CURRENT")).isEmpty();
        assertThat(rule("V#00000001")).isEmpty();
    }

    @Test
    void theStreamOfAReplicaIsFound() {
        tables.client()
                .createTable(request -> request.tableName("streamed")
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .keySchema(KeySchemaElement.builder()
                                .attributeName("pk")
                                .keyType(KeyType.HASH)
                                .build())
                        .attributeDefinitions(AttributeDefinition.builder()
                                .attributeName("pk")
                                .attributeType(ScalarAttributeType.S)
                                .build())
                        .streamSpecification(StreamSpecification.builder()
                                .streamEnabled(true)
                                .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)
                                .build()));
        try {
            String expected = tables.client()
                    .describeTable(request -> request.tableName("streamed"))
                    .table()
                    .latestStreamArn();

            assertThat(stream("streamed"))
                    .containsEntry("Status", "SUCCESS")
                    .containsEntry("Data", Map.of("StreamArn", expected));
        } finally {
            tables.client().deleteTable(request -> request.tableName("streamed"));
        }
    }

    @Test
    void aReplicaThatNeverComesOrHasNoStreamFailsTheDeploymentInTime() {
        for (String table : new String[] {"absent", LocalTables.PAYMENT}) {
            assertThat(stream(table))
                    .containsEntry("Status", "FAILED")
                    .hasEntrySatisfying(
                            "Reason",
                            reason -> assertThat(String.valueOf(reason))
                                    .contains(table)
                                    .contains("no active replica"));
        }
    }

    @Test
    void anOperatorsKeyIsStoredAsADigestOnly() throws NoSuchAlgorithmException {
        String apiKey = Json.text(CloudFormation.call(operatorKey(), "{}"), "apiKey");
        String id = apiKey.substring(0, apiKey.indexOf('.'));
        String secret = apiKey.substring(apiKey.indexOf('.') + 1);

        assertThat(id).matches("op_[A-Za-z0-9_-]{12}");
        assertThat(Base64.getUrlDecoder().decode(secret)).hasSize(32);
        Map<String, AttributeValue> stored = key(id);
        assertThat(String.valueOf(stored)).doesNotContain(secret);
        assertThat(stored.get("role").s()).isEqualTo("OPERATOR");
        assertThat(stored.get("createdAt").n()).isEqualTo(Long.toString(NOW.toEpochMilli()));
        assertThat(stored.get("hash").s())
                .isEqualTo(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8))));
        assertThat(stored).doesNotContainKey("revokedAt");
    }

    @Test
    void noTwoKeysAreAlike() {
        assertThat(CloudFormation.call(operatorKey(), "{}")).isNotEqualTo(CloudFormation.call(operatorKey(), "{}"));
    }

    @Test
    void aRevokedKeyKeepsTheTimeOfItsFirstRevocation() {
        String apiKey = Json.text(CloudFormation.call(operatorKey(), "{}"), "apiKey");
        String id = apiKey.substring(0, apiKey.indexOf('.'));
        String revoke = Json.write(Map.of("revoke", id));

        assertThat(CloudFormation.call(operatorKey(), revoke)).containsEntry("revoked", true);
        assertThat(CloudFormation.call(operatorKey(NOW.plusSeconds(60)), revoke))
                .containsEntry("revoked", true);

        assertThat(key(id).get("revokedAt").n()).isEqualTo(Long.toString(NOW.toEpochMilli()));
    }

    @Test
    void aKeyThatNobodyHasIsNotRevokedAndNotMade() {
        assertThat(CloudFormation.call(operatorKey(), "{\"revoke\": \"op_unknown\"}"))
                .containsEntry("revoked", false);

        assertThat(key("op_unknown")).isEmpty();
    }

    private static Map<String, Object> publish(String document) {
        return cloudFormation.ask(routingRule(), "Create", Map.of("Document", document));
    }

    private static Map<String, Object> stream(String table) {
        return cloudFormation.ask(
                new ReplicaStreamHandler(tables.client(), SILENT), "Create", Map.of("TableName", table));
    }

    private static RoutingRuleHandler routingRule() {
        return new RoutingRuleHandler(tables.client(), LocalTables.CONTROL, Clock.fixed(NOW, ZoneOffset.UTC), SILENT);
    }

    private static OperatorKeyHandler operatorKey() {
        return operatorKey(NOW);
    }

    private static OperatorKeyHandler operatorKey(Instant now) {
        return new OperatorKeyHandler(tables.client(), LocalTables.PLATFORM, Clock.fixed(now, ZoneOffset.UTC), SILENT);
    }

    private static Map<String, AttributeValue> rule(String sortKey) {
        return item(LocalTables.CONTROL, "RULE", sortKey);
    }

    private static Map<String, AttributeValue> key(String id) {
        return item(LocalTables.PLATFORM, "KEY#" + id, "KEY");
    }

    private static Map<String, AttributeValue> item(String table, String pk, String sk) {
        return tables.client()
                .getItem(request -> request.tableName(table)
                        .consistentRead(true)
                        .key(Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk))))
                .item();
    }
}
