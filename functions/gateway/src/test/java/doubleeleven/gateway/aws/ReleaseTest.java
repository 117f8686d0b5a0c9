package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.gateway.operations.Publications;
import doubleeleven.gateway.release.Ending;
import doubleeleven.gateway.release.Plan;
import doubleeleven.gateway.release.Release;
import doubleeleven.gateway.release.Release.State;
import doubleeleven.gateway.release.Stage;
import doubleeleven.gateway.release.Tally;
import doubleeleven.routing.First;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.Calls;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The steps of a release on the control table, each as often as it takes, whatever dies under it. */
class ReleaseTest {
    private static final Instant NOW = Instant.parse("2026-11-11T00:00:00.123Z");
    private static final RoutingRule TOPOLOGY = RoutingDocument.read(Deployment.TOPOLOGY);
    private static final String UNIT = "RZ01";
    private static final String ID = "20261111T000000-test";
    private static final Plan PLAN = new Plan(List.of(1, 10, 50, 100), 100, 6, true, false);

    private static LocalTables tables;

    private final ManualClock clock = new ManualClock();
    private final Map<String, Integer> deadLetters = new HashMap<>();

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
        clock.set(NOW);
        deadLetters.clear();
        Deployment.firstRule(tables, PublishedRule.deployed(TOPOLOGY, NOW));
    }

    private ReleaseHandler handler(DynamoDbClient client) {
        Environment environment = new Environment(Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ACCOUNT", "000000000000",
                "REGIONS", "us-east-1,us-east-2,us-west-2",
                "ACCOUNT_TABLE", LocalTables.ACCOUNT,
                "PAYMENT_TABLE", LocalTables.PAYMENT,
                "CREDIT_TABLE", LocalTables.CREDIT,
                "CONTROL_TABLE", LocalTables.CONTROL,
                "PLATFORM_TABLE", LocalTables.PLATFORM,
                "TRAFFIC", "LIVE"));
        return new ReleaseHandler(new Host(
                environment,
                (type, region, connect) -> type == DynamoDbClient.class ? client : queues(),
                clock,
                new Random(1),
                new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)));
    }

    private SqsClient queues() {
        return (SqsClient) Proxy.newProxyInstance(
                SqsClient.class.getClassLoader(), new Class<?>[] {SqsClient.class}, (_, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getQueueAttributes");
                    GetQueueAttributesRequest.Builder request = GetQueueAttributesRequest.builder();
                    asks(arguments[0]).accept(request);
                    String url = request.build().queueUrl();
                    return GetQueueAttributesResponse.builder()
                            .attributes(Map.of(
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                    Integer.toString(
                                            deadLetters.getOrDefault(url.substring(url.lastIndexOf('/') + 1), 0))))
                            .build();
                });
    }

    @SuppressWarnings("unchecked") // the only way in which this client is asked here
    private static Consumer<GetQueueAttributesRequest.Builder> asks(Object argument) {
        return (Consumer<GetQueueAttributesRequest.Builder>) argument;
    }

    private static DynamoDbReleases releases() {
        return new DynamoDbReleases(tables.client(), LocalTables.CONTROL);
    }

    private static Publications publications() {
        return new Publications(new DynamoDbRuleHistory(tables.client(), LocalTables.CONTROL));
    }

    private void ask(Plan plan) {
        Release release = Release.asked(UNIT, ID, "b", "a", plan, "build 4711", "op_1", NOW);
        assertThat(releases().claim(release, NOW.plusSeconds(60), NOW)).isTrue();
        assertThat(releases().save(release)).isTrue();
    }

    private String step(String step) {
        return step(tables.client(), step, Map.of());
    }

    private String step(DynamoDbClient client, String step, Map<String, Object> more) {
        Map<String, Object> event = new HashMap<>(Map.of("step", step, "unit", UNIT, "release", ID));
        event.putAll(more);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Context nobody = null;
            handler(client)
                    .handleRequest(new ByteArrayInputStream(Json.write(event).getBytes(UTF_8)), out, nobody);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Json.text(Json.object(out.toString(UTF_8)), "next");
    }

    /** As the workflow does between two looks. */
    private String look() {
        clock.set(clock.instant().plusSeconds(10));
        return step("VERIFY");
    }

    private static Release release() {
        return releases().find(UNIT, ID).orElseThrow();
    }

    private static Unit unit() {
        return publications().inForce().rule().unit(UNIT);
    }

    private static List<String> reasons() {
        return publications().upTo(Long.MAX_VALUE, 100).rules().reversed().stream()
                .skip(1)
                .map(PublishedRule::reason)
                .toList();
    }

    private void count(String colour, long paid, long failed, String region) {
        List<Long> latencies = new ArrayList<>(Tally.NONE.latencies());
        latencies.set(12, paid);
        new DynamoDbTallies(tables.client(), LocalTables.PLATFORM, region, clock)
                .add(UNIT, colour, new Tally(Map.of(Ending.PAID, paid, Ending.FAILED, failed), latencies));
    }

    private void traffic(long failedOfB) {
        for (String region : List.of("us-east-1", "us-west-2")) {
            count("a", 500, 0, region);
            count("b", 100 - failedOfB, failedOfB, region);
        }
    }

    private void publish(UnaryOperator<RoutingRule> change) {
        RoutingRule current = publications().inForce().rule();
        assertThat(publications().publish(new PublishedRule(change.apply(current), NOW, "op_2", "by hand", null)))
                .isInstanceOf(Publications.Outcome.Published.class);
    }

    private static RoutingRule withPeak(RoutingRule rule, long peak) {
        return new RoutingRule(rule.version() + 1, peak, rule.owners(), rule.units());
    }

    private static RoutingRule forbidding(RoutingRule rule) {
        Map<String, Unit> units = new TreeMap<>(rule.units());
        Unit unit = rule.unit(UNIT);
        units.put(UNIT, new Unit(UNIT, unit.region(), unit.standby(), unit.capacity(), unit.colours(), true));
        return new RoutingRule(rule.version() + 1, rule.peak(), rule.owners(), units);
    }

    /** Shifts to the next step and looks as often as it takes to go on. */
    private String goOn() {
        assertThat(step("SHIFT")).isEqualTo("WAIT");
        traffic(0);
        assertThat(look()).isEqualTo("WAIT");
        traffic(0);
        assertThat(look()).isEqualTo("WAIT");
        traffic(0);
        return look();
    }

    @Test
    void aGoodColourIsGivenStepAfterStepUntilItHasAllAndNothingElseOfTheRuleChanges() {
        ask(PLAN);
        assertThat(step("BEGIN")).isEqualTo("SHIFT");
        for (int weight : List.of(1, 10, 50)) {
            assertThat(goOn()).isEqualTo("SHIFT");
            assertThat(unit().colours()).isEqualTo(Map.of("a", 100 - weight, "b", weight));
        }
        assertThat(goOn()).isEqualTo("DONE");

        assertThat(unit().colours()).isEqualTo(Map.of("a", 0, "b", 100));
        assertThat(publications()
                        .inForce()
                        .rule()
                        .withColours(UNIT, TOPOLOGY.unit(UNIT).colours()))
                .isEqualTo(TOPOLOGY.at(6));
        assertThat(reasons())
                .containsExactly(
                        "release " + ID + ": b to 1 %",
                        "release " + ID + ": b to 10 %",
                        "release " + ID + ": b to 50 %",
                        "release " + ID + ": b to 100 %");
        assertThat(release().state()).isEqualTo(State.SUCCEEDED);
        assertThat(release().stages()).extracting(Stage::weight).containsExactly(1, 10, 50, 100);
        assertThat(release().stages()).extracting(Stage::verdict).containsOnly("GO_ON");
        assertThat(release().stages().getFirst().figures().get("b"))
                .as("counted in two Regions, since the step began")
                .containsEntry("payments", 600L)
                .containsEntry("paid", 600L);
        assertThat(claimedByAnother()).as("others may release now").isTrue();
    }

    private boolean claimedByAnother() {
        Release other = Release.asked(UNIT, "20261111T000100-more", "b", "a", PLAN, "build 4712", "op_2", NOW);
        return releases().claim(other, clock.instant().plusSeconds(60), clock.instant());
    }

    @Test
    void aBadColourGetsNothingMoreAndTheRecordSaysWhy() {
        ask(PLAN);
        assertThat(goOn()).isEqualTo("SHIFT");
        step("SHIFT");
        traffic(40);

        assertThat(look()).isEqualTo("ROLL_BACK");
        assertThat(step("ROLL_BACK")).isEqualTo("DONE");

        assertThat(unit().colours()).isEqualTo(Map.of("a", 100, "b", 0));
        assertThat(release().state()).isEqualTo(State.ROLLED_BACK);
        assertThat(release().why()).contains("failed 80 of 200 (40.00 %) against 0 of 1,000");
        assertThat(release().stages()).extracting(Stage::weight).containsExactly(1, 10, 0);
        assertThat(reasons()).last().isEqualTo("release " + ID + ": b to 0 %");
        assertThat(claimedByAnother()).isTrue();
    }

    /** What had more than nothing before is not given that back: nobody wants a tenth of what failed. */
    @Test
    void aBadColourThatServedSomeBeforeServesNobodyAfterwards() {
        publish(rule -> rule.withColours(UNIT, new TreeMap<>(Map.of("a", 90, "b", 10))));
        ask(new Plan(List.of(10, 100), 100, 6, true, false));

        assertThat(step("SHIFT")).isEqualTo("WAIT");
        traffic(90);
        look();
        step("ROLL_BACK");

        assertThat(unit().colours()).isEqualTo(Map.of("a", 100, "b", 0));
    }

    /** Each step, with a death around each of its calls; then the same step again, as the workflow does. */
    @ParameterizedTest
    @ValueSource(strings = {"SHIFT", "VERIFY", "ROLL_BACK"})
    void whereverAStepDiesTheSameStepOnceMoreComesToTheSame(String step) {
        int deaths = 0;
        for (int at = 0; ; at += at < 24 ? 1 : 67) {
            deploy();
            ask(PLAN);
            assertThat(goOn()).isEqualTo("SHIFT");
            if (!step.equals("SHIFT")) {
                step("SHIFT");
                traffic(40);
            }
            if (step.equals("ROLL_BACK")) {
                look();
            }
            AtomicReference<String> next = new AtomicReference<>("");
            boolean died = Calls.dies(tables.client(), at, client -> next.set(step(client, step, Map.of())));
            if (died) {
                deaths++;
                next.set(step(step));
            }

            assertThat(next.get())
                    .as("death at " + at)
                    .isEqualTo(Map.of("SHIFT", "WAIT", "VERIFY", "ROLL_BACK", "ROLL_BACK", "DONE")
                            .get(step));
            int weight = step.equals("ROLL_BACK") ? 0 : 10;
            assertThat(unit().colours()).as("death at " + at).isEqualTo(Map.of("a", 100 - weight, "b", weight));
            assertThat(reasons())
                    .as("each weight was published once, death at " + at)
                    .doesNotHaveDuplicates();
            assertThat(release().stages())
                    .as("death at " + at)
                    .extracting(Stage::weight)
                    .containsExactlyElementsOf(step.equals("ROLL_BACK") ? List.of(1, 10, 0) : List.of(1, 10));
            if (!died) {
                break;
            }
        }
        assertThat(deaths).isGreaterThan(5);
    }

    /** As where an answer is lost: the workflow asks again for what is long done. */
    @Test
    void aStepThatIsAskedForAgainIsNotTakenAgain() {
        ask(PLAN);
        assertThat(step("BEGIN")).isEqualTo("SHIFT");
        assertThat(step("BEGIN")).isEqualTo("SHIFT");
        assertThat(step("SHIFT")).isEqualTo("WAIT");
        assertThat(step("SHIFT")).isEqualTo("WAIT");
        traffic(90);
        assertThat(look()).isEqualTo("ROLL_BACK");
        assertThat(look()).isEqualTo("ROLL_BACK");
        assertThat(step("SHIFT")).isEqualTo("ROLL_BACK");
        assertThat(step("ROLL_BACK")).isEqualTo("DONE");
        assertThat(step("ROLL_BACK")).isEqualTo("DONE");
        assertThat(step("SHIFT")).isEqualTo("DONE");

        assertThat(reasons()).containsExactly("release " + ID + ": b to 1 %", "release " + ID + ": b to 0 %");
    }

    @Test
    void whatOthersPublishMeanwhileStays() {
        ask(PLAN);
        goOn();
        publish(rule -> withPeak(rule, 90));
        assertThat(step("SHIFT")).isEqualTo("WAIT");
        publish(rule -> withPeak(rule, 80));
        traffic(90);
        assertThat(look()).isEqualTo("ROLL_BACK");
        publish(rule -> withPeak(rule, 70));
        step("ROLL_BACK");

        assertThat(publications().inForce().rule().peak()).isEqualTo(70);
        assertThat(unit().colours()).isEqualTo(Map.of("a", 100, "b", 0));
        assertThat(release().state()).isEqualTo(State.ROLLED_BACK);
    }

    @Test
    void aStepIsBuiltUponWhatTheRestObeysAndEndsWhatOnlySomeGatewaysObey() {
        ask(PLAN);
        goOn();
        RoutingRule rest = publications().inForce().rule();
        PublishedRule tried = new PublishedRule(
                withPeak(
                        rest.withColours(UNIT, new TreeMap<>(Map.of("a", 0, "b", 100)))
                                .at(rest.version()),
                        90),
                NOW,
                "op_2",
                "all to b, in one Region",
                null);
        assertThat(publications().publishFirst(tried, new First("us-west-2", 100)))
                .isInstanceOf(Publications.Outcome.Published.class);

        assertThat(step("SHIFT")).isEqualTo("WAIT");

        assertThat(publications().inForce().isTrial()).isFalse();
        assertThat(publications().inForce().rule().peak()).isEqualTo(rest.peak());
        assertThat(unit().colours()).isEqualTo(Map.of("a", 90, "b", 10));
    }

    @Test
    void whoPublishesBetweenAReleasesLookAndItsPublicationIsNotOverwritten() {
        for (int at = 0; at < 12; at++) {
            deploy();
            ask(PLAN);
            boolean met = Calls.meets(
                    tables.client(),
                    at,
                    () -> publish(rule -> withPeak(rule, 90)),
                    client -> assertThat(step(client, "SHIFT", Map.of())).isEqualTo("WAIT"));

            assertThat(met).as("at " + at).isTrue();
            assertThat(publications().inForce().rule().peak()).as("at " + at).isEqualTo(90);
            assertThat(unit().colours()).as("at " + at).isEqualTo(Map.of("a", 99, "b", 1));
        }
    }

    @ParameterizedTest
    @CsvSource({"SHIFT, true", "SHIFT, false", "VERIFY, true", "VERIFY, false", "ROLL_BACK, true", "ROLL_BACK, false"})
    void whoeverChangesTheWeightsOrTakesTheUnitOutIsObeyed(String step, boolean forbids) {
        ask(PLAN);
        goOn();
        if (!step.equals("SHIFT")) {
            step("SHIFT");
            traffic(90);
        }
        if (step.equals("ROLL_BACK")) {
            look();
        }
        publish(rule -> forbids ? forbidding(rule) : rule.withColours(UNIT, new TreeMap<>(Map.of("a", 70, "b", 30))));
        RoutingRule byHand = publications().inForce().rule();

        assertThat(step(step)).isEqualTo("DONE");

        assertThat(publications().inForce().rule()).isEqualTo(byHand);
        assertThat(release().state()).isEqualTo(State.OVERTAKEN);
        assertThat(release().why()).contains(forbids ? "forbids RZ01" : "gives b 30 %, by op_2: by hand");
        assertThat(claimedByAnother()).isTrue();
    }

    @Test
    void oneReleaseIsAtWorkInAUnitUntilItEndsOrNothingIsHeardOfIt() {
        ask(PLAN);
        step("SHIFT");
        assertThat(claimedByAnother()).isFalse();

        clock.set(clock.instant().plus(Duration.ofMinutes(11)));
        assertThat(claimedByAnother()).isTrue();

        RoutingRule left = publications().inForce().rule();
        traffic(90);
        assertThat(look()).as("the one that woke up again").isEqualTo("DONE");
        assertThat(release().state()).isEqualTo(State.OVERTAKEN);
        assertThat(publications().inForce().rule()).isEqualTo(left);
        assertThat(claimedByAnother()).as("still the other one's").isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereTooFewPaymentsComeItGivesUpAsItWasTold(boolean rollBack) {
        ask(new Plan(List.of(1, 100), 100, 6, rollBack, false));
        step("SHIFT");
        for (int look = 1; look < 6; look++) {
            assertThat(look()).isEqualTo("WAIT");
        }

        assertThat(look()).isEqualTo(rollBack ? "ROLL_BACK" : "DONE");
        if (rollBack) {
            step("ROLL_BACK");
        }

        assertThat(unit().colours()).isEqualTo(rollBack ? Map.of("a", 100, "b", 0) : Map.of("a", 99, "b", 1));
        assertThat(release().state()).isEqualTo(rollBack ? State.ROLLED_BACK : State.STARVED);
        assertThat(release().why()).contains("0 payments, and 0 of the other colour; 100 of each are enough");
    }

    @Test
    void anOperatorStopsWhatIsUnderWay() {
        ask(PLAN);
        step("SHIFT");
        traffic(0);
        assertThat(releases().save(release().stoppedBy(new Release.Decision(false, "op_2", "a bad feeling"))))
                .isTrue();

        assertThat(look()).isEqualTo("ROLL_BACK");
        assertThat(step("ROLL_BACK")).isEqualTo("DONE");

        assertThat(release().state()).isEqualTo(State.ROLLED_BACK);
        assertThat(release().why()).isEqualTo("stopped by op_2: a bad feeling");
        assertThat(unit().colours()).isEqualTo(Map.of("a", 100, "b", 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsShiftedBeforeTheApprovalThatWasAskedForNorWithoutIt(boolean approved) {
        ask(new Plan(List.of(1, 100), 100, 6, true, true));
        assertThat(step("BEGIN")).isEqualTo("APPROVE");
        step(tables.client(), "AWAIT", Map.of("token", "token-1"));

        assertThat(release().state()).isEqualTo(State.AWAITING_APPROVAL);
        assertThat(release().waiting()).isEqualTo(new Release.Waiting("token-1", "us-east-1"));
        clock.set(clock.instant().plus(Duration.ofHours(23)));
        assertThat(claimedByAnother()).as("while it waits").isFalse();

        Map<String, Object> decision =
                Map.of("decision", Map.of("approve", approved, "by", "op_2", "reason", "a quiet day"));
        assertThat(step(tables.client(), "DECIDED", decision)).isEqualTo(approved ? "SHIFT" : "DONE");
        assertThat(step(tables.client(), "DECIDED", decision)).isEqualTo(approved ? "SHIFT" : "DONE");

        assertThat(reasons()).isEmpty();
        assertThat(release().state()).isEqualTo(approved ? State.SHIFTING : State.REJECTED);
        assertThat(claimedByAnother()).isEqualTo(!approved);
    }

    @Test
    void anApprovalThatNobodyGivesEndsTheReleaseBeforeAnythingIsShifted() {
        ask(new Plan(List.of(1, 100), 100, 6, true, true));
        step("BEGIN");
        step(tables.client(), "AWAIT", Map.of("token", "token-1"));

        assertThat(step(tables.client(), "ROLL_BACK", Map.of("fault", "States.Timeout")))
                .isEqualTo("DONE");

        assertThat(release().state()).isEqualTo(State.FAILED);
        assertThat(release().why()).isEqualTo("States.Timeout");
        assertThat(reasons()).isEmpty();
    }

    @Test
    void aFaultBetweenAPublicationAndItsRecordIsRolledBackToo() {
        ask(PLAN);
        goOn();
        // Published, and dead before that was on record.
        Calls.dies(tables.client(), 20, client -> step(client, "SHIFT", Map.of()));
        assertThat(unit().colours()).isEqualTo(Map.of("a", 90, "b", 10));
        assertThat(release().weight()).isEqualTo(1);

        step(tables.client(), "ROLL_BACK", Map.of("fault", "States.Timeout"));

        assertThat(unit().colours()).isEqualTo(Map.of("a", 100, "b", 0));
        assertThat(release().state()).isEqualTo(State.ROLLED_BACK);
    }

    @Test
    void whatPhaseTwoOfTheColourGivesUpRollsItBackAlsoAtTheLastStep() {
        ask(new Plan(List.of(50, 100), 100, 6, true, false));
        deadLetters.put("double11-rz01-b-phase-two-dlq", 3);
        assertThat(goOn()).as("three were there before").isEqualTo("SHIFT");
        step("SHIFT");
        deadLetters.put("double11-rz01-b-phase-two-dlq", 4);

        assertThat(look()).isEqualTo("ROLL_BACK");
        step("ROLL_BACK");

        assertThat(release().why()).contains("gave up 1 messages");
        assertThat(unit().colours()).isEqualTo(Map.of("a", 100, "b", 0));
    }

    @Test
    void aRecordThatAnotherChangedMeanwhileIsNotOverwritten() {
        ask(PLAN);
        step("SHIFT");
        traffic(0);
        // After the look at the record, before it is written again.
        boolean met = Calls.meets(
                tables.client(),
                4,
                () -> releases().save(release().stoppedBy(new Release.Decision(false, "op_2", "a bad feeling"))),
                client -> assertThatThrownBy(() -> step(client, "VERIFY", Map.of()))
                        .hasMessageContaining("was changed by another one"));

        assertThat(met).isTrue();
        assertThat(look()).isEqualTo("ROLL_BACK");
    }

    @Test
    void countsOfManyGatewaysAddUpAndNoneOverwritesAnothers() {
        for (int i = 0; i < 50; i++) {
            clock.set(clock.instant().plusMillis(7));
            count("a", 2, 1, List.of("us-east-1", "us-east-2", "us-west-2").get(i % 3));
        }
        Tally tally = new DynamoDbTallies(tables.client(), LocalTables.PLATFORM, "us-east-2", clock)
                .read(UNIT, List.of("a", "b"), List.of("us-east-1", "us-east-2", "us-west-2"))
                .get("a");

        List<Long> latencies = new ArrayList<>(Collections.nCopies(30, 0L));
        latencies.set(12, 100L);
        assertThat(tally).isEqualTo(new Tally(Map.of(Ending.PAID, 100L, Ending.FAILED, 50L), latencies));
    }
}
