package doubleeleven.credit.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;
import static doubleeleven.credit.aws.Book.IN_NOVEMBER;
import static doubleeleven.credit.aws.Book.NOVEMBER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.account.AccountKey;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.credit.InstalmentPlan;
import doubleeleven.ids.Shard;
import doubleeleven.testkit.LocalTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandlersTest {
    private static final Shard SHARD = new Shard(17);
    private static final int PLENTY = 60_000;
    private static final int NOTHING = 0;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Book book;
    private RequestStreamHandler billing;
    private RequestStreamHandler overdue;

    @BeforeEach
    void start() {
        book = new Book();
        Host host = new Host(
                new Environment(Map.of(
                        "ACCOUNT_TABLE", LocalTables.ACCOUNT,
                        "CREDIT_TABLE", LocalTables.CREDIT,
                        "AWS_REGION", "us-east-1")),
                (_, _, _) -> book.client(),
                Clock.fixed(Instant.parse("2026-12-11T01:00:00Z"), ZoneOffset.UTC),
                new Random(1),
                new PrintStream(log, true, UTF_8));
        billing = new BillingHandler(host);
        overdue = new OverdueHandler(host);
    }

    @AfterEach
    void stop() {
        book.close();
    }

    @Test
    void oneCallBillsAShardsCustomersAndSaysHowManyHadNothingToPay() throws IOException {
        List<String> customers = customersOf(SHARD, 3);
        lend(customers.get(0));
        lend(customers.get(2));
        String elsewhere = customersOf(new Shard(18), 1).getFirst();
        lend(elsewhere);

        assertThat(call(billing, PLENTY, Map.of("shard", "17", "month", "2026-11")))
                .isEqualTo(Map.of("billed", 2, "nothing", 1, "failed", List.of()));

        assertThat(book.findStatement(customers.get(0), NOVEMBER)).isPresent();
        assertThat(book.findStatement(elsewhere, NOVEMBER)).isEmpty();
        assertThat(logged("Billing")).containsEntry("shard", "17").containsEntry("billed", 2);
    }

    @Test
    void aShardOfManyPagesIsWalkedToItsEnd() throws IOException {
        customersOf(SHARD, 201);

        assertThat(call(billing, PLENTY, Map.of("shard", "17", "month", "2026-11")))
                .containsEntry("nothing", 201);
    }

    @Test
    void whereTheTimeIsUpTheAnswerSaysWhereToGoOnAndTheLastOneDoesNot() throws IOException {
        List<String> customers = customersOf(SHARD, 3);
        customers.forEach(this::lend);
        List<Object> after = new ArrayList<>();
        Map<String, Object> input = new HashMap<>(Map.of("shard", "17", "month", "2026-11"));
        for (int call = 0; call < 3; call++) {
            Map<String, Object> answer = call(billing, NOTHING, input);
            assertThat(answer).containsEntry("billed", 1);
            after.add(answer.get("after"));
            input.put("after", answer.get("after"));
        }

        assertThat(after).isEqualTo(customers.stream().sorted().toList());
        assertThat(call(billing, NOTHING, input)).isEqualTo(Map.of("billed", 0, "nothing", 0, "failed", List.of()));
        assertThat(customers)
                .allSatisfy(customer ->
                        assertThat(book.findStatement(customer, NOVEMBER)).isPresent());
    }

    @Test
    void aCustomerThatFailsIsNamedWithItsCauseAndTheOthersGoOn() throws IOException {
        List<String> customers = customersOf(SHARD, 3).stream().sorted().toList();
        customers.forEach(this::lend);
        String broken = customers.get(1);
        book.client()
                .putItem(put -> put.tableName(LocalTables.CREDIT)
                        .item(Map.of("pk", s(AccountKey.partitionOf(broken)), "sk", s("LOAN#broken"))));

        assertThat(call(billing, PLENTY, Map.of("shard", "17", "month", "2026-11")))
                .isEqualTo(Map.of("billed", 2, "nothing", 0, "failed", List.of(broken)));

        assertThat(log.toString(UTF_8))
                .contains("\"customer\":\"" + broken + "\"", "the item has no attribute", "\"BillingFailed\":1");
    }

    @Test
    void overdueCustomersAreFrozenAndThawedAndCounted() throws IOException {
        List<String> customers = customersOf(SHARD, 2);
        lend(customers.getFirst());
        call(billing, PLENTY, Map.of("shard", "17", "month", "2026-11"));
        Map<String, Object> input = Map.of("shard", "17", "day", "2027-01-11");

        assertThat(call(overdue, PLENTY, input))
                .isEqualTo(Map.of("clear", 1, "overdue", 0, "frozen", 1, "thawed", 0, "failed", List.of()));
        assertThat(call(overdue, PLENTY, input))
                .isEqualTo(Map.of("clear", 1, "overdue", 1, "frozen", 0, "thawed", 0, "failed", List.of()));
        assertThat(book.line(customers.getFirst()))
                .as("a line frozen for a day to come is frozen at once")
                .containsEntry("expiresAt", n(Instant.parse("2026-12-11T01:00:00Z")));
    }

    @Test
    void inputThatIsNoneIsRefusedByNameAndForm() {
        assertThatThrownBy(() -> call(billing, PLENTY, Map.of("shard", "7", "month", "2026-11")))
                .hasMessageContaining("shard must be a text, \"00\" to \"99\": 7");
        assertThatThrownBy(() -> call(billing, PLENTY, Map.of("month", "2026-11")))
                .hasMessageContaining("shard");
        assertThatThrownBy(() -> call(billing, PLENTY, Map.of("shard", "17", "month", "2026-13")))
                .hasMessageContaining("month must be a text like");
        assertThatThrownBy(() -> call(overdue, PLENTY, Map.of("shard", "17")))
                .hasMessageContaining("day must be a text like");
        assertThatThrownBy(() -> call(overdue, PLENTY, Map.of("shard", "17", "day", "2026-12-11", "after", 7)))
                .hasMessageContaining("after must be a customer");
    }

    private Map<String, Object> logged(String message) {
        return log.toString(UTF_8)
                .lines()
                .map(Json::object)
                .filter(line -> message.equals(line.get("message")))
                .findFirst()
                .orElseThrow();
    }

    private void lend(String customer) {
        book.lend(customer, "1", IN_NOVEMBER, 100, InstalmentPlan.NONE);
    }

    private List<String> customersOf(Shard shard, int count) {
        List<String> customers = new ArrayList<>();
        for (int number = 0; customers.size() < count; number++) {
            String customer = "k" + number;
            if (Shard.of(customer).equals(shard)) {
                book.open(customer);
                customers.add(customer);
            }
        }
        return customers;
    }

    private static Map<String, Object> call(RequestStreamHandler handler, int millisLeft, Map<String, Object> input)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Context context = (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, args) -> millisLeft);
        handler.handleRequest(new ByteArrayInputStream(Json.write(input).getBytes(UTF_8)), out, context);
        return Json.object(out.toString(UTF_8));
    }
}
