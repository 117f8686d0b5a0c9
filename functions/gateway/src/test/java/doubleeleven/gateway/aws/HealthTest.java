package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** What a door says of itself to whoever chooses between doors. */
class HealthTest {
    private final ManualClock clock = new ManualClock();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final Deployment gateway = new Deployment(clock, new PrintStream(lines, true, UTF_8));

    @AfterEach
    void remove() {
        gateway.close();
    }

    private Deployment.Reply health() {
        return gateway.call("GET", "/health", null, Map.of());
    }

    private void loseControlTable() {
        gateway.tables.client().deleteTable(request -> request.tableName(LocalTables.CONTROL));
    }

    private void bringControlTableBack() {
        gateway.tables
                .client()
                .createTable(request -> request.tableName(LocalTables.CONTROL)
                        .attributeDefinitions(attribute("pk"), attribute("sk"))
                        .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE))
                        .billingMode(BillingMode.PAY_PER_REQUEST));
    }

    private static AttributeDefinition attribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    @Test
    void aDoorThatReadsTheRuleIsUpAndNamesItsRegionToAnybody() {
        Deployment.Reply reply = health();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(Map.of("status", "UP", "region", "us-east-1"));
    }

    @Test
    void aDoorIsUnhealthyOnceItsRuleIsTooOldAndCannotBeReadAndUpAgainWhenItCan() {
        health();
        loseControlTable();
        clock.pass(Duration.ofSeconds(30));
        assertThat(health().status()).isEqualTo(200);
        clock.pass(Duration.ofSeconds(1));

        Deployment.Reply unhealthy = health();

        assertThat(unhealthy.status()).isEqualTo(503);
        assertThat(unhealthy.slug()).isEqualTo("door-unhealthy");
        assertThat(unhealthy.headers()).containsEntry("Retry-After", "10");
        bringControlTableBack();
        clock.pass(Duration.ofSeconds(1));
        assertThat(health().status()).isEqualTo(200);
    }

    /** Units that are lost are failed over behind the door, so it calls none. */
    @Test
    void noUnitIsAskedAndNothingIsWrittenOrLogged() {
        gateway.aws.forget();
        lines.reset();

        health();

        assertThat(gateway.aws.calls()).isEmpty();
        assertThat(lines.toString(UTF_8)).isEmpty();
    }

    @Test
    void whatIsOpenToAnybodyIsOneCallByOneMethod() {
        assertThat(gateway.call("POST", "/health", "{}", Map.of()).status()).isEqualTo(405);
        assertThat(gateway.call("GET", "/health/", null, Map.of()).status()).isEqualTo(404);
        assertThat(gateway.call("GET", "/operations/routing-rule", null, Map.of())
                        .status())
                .isIn(401, 404);
        assertThat(gateway.call("GET", "/customers/alice/accounts", null, Map.of())
                        .status())
                .isEqualTo(401);
    }

    /** A key that is wrong, or of any role, changes nothing: nobody is asked who they are. */
    @Test
    void keysMakeNoDifference() {
        String wrong = "Bearer nobody." + "0".repeat(43);

        assertThat(gateway.call("GET", "/health", null, Map.of("Authorization", wrong))
                        .status())
                .isEqualTo(200);
        assertThat(gateway.operator("GET", "/health", null).status()).isEqualTo(200);
    }

    /** A mark neither sends the question on to the shadow nor has it refused: it is this door that is asked. */
    @Test
    void marksOfStressTestsMakeNoDifference() {
        assertThat(gateway.call("GET", "/health", null, Map.of("Double11-Shadow", "a.b.c"))
                        .status())
                .isEqualTo(200);
    }
}
