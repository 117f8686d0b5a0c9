package doubleeleven.gateway.aws;

import static doubleeleven.gateway.aws.OperatorsRoom.BALANCE;
import static doubleeleven.gateway.aws.OperatorsRoom.NOW;
import static doubleeleven.gateway.aws.OperatorsRoom.OPERATOR;
import static doubleeleven.gateway.aws.OperatorsRoom.attempt;
import static doubleeleven.gateway.aws.OperatorsRoom.id;
import static doubleeleven.gateway.aws.OperatorsRoom.order;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.Entry;
import doubleeleven.account.Hold;
import doubleeleven.account.Tombstone;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.gateway.operations.Books;
import doubleeleven.gateway.operations.Intervention;
import doubleeleven.gateway.operations.Interventions;
import doubleeleven.gateway.operations.Interventions.Decision;
import doubleeleven.gateway.operations.Interventions.Wish;
import doubleeleven.gateway.operations.JournalItem;
import doubleeleven.gateway.operations.Operated;
import doubleeleven.ids.AttemptId;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.routing.Traffic;
import doubleeleven.testkit.LocalTables;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Open payments as operators see them, and what they may do about them. */
class OperationsCallsTest {
    private static final Map<String, Object> ABORT = Map.of("decision", "ABORT", "reason", "nobody decides");
    private static final Map<String, Object> RETRY = Map.of("reason", "phase two mended");
    private static final String QUEUE = "double11-rz01-a-phase-two";

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
    void clear() {
        room.clear();
    }

    private static void postpone(Payment payment, Instant dueAt) {
        room.tables
                .client()
                .updateItem(request -> request.tableName(LocalTables.PAYMENT)
                        .key(Values.key(payment.order()))
                        .updateExpression("SET dueAt = :dueAt")
                        .expressionAttributeValues(Map.of(":dueAt", Values.n(dueAt))));
    }

    private static List<String> ids(Reply reply) {
        return Json.objects(reply.body(), "payments").stream()
                .map(payment -> Json.text(payment, "id"))
                .toList();
    }

    private static Map<String, Object> only(Reply reply, String list) {
        assertThat(Json.objects(reply.body(), list)).hasSize(1);
        return Json.objects(reply.body(), list).getFirst();
    }

    // Listing.

    @Test
    void openPaymentsComeOldestFirstWhateverTheirUnitAndHoweverRecoveryPostponedThem() {
        room.put("young", PaymentStatus.COMMITTED, NOW.minusSeconds(2));
        Payment old = room.put("old", PaymentStatus.COMMITTED, NOW.minusSeconds(600));
        postpone(old, NOW.plusSeconds(60));
        room.put("middle", PaymentStatus.TRYING, NOW.minusSeconds(10));
        room.put("over", PaymentStatus.SUCCEEDED, NOW.minusSeconds(900));

        assertThat(ids(room.get("/operations/payments"))).containsExactly(id("old"), id("middle"), id("young"));
    }

    @Test
    void aListedPaymentTellsItsAgeItsDueTimeAndWhetherItIsStuckAndWhy() {
        postpone(room.put("old", PaymentStatus.COMMITTED, NOW.minusSeconds(600)), NOW.plusSeconds(60));

        assertThat(only(room.get("/operations/payments"), "payments"))
                .containsEntry("kind", "PAYMENT")
                .containsEntry("status", "COMMITTED")
                .containsEntry("attempt", attempt("old").value())
                .containsEntry("unit", "RZ01")
                .containsEntry("colour", "a")
                .containsEntry("ageSeconds", 600)
                .containsEntry("due", NOW.plusSeconds(60).toString())
                .containsEntry("overdueSeconds", 594)
                .containsEntry("stuck", true)
                .hasEntrySatisfying("why", why -> assertThat(why.toString()).contains("Phase two"));
    }

    @Test
    void aPaymentIsStuckAMinuteAfterItsDeadlineAndNotBefore() {
        room.put("p", PaymentStatus.TRYING, NOW);
        Instant bound = NOW.plusSeconds(20 + 60);

        room.at(bound);
        assertThat(ids(room.get("/operations/payments?state=stuck"))).isEmpty();
        room.at(bound.plusMillis(1));
        assertThat(ids(room.get("/operations/payments?state=stuck"))).containsExactly(id("p"));
    }

    @Test
    void pagesGoOnWhereTheyEndedThoughPaymentsCameAndWentMeanwhile() {
        for (int i = 0; i < 5; i++) {
            room.put("p" + i, PaymentStatus.COMMITTED, NOW.minusSeconds(100 - i));
        }
        Reply first = room.get("/operations/payments?limit=2");
        room.put("p1", PaymentStatus.SUCCEEDED, NOW.minusSeconds(99));
        room.put("older", PaymentStatus.COMMITTED, NOW.minusSeconds(500));
        Reply second = room.get("/operations/payments?limit=2&next=" + first.text("next"));
        Reply third = room.get("/operations/payments?limit=2&next=" + second.text("next"));

        assertThat(ids(first)).containsExactly(id("p0"), id("p1"));
        assertThat(ids(second)).containsExactly(id("p2"), id("p3"));
        assertThat(ids(third)).containsExactly(id("p4"));
        assertThat(third.body()).doesNotContainKey("next").containsEntry("complete", true);
    }

    @Test
    void aUnitsPaymentsAreListedAlone() {
        room.put("p", PaymentStatus.COMMITTED, NOW.minusSeconds(2));

        assertThat(ids(room.get("/operations/payments?unit=RZ01"))).containsExactly(id("p"));
        assertThat(ids(room.get("/operations/payments?unit=RZ02"))).isEmpty();
    }

    @Test
    void anItemThatNobodyCanReadIsListedAndExplainedAsThatAndHidesNoOther() {
        room.putUnreadable("broken", NOW.minusSeconds(700));
        room.put("p", PaymentStatus.COMMITTED, NOW.minusSeconds(600));

        Reply list = room.get("/operations/payments?state=stuck");

        assertThat(ids(list)).containsExactly(order("broken").value(), id("p"));
        assertThat(Json.objects(list.body(), "payments").getFirst()).containsEntry("status", "UNREADABLE");
        assertThat(room.get("/operations/payments/" + order("broken")).text("diagnosis"))
                .contains("no schema fits");
        assertThat(room.post("/operations/payments/" + order("broken") + "/retry", RETRY)
                        .slug())
                .isEqualTo("decision-not-safe");
    }

    @ParameterizedTest
    @CsvSource({
        "state=all, state",
        "state=, state",
        "unit=RZ09, unit",
        "unit=rz01, unit",
        "limit=0, limit",
        "limit=101, limit",
        "limit=ten, limit",
        "limit=1.0, limit",
        "limit=1&limit=2, limit",
        "next=short, next",
        "next=AAAAAAAAAAAAAAAAAAAAAAAA, next",
        "next=!!!!!!!!!!!!!!!!!!!!!!!!, next",
        "colour=a, colour"
    })
    void aWrongParameterIsNamed(String query, String parameter) {
        Reply reply = room.get("/operations/payments?" + query);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.wrongFields()).containsExactly(parameter);
    }

    @Test
    void onlyOperatorsCallOperations() {
        room.key("m1", Role.MERCHANT, "m1");
        for (String path : List.of("/operations/payments", "/operations/dead-letters")) {
            assertThat(room.call("GET", path, null, "m1").slug()).isEqualTo("forbidden");
            assertThat(room.call("GET", path, null, "nobody").slug()).isEqualTo("unauthorized");
        }
        assertThat(room.call("POST", "/operations/payments/" + id("p") + "/retry", Json.write(RETRY), "m1")
                        .slug())
                .isEqualTo("forbidden");
        assertThat(room.get("/merchants/m1/balance").slug()).isEqualTo("not-found");
    }

    // Explaining.

    @Test
    void anExplanationTellsEachStepWithTimeWhoAndWhyAndWhatLiesWhere() {
        Payment payment = room.put("p", PaymentStatus.COMMITTED, NOW.minusSeconds(600));
        room.putBalance(Map.of(attempt("p"), new Hold(100, order("p"), NOW)), Map.of());

        Reply reply = room.get("/operations/payments/" + id("p"));

        assertThat(Json.objects(reply.body(), "steps"))
                .extracting(step -> step.get("step") + " " + step.get("outcome") + " " + step.get("by") + " "
                        + step.get("why") + " " + step.get("at"))
                .containsExactly(
                        "CLAIM CLAIMED RZ01-a null " + payment.claimedAt(),
                        "HOLD HELD RZ01-a null " + payment.claimedAt().plusMillis(500),
                        "RISK APPROVE rules-1 without the payer's features " + payment.decidedAt(),
                        "DECISION COMMITTED RZ01-a null " + payment.decidedAt());
        assertThat(Json.objects(reply.body(), "accounts"))
                .extracting(account -> account.get("account") + " " + account.get("role") + " " + account.get("state"))
                .containsExactly(BALANCE + " DEBIT HOLD", "M#gifts#3/BALANCE PAYEE NOT_YET");
        assertThat(only(reply, "abortedAttempts")).containsEntry("reason", "SUPERSEDED");
        assertThat(reply.text("diagnosis"))
                .contains("has yet to confirm " + BALANCE, "It is stuck", "double11-rz01-a-phase-two-dlq");
        assertThat(reply.body().get("may")).isEqualTo(List.of("RETRY"));
    }

    @Test
    void abortedAttemptsStandInOneOrderHoweverTheItemHoldsThem() {
        room.put("p", PaymentStatus.COMMITTED, NOW.minusSeconds(600));
        Map<String, AttributeValue> losers = IntStream.range(0, 12)
                .mapToObj(number -> AttemptId.of(order("p"), "other-" + number, "fingerprint"))
                .collect(Collectors.toMap(AttemptId::value, each -> AttributeValue.fromS("SUPERSEDED")));
        room.tables
                .client()
                .updateItem(request -> request.tableName(LocalTables.PAYMENT)
                        .key(Map.of("pk", AttributeValue.fromS(order("p").value())))
                        .updateExpression("SET aborted = :losers")
                        .expressionAttributeValues(Map.of(":losers", AttributeValue.fromM(losers))));

        Reply reply = room.get("/operations/payments/" + id("p"));

        assertThat(Json.objects(reply.body(), "abortedAttempts"))
                .extracting(each -> (String) each.get("attempt"))
                .containsExactlyElementsOf(new TreeSet<>(losers.keySet()));
    }

    @Test
    void anEntryIsExplainedAsEnteredAndThenAsPosted() {
        Payment payment = room.put("p", PaymentStatus.COMMITTED, NOW.minusSeconds(600));
        room.putBalance(Map.of(), Map.of(attempt("p"), new Tombstone(NOW, order("p"))));
        Entry entry = Entry.of("gifts", 3, attempt("p"), payment.decidedAt(), 100, CurrencyUnit.GBP, order("p"));
        room.put(entry);

        assertThat(states("p")).containsExactly("TOMBSTONE", "ENTERED");
        assertThat(room.get("/operations/payments/" + id("p")).text("diagnosis"))
                .contains("has yet to finish it");
        room.put(new Entry(
                entry.partition(),
                entry.sortKey(),
                entry.amountMinor(),
                entry.currency(),
                entry.order(),
                7L,
                null,
                Map.of()));
        assertThat(states("p")).containsExactly("TOMBSTONE", "POSTED");
    }

    @Test
    void aCommittedPaymentWhoseHoldIsGoneIsExplainedAsTheFaultItIs() {
        room.put("p", PaymentStatus.COMMITTED, NOW.minusSeconds(600));
        room.putBalance(Map.of(), Map.of());

        assertThat(states("p")).containsExactly("NOTHING", "NOT_YET");
        assertThat(room.get("/operations/payments/" + id("p")).text("diagnosis"))
                .contains("neither its hold nor a tombstone", "hold-missing");
    }

    @ParameterizedTest
    @EnumSource(PaymentStatus.class)
    void everyStatusIsExplainedAndAMissingAccountIsNoObstacle(PaymentStatus status) {
        room.put("p", status, NOW.minusSeconds(2));

        Reply reply = room.get("/operations/payments/" + id("p"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("diagnosis")).startsWith("It").endsWith(".");
        assertThat(states("p").getFirst()).isEqualTo("NO_ACCOUNT");
    }

    @Test
    void anAttemptWhoseClaimNeverLandedIsExplainedByTheKeyOfItsItem() {
        Payment known = room.payment("p", PaymentStatus.ABORTED, NOW.minusSeconds(100));
        room.put(new Payment(
                known.order(),
                known.status(),
                known.attempt(),
                "RZ01",
                "a",
                known.due(),
                known.dueAt(),
                null,
                known.decidedAt(),
                null,
                known.aborted(),
                null,
                List.of("EXPIRED"),
                null,
                List.of(),
                List.of(),
                null,
                Map.of(),
                Map.of()));

        assertThat(ids(room.get("/operations/payments")))
                .containsExactly(order("p").value());
        assertThat(room.get("/operations/payments/" + order("p")).status()).isEqualTo(200);
        assertThat(room.get("/operations/payments/" + id("p")).status()).isEqualTo(404);
    }

    @Test
    void whatThereIsNotIsNotExplained() {
        room.put("p", PaymentStatus.TRYING, NOW);
        String otherShard = (id("p").startsWith("00") ? "01" : "00") + order("p");

        for (String address : List.of(id("q"), order("q").value(), otherShard, "nonsense")) {
            assertThat(room.get("/operations/payments/" + address).slug()).isEqualTo("not-found");
            assertThat(room.post("/operations/payments/" + address + "/retry", RETRY)
                            .slug())
                    .isEqualTo("not-found");
            assertThat(room.post("/operations/payments/" + address + "/decision", ABORT)
                            .slug())
                    .isEqualTo("not-found");
        }
    }

    private static List<String> states(String number) {
        return Json.objects(room.get("/operations/payments/" + id(number)).body(), "accounts").stream()
                .map(account -> Json.text(account, "state"))
                .toList();
    }

    // Retry.

    @Test
    void aRetryIsOnRecordAndAsksTheUnitsPhaseTwo() {
        room.put("p", PaymentStatus.COMMITTED, NOW.minusSeconds(600));

        Reply reply = room.post("/operations/payments/" + id("p") + "/retry", RETRY);

        assertThat(reply.status()).isEqualTo(202);
        Map<String, Object> message = Json.object(room.queues.visible(QUEUE).getFirst());
        assertThat(message)
                .containsEntry("pk", order("p").value())
                .containsEntry("attempt", attempt("p").value())
                .containsEntry("why", "OPERATOR")
                .containsEntry("trace", OperatorsRoom.command("p").trace());
        Reply explained = room.get("/operations/payments/" + id("p"));
        assertThat(only(explained, "operated"))
                .containsEntry("action", "RETRY")
                .containsEntry("key", OPERATOR)
                .containsEntry("reason", "phase two mended")
                .containsEntry("result", "SENT")
                .containsEntry("at", NOW.toString());
        assertThat(Json.objects(explained.body(), "steps").getLast())
                .containsEntry("step", "OPERATOR_RETRY")
                .containsEntry("by", OPERATOR)
                .containsEntry("why", "phase two mended");
        assertThat(room.item("p").get("status").s()).isEqualTo("COMMITTED");
    }

    @Test
    void aRetryGoesToTheStandbyWhereTheUnitsQueueIsGoneAndIsOnRecordWhereNobodyTakesIt() {
        room.put("p", PaymentStatus.ABORTED, NOW.minusSeconds(600));
        room.queues.remove(QUEUE);

        assertThat(room.post("/operations/payments/" + id("p") + "/retry", RETRY)
                        .status())
                .isEqualTo(202);
        assertThat(room.queues.visible("double11-rz02-a-phase-two")).hasSize(1);

        room.queues.remove("double11-rz02-a-phase-two");
        assertThat(room.post("/operations/payments/" + id("p") + "/retry", RETRY)
                        .slug())
                .isEqualTo("unit-unreachable");
        assertThat(Json.objects(room.get("/operations/payments/" + id("p")).body(), "operated"))
                .extracting(operated -> operated.get("result"))
                .containsExactly("SENT", "NOT_SENT");
    }

    @Test
    void aRetryOfWhatIsOverOrStillAtWorkIsRefusedWithTheReason() {
        room.put("over", PaymentStatus.SUCCEEDED, NOW.minusSeconds(600));
        room.put("closed", PaymentStatus.CLOSED, NOW.minusSeconds(600));
        room.put("young", PaymentStatus.TRYING, NOW.minusSeconds(19));

        for (String number : List.of("over", "closed", "young")) {
            Reply reply = room.post("/operations/payments/" + id(number) + "/retry", RETRY);
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.slug()).isEqualTo("nothing-to-do");
            assertThat(room.item(number)).doesNotContainKey("operated");
        }
        assertThat(room.post("/operations/payments/" + id("young") + "/retry", RETRY)
                        .text("detail"))
                .contains(NOW.plusSeconds(1).toString());
        assertThat(room.queues.visible(QUEUE)).isEmpty();
    }

    @Test
    void theRecordOfOperatorsIsBoundedAndSaysSo() {
        room.put("p", PaymentStatus.COMMITTED, NOW.minusSeconds(600));
        for (int i = 0; i < 20; i++) {
            assertThat(room.post("/operations/payments/" + id("p") + "/retry", RETRY)
                            .status())
                    .isEqualTo(202);
        }

        Reply reply = room.post("/operations/payments/" + id("p") + "/retry", RETRY);

        assertThat(reply.slug()).isEqualTo("too-many-actions");
        assertThat(reply.text("detail")).contains("20 times");
        assertThat(room.item("p").get("operated").l()).hasSize(20);
        assertThat(room.queues.visible(QUEUE)).hasSize(20);
    }

    // A decision by hand.

    @Test
    void whatNobodyDecidedByItsDeadlineIsAbortedInOneWriteWithTheRecordOfWhoDidIt() {
        room.put("p", PaymentStatus.TRYING, NOW.minusSeconds(20));

        Reply reply = room.post("/operations/payments/" + id("p") + "/decision", ABORT);

        assertThat(reply.status()).isEqualTo(200);
        Map<String, AttributeValue> item = room.item("p");
        assertThat(item.get("status").s()).isEqualTo("ABORTED");
        assertThat(item.get("decidedAt").n()).isEqualTo(Long.toString(NOW.toEpochMilli()));
        assertThat(item.get("dueAt").n())
                .isEqualTo(Long.toString(NOW.plusSeconds(5).toEpochMilli()));
        assertThat(item.get("due").s()).startsWith("RZ01#");
        assertThat(item.get("reasons").l()).containsExactly(Values.s("EXPIRED"));
        assertThat(item.get("aborted").m()).containsKey(attempt("p").value());
        Reply explained = room.get("/operations/payments/" + id("p"));
        assertThat(only(explained, "operated"))
                .containsEntry("action", "ABORT")
                .containsEntry("result", "ABORTED")
                .containsEntry("key", OPERATOR);
        assertThat(Json.objects(explained.body(), "steps"))
                .filteredOn(step -> "DECISION".equals(step.get("step")))
                .singleElement()
                .satisfies(step -> assertThat(step).containsEntry("by", OPERATOR));
        // Phase two follows from the stream.
        assertThat(room.queues.visible(QUEUE)).isEmpty();
    }

    @Test
    void beforeItsDeadlineAPaymentIsLeftToItsWorkflowAndTheOperatorIsToldUntilWhen() {
        room.put("p", PaymentStatus.TRYING, NOW.minusSeconds(19));

        Reply reply = room.post("/operations/payments/" + id("p") + "/decision", ABORT);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("decision-not-safe");
        assertThat(reply.text("detail")).contains(NOW.plusSeconds(1).toString());
        assertThat(room.item("p").get("status").s()).isEqualTo("TRYING");
    }

    @ParameterizedTest
    @EnumSource(value = PaymentStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "TRYING")
    void aDecisionIsNeverReversed(PaymentStatus status) {
        room.put("p", status, NOW.minusSeconds(600));
        Map<String, AttributeValue> before = room.item("p");

        Reply reply = room.post("/operations/payments/" + id("p") + "/decision", ABORT);

        assertThat(reply.slug()).isEqualTo("decision-not-safe");
        assertThat(reply.text("detail")).contains("a decision is never reversed", status.name());
        assertThat(room.item("p")).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(PaymentStatus.class)
    void nobodyCommitsByHand(PaymentStatus status) {
        room.put("p", status, NOW.minusSeconds(600));
        Map<String, AttributeValue> before = room.item("p");

        Reply reply = room.post(
                "/operations/payments/" + id("p") + "/decision", Map.of("decision", "COMMIT", "reason", "please"));

        assertThat(reply.slug()).isEqualTo("decision-not-safe");
        assertThat(reply.text("detail")).contains("COMMIT is never safe by hand");
        assertThat(room.item("p")).isEqualTo(before);
    }

    @Test
    void anAbortThatMeetsACommitWhichLandedFirstIsRefusedAndSaysSo() {
        room.put("p", PaymentStatus.TRYING, NOW.minusSeconds(20));
        DynamoDbClient late =
                before(UpdateItemRequest.class, () -> room.put("p", PaymentStatus.COMMITTED, NOW.minusSeconds(20)));

        Intervention intervention =
                interventions(late).decide(order("p").value(), item -> true, Decision.ABORT, wish());

        assertThat(intervention)
                .isInstanceOfSatisfying(
                        Intervention.NotSafe.class,
                        refused -> assertThat(refused.why()).contains("COMMITTED", "never reversed"));
        assertThat(room.item("p").get("status").s()).isEqualTo("COMMITTED");
        assertThat(room.item("p")).doesNotContainKey("operated");
    }

    /** Whoever asks for it: the write itself leaves alone what a workflow may still decide. */
    @Test
    void theWriteOfAnAbortIsRefusedBeforeTheDeadline() {
        room.put("p", PaymentStatus.TRYING, NOW.minusSeconds(20));
        DynamoDbBooks books = room.books(room.tables.client());
        JournalItem seen = seen(books, "p");
        Operated early = new Operated(
                "0af7651916cd43dd",
                NOW.minusMillis(1),
                OPERATOR,
                Operated.Action.ABORT,
                "a reason",
                attempt("p"),
                Operated.Result.ABORTED);

        assertThat(books.abort(seen, early, NOW.plusSeconds(5))).isFalse();
        assertThat(room.item("p").get("status").s()).isEqualTo("TRYING");
    }

    @Test
    void whatTheRecordHasNoRoomForIsNotAbortedEither() {
        room.put("p", PaymentStatus.COMMITTED, NOW.minusSeconds(600));
        for (int i = 0; i < 20; i++) {
            room.post("/operations/payments/" + id("p") + "/retry", RETRY);
        }
        Map<String, AttributeValue> item = new HashMap<>(room.item("p"));
        item.put("status", Values.s("TRYING"));
        room.tables
                .client()
                .putItem(request -> request.tableName(LocalTables.PAYMENT).item(item));

        assertThat(room.post("/operations/payments/" + id("p") + "/decision", ABORT)
                        .slug())
                .isEqualTo("too-many-actions");
        assertThat(room.item("p").get("status").s()).isEqualTo("TRYING");
    }

    private static JournalItem seen(DynamoDbBooks books, String number) {
        String key = order(number).value();
        return ((Books.Sight.Seen) books.read(List.of(key)).get(key)).item();
    }

    @Test
    void anAbortMeantForOneAttemptNeverHitsTheNextOne() {
        room.put("p", PaymentStatus.TRYING, NOW.minusSeconds(20));
        DynamoDbClient late = before(UpdateItemRequest.class, () -> {
            Map<String, AttributeValue> item = new HashMap<>(room.item("p"));
            item.put("attempt", Values.s(attempt("another").value()));
            item.put("dueAt", Values.n(NOW.plusSeconds(20)));
            room.tables
                    .client()
                    .putItem(request -> request.tableName(LocalTables.PAYMENT).item(item));
        });

        assertThat(interventions(late).decide(order("p").value(), item -> true, Decision.ABORT, wish()))
                .isInstanceOf(Intervention.NotSafe.class);
        assertThat(room.item("p").get("status").s()).isEqualTo("TRYING");
    }

    @Test
    void aWriteWhoseAnswerWasLostIsFoundOnRecordAndCountsOnce() {
        room.put("tried", PaymentStatus.TRYING, NOW.minusSeconds(20));
        room.put("decided", PaymentStatus.COMMITTED, NOW.minusSeconds(20));
        List<String> asked = new ArrayList<>();
        Interventions interventions = new Interventions(
                room.books(repeating()),
                (payment, trace) -> asked.add(payment.order().value()),
                Traffic.LIVE,
                room.clock());

        assertThat(interventions.decide(order("tried").value(), item -> true, Decision.ABORT, wish()))
                .isInstanceOf(Intervention.Done.class);
        assertThat(interventions.retry(order("decided").value(), item -> true, wish()))
                .isInstanceOf(Intervention.Done.class);

        assertThat(asked).containsExactly(order("decided").value());
        for (String number : List.of("tried", "decided")) {
            assertThat(only(room.get("/operations/payments/" + id(number)), "operated"))
                    .hasEntrySatisfying("result", result -> assertThat(result).isIn("ABORTED", "SENT"));
        }
    }

    @Test
    void aRetryThatDiesAfterItsRecordLeavesItOnRecord() {
        room.put("p", PaymentStatus.COMMITTED, NOW.minusSeconds(20));
        Interventions dying = new Interventions(
                room.books(room.tables.client()),
                (payment, trace) -> {
                    throw new AssertionError("the function is killed");
                },
                Traffic.LIVE,
                room.clock());

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> dying.retry(order("p").value(), item -> true, wish()))
                .isInstanceOf(AssertionError.class);

        assertThat(only(room.get("/operations/payments/" + id("p")), "operated"))
                .containsEntry("result", "ASKED");
    }

    private static Interventions interventions(DynamoDbClient client) {
        return new Interventions(room.books(client), (payment, trace) -> {}, Traffic.LIVE, room.clock());
    }

    private static Wish wish() {
        return new Wish(
                "0af7651916cd43dd",
                OPERATOR,
                "a reason",
                OperatorsRoom.command("p").trace());
    }

    /** The database, with something happening once right before a request of that type. */
    private static DynamoDbClient before(Class<?> type, Runnable happening) {
        boolean[] happened = {false};
        return proxy((client, method, args) -> {
            if (!happened[0] && args != null && type.isInstance(args[0])) {
                happened[0] = true;
                happening.run();
            }
            return method.invoke(client, args);
        });
    }

    /** The database, with every update made twice, as the client does that got no answer to the first. */
    private static DynamoDbClient repeating() {
        return proxy((client, method, args) -> {
            if (args != null && args[0] instanceof UpdateItemRequest) {
                method.invoke(client, args);
            }
            return method.invoke(client, args);
        });
    }

    private static DynamoDbClient proxy(java.lang.reflect.InvocationHandler handler) {
        return (DynamoDbClient) Proxy.newProxyInstance(
                DynamoDbClient.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (self, method, args) -> {
                    try {
                        return handler.invoke(room.tables.client(), method, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aReasonIsMandatoryAndTheFieldIsNamedWithItsRange() {
        room.put("p", PaymentStatus.COMMITTED, NOW.minus(Duration.ofMinutes(1)));
        for (Object reason : List.of("", " padded", "x".repeat(201), "two\nlines", 1)) {
            Reply reply = room.post("/operations/payments/" + id("p") + "/retry", Map.of("reason", reason));
            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.wrongFields()).containsExactly("reason");
            assertThat(reply.body().toString()).contains("1 to 200 characters");
        }
        assertThat(room.item("p")).doesNotContainKey("operated");
    }
}
