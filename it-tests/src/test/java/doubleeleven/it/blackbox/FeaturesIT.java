package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.STACK;
import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.Project;
import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.blackbox.World.Unit;
import doubleeleven.it.client.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What risk remembers of payers may be lost: the payments know it all. */
final class FeaturesIT {
    private static final String TABLE = "double11-feature";
    private static final List<Long> AMOUNTS = List.of(100L, 200L);

    @Test
    void whatWasRememberedOfAPayerAndLostIsRebuiltByTheOperatorsCommand() throws IOException, InterruptedException {
        Unit unit = Unit.named("RZ02");
        Payer payer = Payer.of(unit, 1000);
        Shop shop = Shop.open().at(unit.region());
        for (long amount : AMOUNTS) {
            Answer answer = shop.pay(payer, unique("order"), amount);
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        }
        DynamoDbClient tables = STACK.dynamoDb(unit.region());
        Map<String, AttributeValue> key = Map.of(
                "pk", AttributeValue.fromS("C#" + payer.id()), "sk", AttributeValue.fromS("VELOCITY#" + unit.region()));
        Map<String, AttributeValue> remembered = eventually()
                .until(
                        () -> find(tables, key),
                        item -> item.containsKey("recent")
                                && item.get("recent").m().size() == AMOUNTS.size());

        tables.deleteItem(request -> request.tableName(TABLE).key(key));
        String said = rebuild(unit.region());

        assertThat(said).containsPattern("remembered [\\d,]+ of [\\d,]+ payments in " + unit.region());
        assertThat(find(tables, key)).isEqualTo(remembered);
    }

    private static Map<String, AttributeValue> find(DynamoDbClient tables, Map<String, AttributeValue> key) {
        return tables.getItem(request -> request.tableName(TABLE).key(key).consistentRead(true))
                .item();
    }

    private static String rebuild(String region) throws IOException, InterruptedException {
        Process command = new ProcessBuilder(
                        "localstack/eleven", "rebuild-features", "--region", region, "--segments", "2")
                .directory(Project.root().toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(command.waitFor()).as(said).isZero();
        return said;
    }
}
