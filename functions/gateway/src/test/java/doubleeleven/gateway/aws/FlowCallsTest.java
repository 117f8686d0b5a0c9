package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.ids.Shard;
import doubleeleven.routing.Feature;
import doubleeleven.routing.Flow;
import doubleeleven.routing.Flows;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What is over a limit of the rule or switched off, from API Gateway's event to its response. */
class FlowCallsTest {
    private static final Flow TWO = new Flow(1, 2);
    private static final RoutingRule TOPOLOGY = RoutingDocument.read(Deployment.TOPOLOGY);
    private static final Unit OWNER = TOPOLOGY.owner(Shard.of("14911"));
    private static final String STANDBY = OWNER.standby();

    private static final ManualClock CLOCK = new ManualClock();
    private static final ByteArrayOutputStream SAID = new ByteArrayOutputStream();
    private static Deployment gateway;
    private static long version = 1;
    private static int orders;

    @BeforeAll
    static void deploy() {
        gateway = new Deployment(CLOCK, new PrintStream(SAID, true, UTF_8));
        for (String customer : List.of("14911", "13705")) {
            gateway.operator("POST", "/customers", """
                    {"customer":"%s","currency":"GBP","publicKey":"%s","openingBalance":100000}""".formatted(customer, gateway.payer.publicKey()));
        }
        for (String merchant : List.of("m1", "m2")) {
            gateway.operator("POST", "/merchants", """
                    {"merchant":"%s","currency":"GBP","buckets":1}""".formatted(merchant));
            gateway.key(merchant, Role.MERCHANT, merchant);
        }
        gateway.key("m1-other", Role.MERCHANT, "m1");
    }

    @AfterAll
    static void remove() {
        gateway.close();
    }

    @BeforeEach
    void paying() {
        publish(Flows.NONE);
        gateway.aws.forget();
        gateway.aws.workflow((arn, input) -> {
            Workflow.store(
                    gateway.tables,
                    input,
                    "SUCCEEDED",
                    Map.of("available", 100, "currency", "GBP", "holds", Map.of(), "finished", Map.of()));
            return Workflow.answer(input, "PAID");
        });
        // Whatever another test made of the owner.
        pay("14911");
        gateway.aws.forget();
        SAID.reset();
    }

    private static void publish(Flows flows, Feature... off) {
        version++;
        RoutingRule rule =
                new RoutingRule(version, TOPOLOGY.peak(), TOPOLOGY.owners(), TOPOLOGY.units(), flows, Set.of(off));
        gateway.tables
                .client()
                .putItem(request -> request.tableName(LocalTables.CONTROL)
                        .item(RuleItems.item(
                                RuleItems.CURRENT, new PublishedRule(rule, CLOCK.instant(), "op", "a test", null))));
        // As old as a rule may be; every bucket is full again too.
        CLOCK.pass(Duration.ofMinutes(1));
    }

    private static Flows flows(
            @Nullable Flow app,
            @Nullable Flow merchant,
            @Nullable Flow unit,
            @Nullable Flow hotAccount,
            @Nullable Flow hotBucket) {
        return new Flows(1, app, merchant, new TreeMap<>(), unit, new TreeMap<>(), hotAccount, hotBucket);
    }

    private static Reply pay(
            String key, String merchant, String payer, String order, List<Map<String, Object>> sources) {
        long now = CLOCK.instant().getEpochSecond();
        Map<String, Object> body = new HashMap<>();
        body.put("merchantOrder", order);
        body.put("payer", payer);
        body.put("amount", 100);
        body.put("currency", "GBP");
        body.put("sources", sources);
        body.put(
                "consent",
                Map.of(
                        "token",
                        gateway.payer.sign(Payer.orderClaims(payer, merchant, order, 100, "GBP", now, now + 600))));
        return gateway.call(
                "POST",
                "/payments",
                Json.write(body),
                Map.of("Authorization", Deployment.bearer(key), "Idempotency-Key", "pay-" + order));
    }

    private static Reply pay(String key, String merchant, String payer, String order) {
        return pay(key, merchant, payer, order, List.of(Map.of("type", "BALANCE", "amount", 100)));
    }

    private static Reply pay(String payer) {
        return pay("m1", "m1", payer, "order-" + ++orders);
    }

    private static Reply refund(String payment) {
        return gateway.call(
                "POST",
                "/payments/" + payment + "/refunds",
                Json.write(Map.of("merchantRefund", "r-" + ++orders, "amount", 1)),
                Map.of("Authorization", Deployment.bearer("m1"), "Idempotency-Key", "refund-" + orders));
    }

    private static List<List<Map<String, AttributeValue>>> tables() {
        return LocalTables.ALL.stream()
                .map(table -> gateway.tables
                        .client()
                        .scan(request -> request.tableName(table))
                        .items())
                .toList();
    }

    private static void assertRefused(Reply reply, String scope) {
        assertThat(reply.status()).as(reply.toString()).isEqualTo(429);
        assertThat(reply.slug()).isEqualTo("too-many-requests");
        assertThat(SAID.toString(UTF_8)).contains("\"scope\":\"" + scope + "\"", "FlowRefused");
        SAID.reset();
    }

    @Test
    void whatIsOverALimitLeavesNothingInAnyTableAndStartsNothing() {
        publish(flows(null, null, new Flow(1, 3), null, null));
        pay("14911");
        pay("14911");
        List<?> before = tables();
        gateway.aws.forget();

        Reply refused = pay("14911");

        assertRefused(refused, "UNIT");
        assertThat(refused.headers()).containsEntry("Retry-After", "1");
        assertThat(refused.text("detail")).startsWith("There is more for the part of the platform");
        assertThat(tables()).isEqualTo(before);
        assertThat(gateway.aws.executions()).isEmpty();
    }

    @Test
    void theSameCallIsTakenOnAfterTheTimeThatWasTold() {
        publish(flows(null, null, null, new Flow(1, 1), null));
        pay("14911");
        Reply refused = pay("m1", "m1", "14911", "again");
        CLOCK.pass(Duration.ofSeconds(Long.parseLong(refused.headers().get("Retry-After"))));

        assertRefused(refused, "HOT_ACCOUNT");
        assertThat(pay("m1", "m1", "14911", "again").status()).isEqualTo(201);
    }

    @Test
    void aKnownPaymentIsAnsweredAgainWhateverTheLimit() {
        publish(flows(null, null, null, TWO, null));
        Reply first = pay("m1", "m1", "14911", "known");
        pay("14911");
        assertRefused(pay("14911"), "HOT_ACCOUNT");

        Reply again = pay("m1", "m1", "14911", "known");

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text("id")).isEqualTo(first.text("id"));
        assertThat(gateway.aws.executions()).hasSize(2);
    }

    @Test
    void refundsGoOnWhilePaymentsAreRefused() {
        String paid = pay("14911").text("id");
        String alsoPaid = pay("14911").text("id");
        gateway.tables
                .client()
                .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(Map.of("pk", AttributeValue.fromS("M#m1#0"), "sk", AttributeValue.fromS("BALANCE")))
                        .updateExpression("SET available = :some")
                        .expressionAttributeValues(Map.of(":some", AttributeValue.fromN("5000"))));
        publish(flows(TWO, TWO, TWO, null, null));
        pay("14911");
        assertRefused(pay("14911"), "APP");

        assertThat(refund(paid).status()).isEqualTo(201);
        assertRefused(pay("14911"), "APP");
        assertRefused(refund(alsoPaid), "APP");
    }

    @Test
    void aLimitIsOfWhatItIsALimitOf() {
        publish(flows(TWO, null, null, null, null));
        pay("m1", "m1", "14911", "app-1");
        assertRefused(pay("m1", "m1", "14911", "app-2"), "APP");
        assertThat(pay("m1-other", "m1", "14911", "app-2").status()).isEqualTo(201);

        publish(flows(null, TWO, null, null, null));
        pay("m1", "m1", "14911", "merchant-1");
        assertRefused(pay("m1-other", "m1", "14911", "merchant-2"), "MERCHANT");
        assertThat(pay("m2", "m2", "14911", "merchant-2").status()).isEqualTo(201);

        publish(flows(null, null, null, new Flow(1, 1), null));
        pay("m1", "m1", "14911", "account-1");
        assertRefused(pay("m2", "m2", "14911", "account-2"), "HOT_ACCOUNT");
        assertThat(pay("m1", "m1", "13705", "account-2").status()).isEqualTo(201);

        publish(flows(null, null, null, null, new Flow(1, 1)));
        pay("m1", "m1", "14911", "bucket-1");
        assertRefused(pay("m1", "m1", "13705", "bucket-2"), "HOT_BUCKET");
        assertThat(pay("m2", "m2", "13705", "bucket-2").status()).isEqualTo(201);
    }

    @Test
    void whatIsRefusedByOneLimitTakesNothingFromTheOthers() {
        publish(flows(null, new Flow(1, 10), null, new Flow(1, 1), null));
        for (int i = 0; i < 20; i++) {
            pay("14911");
        }

        assertThat(pay("13705").status()).isEqualTo(201);
    }

    private static Flows ofUnit(String unit, Flow flow) {
        return new Flows(1, null, null, new TreeMap<>(), null, new TreeMap<>(Map.of(unit, flow)), null, null);
    }

    private static boolean runsAt(String arn, String unit) {
        return arn.contains("double11-" + unit.toLowerCase(Locale.ROOT) + "-");
    }

    /** The owner answers so, every other unit pays. */
    private static void ownerAnswers(AwsStandIn.Reply answer) {
        gateway.aws.workflow((arn, input) -> runsAt(arn, OWNER.name()) ? answer : Workflow.answer(input, "PAID"));
    }

    private static AwsStandIn.Reply absent() {
        return AwsStandIn.Reply.error(400, "StateMachineDoesNotExist");
    }

    /** A standby that carries two units takes on what it can itself, whatever the other one was good for. */
    @Test
    void aStandbyIsHeldToItsOwnLimit() {
        publish(ofUnit(STANDBY, TWO));
        ownerAnswers(absent());
        assertThat(pay("14911").status()).isEqualTo(201);
        List<?> before = tables();
        gateway.aws.forget();

        Reply refused = pay("14911");

        assertRefused(refused, "UNIT");
        assertThat(refused.headers()).containsEntry("Retry-After", "1");
        assertThat(gateway.aws.executions()).noneMatch(arn -> runsAt(arn, STANDBY));
        assertThat(tables()).isEqualTo(before);
    }

    @Test
    void whatTheStandbyServesCountsNeitherForTheOwnerNorTwiceForTheMerchant() {
        publish(new Flows(
                1,
                null,
                new Flow(1, 4),
                new TreeMap<>(),
                null,
                new TreeMap<>(Map.of(OWNER.name(), TWO)),
                new Flow(1, 3),
                null));
        ownerAnswers(absent());
        for (int i = 0; i < 3; i++) {
            assertThat(pay("14911").status()).isEqualTo(201);
        }

        assertRefused(pay("14911"), "MERCHANT");
    }

    @Test
    void whatTheStandbyHasNoRoomForCountsForNobody() {
        publish(new Flows(
                1, null, new Flow(1, 4), new TreeMap<>(), null, new TreeMap<>(Map.of(STANDBY, TWO)), null, null));
        ownerAnswers(absent());
        pay("14911");

        for (int i = 0; i < 10; i++) {
            assertRefused(pay("14911"), "UNIT");
        }
    }

    @Test
    void whatNobodyBeganCountsForNobody() {
        publish(flows(TWO, TWO, TWO, TWO, TWO));
        gateway.aws.workflow((arn, input) -> absent());
        for (int i = 0; i < 10; i++) {
            assertThat(pay("14911").slug()).isEqualTo("unit-unreachable");
        }

        gateway.aws.workflow((arn, input) -> Workflow.answer(input, "PAID"));
        assertThat(pay("14911").status()).isEqualTo(201);
    }

    /** Where the owner may have begun it, nobody may be told that nothing was started. */
    @Test
    void aPaymentInDoubtThatItsStandbyHasNoRoomForIsOpen() {
        publish(ofUnit(STANDBY, TWO));
        ownerAnswers(AwsStandIn.Reply.error(500, "InternalError"));
        pay("14911");
        gateway.aws.forget();

        assertThat(pay("14911").status()).isEqualTo(202);

        assertThat(gateway.aws.executions()).allMatch(arn -> runsAt(arn, OWNER.name()));
        assertThat(gateway.aws.messages())
                .singleElement()
                .satisfies(message -> assertThat(message).containsEntry("why", "CHECK"));
    }

    @Test
    void aPaymentCountsForTheUnitThatItIsReroutedTo() {
        publish(ofUnit(OWNER.name(), TWO));
        ownerAnswers(misrouted());
        for (int i = 0; i < 3; i++) {
            assertThat(pay("14911").status()).isEqualTo(201);
        }

        publish(ofUnit(STANDBY, TWO));
        assertThat(pay("14911").status()).isEqualTo(201);
        gateway.aws.forget();

        assertRefused(pay("14911"), "UNIT");
        assertThat(gateway.aws.executions()).noneMatch(arn -> runsAt(arn, STANDBY));
    }

    private static AwsStandIn.Reply misrouted() {
        return AwsStandIn.Reply.output(Map.of(
                "outcome",
                "MISROUTED",
                "route",
                Map.of("version", version, "owner", STANDBY, "standby", OWNER.name(), "forbidden", false)));
    }

    @Test
    void aMerchantThatIsNamedHasItsOwnLimit() {
        publish(new Flows(
                1,
                null,
                new Flow(1, 2),
                new TreeMap<>(Map.of("m1", new Flow(1, 20))),
                null,
                new TreeMap<>(),
                null,
                null));
        for (int i = 0; i < 18; i++) {
            assertThat(pay("14911").status()).isEqualTo(201);
        }

        assertRefused(pay("14911"), "MERCHANT");
        pay("m2", "m2", "14911", "named-1");
        assertRefused(pay("m2", "m2", "14911", "named-2"), "MERCHANT");
    }

    @Test
    void withoutLimitsNothingIsRefused() {
        for (int i = 0; i < 100; i++) {
            assertThat(pay("14911").status()).isEqualTo(201);
        }
    }

    @Test
    void whatIsSwitchedOffIsRefusedBeforeAnythingIsBegunAndWhatWasBegunIsAnswered() {
        List<Map<String, Object>> both = List.of(
                Map.of("type", "COUPON", "coupon", "WELCOME", "amount", 40), Map.of("type", "BALANCE", "amount", 60));
        Reply begun = pay("m1", "m1", "14911", "coupon-begun", both);
        publish(Flows.NONE, Feature.COUPONS);
        List<?> before = tables();

        Reply refused = pay("m1", "m1", "14911", "coupon-new", both);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.slug()).isEqualTo("switched-off");
        assertThat(refused.wrongFields()).containsExactly("sources.coupon");
        assertThat(refused.headers()).containsEntry("Retry-After", "60");
        assertThat(tables()).isEqualTo(before);
        assertThat(pay("m1", "m1", "14911", "coupon-begun", both).text("id")).isEqualTo(begun.text("id"));
        assertThat(pay("14911").status()).isEqualTo(201);

        publish(Flows.NONE);
        assertThat(pay("m1", "m1", "14911", "coupon-new", both).status()).isEqualTo(201);
    }

    @Test
    void withInstalmentsSwitchedOffOneMayStillBorrowUntilTheNextBill() {
        publish(Flows.NONE, Feature.INSTALMENTS);

        Reply refused = onCredit("credit-3", 3, 25);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.slug()).isEqualTo("switched-off");
        assertThat(refused.wrongFields()).containsExactly("sources.instalments");
        assertThat(gateway.aws.executions()).isEmpty();
        assertThat(onCredit("credit-1", 1, 0).status()).isEqualTo(201);
    }

    private static Reply onCredit(String order, int instalments, long fee) {
        long now = CLOCK.instant().getEpochSecond();
        Map<String, Object> source = new HashMap<>(Map.of("type", "CREDIT", "amount", 1000));
        if (instalments > 1) {
            source.put("instalments", instalments);
        }
        String claims = Payer.withCredit(
                Payer.orderClaims("14911", "m1", order, 1000, "GBP", now, now + 600), 1000, instalments, fee);
        return gateway.call(
                "POST",
                "/payments",
                Json.write(Map.of(
                        "merchantOrder",
                        order,
                        "payer",
                        "14911",
                        "amount",
                        1000,
                        "currency",
                        "GBP",
                        "sources",
                        List.of(source),
                        "consent",
                        Map.of("token", gateway.payer.sign(claims)))),
                Map.of("Authorization", Deployment.bearer("m1"), "Idempotency-Key", "pay-" + order));
    }
}
