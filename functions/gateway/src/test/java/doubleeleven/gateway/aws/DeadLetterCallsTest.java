package doubleeleven.gateway.aws;

import static doubleeleven.gateway.aws.OperatorsRoom.NOW;
import static doubleeleven.gateway.aws.OperatorsRoom.OPERATOR;
import static doubleeleven.gateway.aws.OperatorsRoom.attempt;
import static doubleeleven.gateway.aws.OperatorsRoom.id;
import static doubleeleven.gateway.aws.OperatorsRoom.order;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.testkit.LocalTables;
import java.util.HashMap;
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

/** Dead letters as operators see them, and their way back. */
class DeadLetterCallsTest {
    private static final String SOURCE = "double11-rz01-a-phase-two";
    private static final String DEAD = SOURCE + "-dlq";
    private static final String PATH = "/operations/dead-letters/" + DEAD;
    private static final Map<String, Object> ALL = Map.of("reason", "credits work again");

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

    private static String message(String number, String attempt) {
        return Json.write(Map.of("pk", order(number).value(), "attempt", attempt, "why", "RECOVERY"));
    }

    private static String message(String number) {
        return message(number, attempt(number).value());
    }

    private static List<AttributeValue> recorded(String attribute) {
        return room.tables.client().scan(request -> request.tableName(LocalTables.CONTROL)).items().stream()
                .map(item -> item.get(attribute))
                .toList();
    }

    @Test
    void everyDeadLetterQueueOfTheRegionIsListedWithItsDepthAndWhatToDo() {
        room.queues.put(DEAD, message("p"));

        List<Map<String, Object>> queues =
                Json.objects(room.get("/operations/dead-letters").body(), "queues");

        assertThat(queues)
                .extracting(queue -> queue.get("queue") + " " + queue.get("source") + " " + queue.get("waiting"))
                .containsExactly(
                        DEAD + " " + SOURCE + " 1",
                        "double11-rz01-a-posting-dlq double11-rz01-a-posting 0",
                        "double11-rz01-a-features-dlq double11-rz01-a-features 0",
                        "double11-rz01-a-notifications-dlq double11-rz01-a-notifications 0",
                        "double11-relay-dlq null 0",
                        "double11-rz01-a-recovery-dlq null 0");
        assertThat(queues.getFirst().get("remedy").toString()).contains("redrive");
        assertThat(queues.getLast().get("remedy").toString()).contains("purge");
    }

    @Test
    void aPreviewTellsWhatEachMessageIsAboutAndHidesNoneOfThem() {
        room.put("open", PaymentStatus.COMMITTED, NOW.minusSeconds(600));
        room.put("over", PaymentStatus.SUCCEEDED, NOW.minusSeconds(600));
        room.queues.put(DEAD, message("open"));
        room.queues.put(DEAD, message("over"));
        room.queues.put(DEAD, message("never"));
        room.queues.put(DEAD, message("open", attempt("other").value()));
        room.queues.put(DEAD, "no JSON");

        Reply preview = room.get(PATH);

        assertThat(Json.objects(preview.body(), "messages"))
                .extracting(shown -> shown.get("payment") + " " + shown.get("status"))
                .containsExactly(
                        id("open") + " COMMITTED",
                        id("over") + " SUCCEEDED",
                        order("never") + " NONE",
                        id("open") + " COMMITTED",
                        "null null");
        assertThat(Json.objects(preview.body(), "messages"))
                .extracting(shown -> shown.get("redrive").toString())
                .satisfiesExactly(
                        text -> assertThat(text).contains("confirms the holds"),
                        text -> assertThat(text).contains("Nothing: the payment is over"),
                        text -> assertThat(text).contains("claim never landed"),
                        text -> assertThat(text).contains("does not own the order"),
                        text -> assertThat(text).contains("would come back here"));
        assertThat(Json.objects(preview.body(), "messages").getFirst())
                .containsEntry("why", "RECOVERY")
                .containsEntry("receives", 1)
                .containsEntry("ageSeconds", 0);
        assertThat(room.queues.visible(DEAD)).hasSize(5);
        assertThat(recorded("pk")).isEmpty();
    }

    @Test
    void whatNoMerchantTookIsShownWithWhomItIsToldAgain() {
        String dead = "double11-rz01-a-notifications-dlq";
        room.put("p", PaymentStatus.SUCCEEDED, NOW.minusSeconds(600));
        Map<String, Object> decided = Map.of(
                "pk", order("p").value(), "attempt", attempt("p").value(), "kind", "PAYMENT", "merchant", "market");
        Map<String, Object> left = new HashMap<>(decided);
        left.put("to", List.of("toys", "gifts"));
        room.queues.put(dead, Json.write(decided));
        room.queues.put(dead, Json.write(left));

        Map<String, Object> preview =
                room.get("/operations/dead-letters/" + dead).body();

        assertThat(preview.get("remedy").toString())
                .contains("Merchants did not take these")
                .contains("redrive");
        assertThat(Json.objects(preview, "messages"))
                .extracting(shown -> shown.get("payment") + " " + shown.get("redrive"))
                .containsExactly(
                        id("p") + " Every merchant whom the decision concerns is told again.",
                        id("p") + " Told again: toys, gifts.");
    }

    @Test
    void aPreviewShowsNoMoreThanWasAskedFor() {
        for (int i = 0; i < 4; i++) {
            room.queues.put(DEAD, message("p" + i));
        }

        assertThat(Json.objects(room.get(PATH + "?limit=3").body(), "messages")).hasSize(3);
        assertThat(room.queues.visible(DEAD)).hasSize(4);
    }

    @Test
    void aRedriveMovesEverythingBackAndIsOnRecordWithWhoAndWhy() {
        room.queues.put(DEAD, message("p"));
        room.queues.put(DEAD, message("q"));

        Reply reply = room.post(PATH + "/redrive", ALL);

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.number("moving")).isEqualTo(2);
        assertThat(room.queues.visible(SOURCE)).containsExactly(message("p"), message("q"));
        assertThat(room.queues.visible(DEAD)).isEmpty();
        assertThat(recorded("pk")).extracting(AttributeValue::s).containsExactly("AUDIT#2025-11-11");
        assertThat(recorded("key")).extracting(AttributeValue::s).containsExactly(OPERATOR);
        assertThat(recorded("reason")).extracting(AttributeValue::s).containsExactly("credits work again");
        assertThat(recorded("result")).extracting(AttributeValue::s).containsExactly("MOVING 2");
        assertThat(room.get(PATH).body().get("lastRedrive")).isEqualTo(Map.of("status", "COMPLETED", "moved", 2));
    }

    @Test
    void aPreviewShowsWhoHasRedrivenTheQueueLatelyAndWhyTheLatestFirst() {
        room.queues.put(DEAD, message("p"));
        room.at(NOW.minusSeconds(1));
        room.post(PATH + "/redrive", Map.of("reason", "yesterday", "most", 2));
        room.queues.put(DEAD, message("q"));
        room.at(NOW);
        room.post(PATH + "/redrive", ALL);

        assertThat(Json.objects(room.get(PATH).body(), "redrives"))
                .extracting(each -> each.get("at") + " " + each.get("key") + " " + each.get("reason") + " "
                        + each.get("most") + " " + each.get("result"))
                .containsExactly(
                        NOW + " " + OPERATOR + " credits work again null MOVING 1",
                        NOW.minusSeconds(1) + " " + OPERATOR + " yesterday 2 MOVED 1");
        assertThat(Json.objects(
                        room.get("/operations/dead-letters/double11-relay-dlq").body(), "redrives"))
                .isEmpty();
        room.at(NOW.plusSeconds(86_400));
        assertThat(Json.objects(room.get(PATH).body(), "redrives")).hasSize(1);
    }

    @Test
    void aFewMessagesAreMovedFirstToSeeWhetherTheCauseIsMended() {
        for (int i = 0; i < 3; i++) {
            room.queues.put(DEAD, message("p" + i));
        }

        Reply reply = room.post(PATH + "/redrive", Map.of("reason", "one to see", "most", 1));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.number("moved")).isEqualTo(1);
        assertThat(room.queues.visible(SOURCE)).containsExactly(message("p0"));
        assertThat(room.queues.visible(DEAD)).containsExactly(message("p1"), message("p2"));
        assertThat(recorded("result")).extracting(AttributeValue::s).containsExactly("MOVED 1");
    }

    @Test
    void aRedriveThatFailsOnItsWayIsOnRecordAndLosesNothing() {
        room.queues.put(DEAD, message("p"));
        room.queues.remove(SOURCE);

        assertThat(room.post(PATH + "/redrive", Map.of("reason", "one to see", "most", 1))
                        .status())
                .isEqualTo(500);

        assertThat(recorded("result")).extracting(AttributeValue::s).containsExactly("ASKED");
        assertThat(Json.objects(room.get("/operations/dead-letters").body(), "queues"))
                .hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"double11-relay-dlq", "double11-rz01-a-recovery-dlq"})
    void whatCameFromNoQueueIsNotRedrivenAndTheOperatorIsToldWhatToDoInstead(String queue) {
        room.queues.put(queue, "{}");

        Reply reply = room.post("/operations/dead-letters/" + queue + "/redrive", ALL);

        assertThat(reply.slug()).isEqualTo("not-redrivable");
        assertThat(reply.text("detail")).contains("came from no queue", "purge");
        assertThat(room.queues.visible(queue)).hasSize(1);
        assertThat(recorded("pk")).isEmpty();
    }

    @Test
    void whereNothingWaitsOrARedriveIsUnderWayThereIsNothingToDo() {
        assertThat(room.post(PATH + "/redrive", ALL).slug()).isEqualTo("nothing-to-do");

        room.queues.put(DEAD, message("p"));
        room.queues.moveIsUnderWay(DEAD);
        Reply reply = room.post(PATH + "/redrive", ALL);

        assertThat(reply.slug()).isEqualTo("nothing-to-do");
        assertThat(reply.text("detail")).contains("under way", "3");
        assertThat(recorded("pk")).isEmpty();
    }

    @Test
    void aQueueOfAnotherRegionOrOfNobodyIsNotFound() {
        for (String queue : List.of("double11-rz02-a-phase-two-dlq", SOURCE, "anything")) {
            assertThat(room.get("/operations/dead-letters/" + queue).slug()).isEqualTo("not-found");
            assertThat(room.post("/operations/dead-letters/" + queue + "/redrive", ALL)
                            .slug())
                    .isEqualTo("not-found");
        }
    }

    @ParameterizedTest
    @CsvSource({"?limit=0, limit", "?limit=11, limit", "?most=1, most"})
    void aWrongParameterIsNamed(String query, String parameter) {
        assertThat(room.get(PATH + query).wrongFields()).containsExactly(parameter);
    }
}
