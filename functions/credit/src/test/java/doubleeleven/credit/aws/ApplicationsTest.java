package doubleeleven.credit.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.CreditSchemas;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.credit.Application;
import doubleeleven.credit.Application.Status;
import doubleeleven.credit.Lender;
import doubleeleven.credit.LineRegister;
import doubleeleven.credit.ReviewRegister;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.testkit.Calls;
import doubleeleven.testkit.LocalTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The steps that the workflow takes with an application, and the plan of a day. */
class ApplicationsTest {
    private static final Instant NOW = Instant.parse("2026-12-11T01:00:00Z");
    private static final CurrencyUnit GBP = CurrencyUnit.GBP;
    private static final AccountKey LINE = AccountKey.creditLineOf("ann");
    private static final RoutingRule RULE = RoutingDocument.read("""
            {"units": [
              {"name": "RZ01", "region": "us-east-1", "standby": "RZ02", "colours": {"a": 100}, "shards": ["00-01"]},
              {"name": "RZ02", "region": "us-east-2", "standby": "RZ03", "colours": {"a": 100}, "shards": ["02-50"]},
              {"name": "RZ03", "region": "us-west-2", "standby": "RZ01", "colours": {"a": 100}, "shards": ["51-99"]}]}""");

    private LocalTables tables;

    @BeforeEach
    void start() {
        tables = LocalTables.inProcess();
        receive("A1");
        rule(RULE);
    }

    private void rule(RoutingRule rule) {
        put(LocalTables.CONTROL, RuleItems.item(RuleItems.CURRENT, PublishedRule.deployed(rule, NOW)));
    }

    @AfterEach
    void stop() {
        tables.close();
    }

    private void receive(String number) {
        Application application = Application.received(
                "ann", number, Money.ofMinor(GBP, 50_000), Map.of("pay0", 0L), "f" + number, Instant.ofEpochMilli(7));
        put(LocalTables.CREDIT, CreditSchemas.APPLICATION.itemToMap(application, true));
    }

    private void put(String table, Map<String, AttributeValue> item) {
        tables.client().putItem(request -> request.tableName(table).item(item));
    }

    private Map<String, AttributeValue> item(String table, AccountKey key) {
        return tables.client()
                .getItem(request -> request.tableName(table).key(Values.key(key)))
                .item();
    }

    private Application application(String number) {
        return CreditSchemas.APPLICATION.mapToItem(item(LocalTables.CREDIT, Application.keyOf("ann", number)));
    }

    private Fund line() {
        return Schemas.FUND.mapToItem(item(LocalTables.ACCOUNT, LINE));
    }

    private static Host host(DynamoDbClient client, String unit) {
        return new Host(
                new Environment(Map.of(
                        "ACCOUNT_TABLE",
                        LocalTables.ACCOUNT,
                        "CREDIT_TABLE",
                        LocalTables.CREDIT,
                        "AWS_REGION",
                        "us-east-1",
                        "CONTROL_TABLE",
                        LocalTables.CONTROL,
                        "UNIT",
                        unit)),
                (_, _, _) -> client,
                Clock.fixed(NOW, ZoneOffset.UTC),
                new Random(1),
                new PrintStream(new ByteArrayOutputStream(), true, UTF_8));
    }

    private static Map<String, Object> call(RequestStreamHandler handler, Map<String, Object> input) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Context nobody = null;
            handler.handleRequest(new ByteArrayInputStream(Json.write(input).getBytes(UTF_8)), out, nobody);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Json.object(out.toString(UTF_8));
    }

    private static Map<String, Object> input(String step, String number, Map<String, Object> more) {
        Map<String, Object> input = new HashMap<>(Map.of(
                "step",
                step,
                "application",
                Map.of("customer", "ann", "application", number, "currency", "GBP"),
                "assessment",
                Map.of(
                        "reasons",
                        List.of("RECENT_DELINQUENCY"),
                        "policy",
                        "credit-1",
                        "degraded",
                        false,
                        "snapshot",
                        Map.of("score", 0.25)),
                "review",
                Map.of()));
        input.putAll(more);
        return input;
    }

    private static Map<String, Object> step(DynamoDbClient client, Map<String, Object> input) {
        return call(new ApplicationsHandler(host(client, "RZ01")), input);
    }

    private Map<String, Object> approve(String number, long limit) {
        return step(tables.client(), input("APPROVE", number, Map.of("limit", limit)));
    }

    @Test
    void anApprovalOpensTheLineTheLendersAccountsAndTheRegister() {
        assertThat(approve("A1", 40_000)).isEqualTo(Map.of("status", "APPROVED"));

        assertThat(line()).isEqualTo(Fund.creditLine(LINE, GBP, 40_000));
        assertThat(item(LocalTables.CREDIT, LineRegister.keyOf("ann"))).isNotEmpty();
        String lender = Lender.of(GBP);
        assertThat(Schemas.MERCHANT
                        .mapToItem(item(LocalTables.ACCOUNT, AccountKey.profileOfMerchant(lender)))
                        .buckets())
                .isEqualTo(Lender.BUCKETS);
        for (int bucket = 0; bucket < Lender.BUCKETS; bucket++) {
            assertThat(item(LocalTables.ACCOUNT, AccountKey.bucketOf(lender, bucket)))
                    .isNotEmpty();
        }
        assertThat(application("A1").status()).isEqualTo(Status.APPROVED);
        assertThat(application("A1").limit()).isEqualTo(Money.ofMinor(GBP, 40_000));
        assertThat(application("A1").decidedAt()).isEqualTo(NOW);
        assertThat(item(LocalTables.CREDIT, Application.keyOf("ann", "A1")))
                .containsEntry("snapshot", s("{\"score\":0.25}"));
    }

    @Test
    void aCrashAroundAnyCallOpensOneLineAndARepetitionFinishesIt() {
        boolean died = true;
        for (int at = 0; died; at++) {
            stop();
            start();
            died = Calls.dies(
                    tables.client(), at, client -> step(client, input("APPROVE", "A1", Map.of("limit", 40_000))));
            boolean open = !item(LocalTables.ACCOUNT, LINE).isEmpty();
            if (open) {
                // Who has a line uses it, whatever its application says.
                tables.client()
                        .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                                .key(Values.key(LINE))
                                .updateExpression("SET available = :used")
                                .expressionAttributeValues(Map.of(":used", n(39_000))));
            }

            assertThat(approve("A1", 40_000)).as("crash " + at).isEqualTo(Map.of("status", "APPROVED"));

            assertThat(line().availableMinor()).as("crash " + at).isEqualTo(open ? 39_000 : 40_000);
            assertThat(line().limitMinor()).as("crash " + at).isEqualTo(40_000);
        }
    }

    @Test
    void whoHasALineByAnotherApplicationGetsNoSecondOne() {
        receive("A2");
        approve("A1", 40_000);

        assertThat(approve("A2", 30_000)).isEqualTo(Map.of("status", "DECLINED"));

        assertThat(line().limitMinor()).isEqualTo(40_000);
        assertThat(application("A2").reasons()).containsExactly("LINE_EXISTS");
    }

    @Test
    void aClosedLineIsOpenedAgainByANewApplicationAndNotByTheOldOne() {
        receive("A2");
        approve("A1", 40_000);
        tables.client()
                .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(Values.key(LINE))
                        .updateExpression("SET #limit = :none, available = :none, frozen = :closed, expiresAt = :now")
                        .expressionAttributeNames(Map.of("#limit", "limit"))
                        .expressionAttributeValues(Map.of(":none", n(0), ":closed", s(Fund.CLOSED), ":now", n(NOW))));

        approve("A1", 40_000);
        assertThat(line().frozen()).isEqualTo(Fund.CLOSED);
        assertThat(approve("A2", 30_000)).isEqualTo(Map.of("status", "APPROVED"));

        assertThat(line()).isEqualTo(Fund.creditLine(LINE, GBP, 30_000));
    }

    @Test
    void aDeclineSaysWhyAndOpensNothing() {
        assertThat(step(tables.client(), input("DECLINE", "A1", Map.of()))).isEqualTo(Map.of("status", "DECLINED"));

        assertThat(application("A1").reasons()).containsExactly("RECENT_DELINQUENCY");
        assertThat(application("A1").reviewer()).isNull();
        assertThat(item(LocalTables.ACCOUNT, LINE)).isEmpty();
    }

    @Test
    void aReviewWaitsWithItsTokenUntilAnOperatorDecides() {
        step(tables.client(), input("REVIEW", "A1", Map.of("token", "t-1")));

        assertThat(application("A1").status()).isEqualTo(Status.REVIEW);
        assertThat(item(LocalTables.CREDIT, Application.keyOf("ann", "A1")))
                .containsEntry("token", s("t-1"))
                .containsEntry("region", s("us-east-1"));
        assertThat(item(LocalTables.CREDIT, ReviewRegister.keyOf(application("A1"))))
                .isNotEmpty();

        Map<String, Object> review = Map.of("reviewer", "op-1", "reason", "no income");
        step(tables.client(), input("DECLINE", "A1", Map.of("review", review)));

        assertThat(application("A1").status()).isEqualTo(Status.DECLINED);
        assertThat(application("A1").reviewer()).isEqualTo("op-1");
        assertThat(application("A1").reviewReason()).isEqualTo("no income");
        assertThat(item(LocalTables.CREDIT, ReviewRegister.keyOf(application("A1"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"REVIEW", "APPROVE", "DECLINE"})
    void whatIsDecidedStaysSo(String step) {
        step(tables.client(), input("DECLINE", "A1", Map.of()));

        Map<String, Object> late = input(step, "A1", Map.of("token", "t-1", "limit", 40_000));
        assertThat(step(tables.client(), late)).isEqualTo(Map.of("status", "DECLINED"));

        assertThat(item(LocalTables.ACCOUNT, LINE)).isEmpty();
        assertThat(item(LocalTables.CREDIT, ReviewRegister.keyOf(application("A1"))))
                .isEmpty();
    }

    @Test
    void anApplicationThatNobodyMadeIsAFault() {
        assertThatThrownBy(() -> approve("A9", 1)).hasMessageContaining("no application A9 of ann");
    }

    @Test
    void aDaysPlanIsTheMonthThatClosedLastAndTheShardsOfTheUnitAndOfItsWards() {
        Map<String, Object> plan = call(new CreditDayHandler(host(tables.client(), "RZ02")), Map.of("asked", Map.of()));

        assertThat(plan).containsEntry("day", "2026-12-11").containsEntry("month", "2026-11");
        assertThat(plan.get("shards").toString()).startsWith("[00, 01, 02, ").endsWith(", 50]");
        assertThat(call(
                        new CreditDayHandler(host(tables.client(), "RZ01")),
                        Map.of("asked", Map.of("day", "2027-01-01"))))
                .containsEntry("month", "2026-12");
    }

    @Test
    void aDaysPlanFollowsShardsThatMovedAndTheStandbyOfAUnitThatServesNobody() {
        rule(RoutingDocument.read("""
                {"version": 2, "units": [
                  {"name": "RZ01", "region": "us-east-1", "standby": "RZ03", "forbidden": true, "colours": {"a": 100}, "shards": ["01"]},
                  {"name": "RZ02", "region": "us-east-2", "standby": "RZ03", "colours": {"a": 100}, "shards": ["00", "02-50"]},
                  {"name": "RZ03", "region": "us-west-2", "standby": "RZ02", "colours": {"a": 100}, "shards": ["51-99"]}]}"""));

        assertThat(shards("RZ01")).isEqualTo(numbers(1, 1));
        assertThat(shards("RZ02")).isEqualTo(numbers(0, 0) + numbers(2, 99));
        assertThat(shards("RZ03")).isEqualTo(numbers(0, 99));
    }

    /** Of a day's plan, one after the other. */
    private String shards(String unit) {
        Map<String, Object> plan = call(new CreditDayHandler(host(tables.client(), unit)), Map.of("asked", Map.of()));
        return plan.get("shards").toString().replaceAll("[\\[\\]]", "").replace(", ", " ") + " ";
    }

    private static String numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj("%02d "::formatted).collect(Collectors.joining());
    }

    @Test
    void aDayThatIsNoneIsRefusedWithAnExample() {
        assertThatThrownBy(() -> call(
                        new CreditDayHandler(host(tables.client(), "RZ01")),
                        Map.of("asked", Map.of("day", "tomorrow"))))
                .hasMessageContaining("2026-12-11");
    }
}
