package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.OPERATOR;
import static doubleeleven.it.blackbox.World.STACK;
import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.blackbox.World.Unit;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Api;
import doubleeleven.it.client.Sandbox.Fault;
import doubleeleven.it.client.Sandbox.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What operators see of payments that stay open, and what they may do. Each fault hits the calls about one payment. */
@Beside
@Order(Beside.FIRST)
final class OperationsIT {
    private static final String DYNAMODB = "dynamodb";
    private static final String PAYMENTS = "/operations/payments";
    private static final String DEAD_LETTERS = "/operations/dead-letters";
    /** In the decision of workflows and of recovery, not in an operator's. */
    private static final String OTHERS_DECISION = "decidedAt = :now, #unit = :unit";

    private static Unit unit;
    private static Api operator;

    @RegisterExtension
    final Faults faults = new Faults();

    private Shop shop;
    private Payer payer;

    @BeforeAll
    static void find() {
        unit = Unit.named("RZ03");
        operator = OPERATOR.through(STACK.door(unit.region()));
    }

    @BeforeEach
    void open() {
        shop = Shop.open().at(unit.region());
        payer = Payer.of(unit, 1000);
    }

    private Fault noCredit(String order) {
        return faults.inject(Rule.mode("unavailable").call(DYNAMODB, "PutItem").contains(shop.orderHash(order)));
    }

    /** Under the unit that served it: one that is slow, as at its first call, hands a payment on to its standby. */
    private static Optional<Map<String, Object>> listed(String id) {
        return Unit.all().stream()
                .flatMap(each -> openOf(each).stream())
                .filter(payment -> id.equals(payment.get("id")))
                .findFirst();
    }

    private static List<Map<String, Object>> openOf(Unit each) {
        List<Map<String, Object>> payments =
                operator.get(PAYMENTS + "?limit=100&unit=" + each.name()).objects("payments");
        assertThat(payments).allSatisfy(payment -> assertThat(payment).containsEntry("unit", each.name()));
        return payments;
    }

    private static Answer explained(String id) {
        return operator.get(PAYMENTS + "/" + id);
    }

    private static String keyId() {
        String key = String.valueOf(OPERATOR.key());
        return key.substring(0, key.indexOf('.'));
    }

    @Test
    void whatPhaseTwoCannotFinishIsListedExplainedAndRetried() {
        String order = unique("order");
        Fault fault = noCredit(order);
        Answer paid = shop.pay(payer, order, 300);
        assertThat(paid.status()).as(paid.text()).isEqualTo(201);
        String id = paid.text("id");
        eventually().until(() -> fault.hits() > 0);

        assertThat(listed(id).orElseThrow())
                .containsEntry("status", "COMMITTED")
                .containsEntry("amount", 300);
        Answer waits = explained(id);
        assertThat(waits.text("diagnosis")).contains("has yet to credit M#" + shop.id());
        assertThat(waits.objects("accounts"))
                .extracting(account -> account.get("role") + " " + account.get("state"))
                .containsExactly("DEBIT TOMBSTONE", "PAYEE NOT_YET");
        Answer refused = operator.post(PAYMENTS + "/" + id + "/decision", decision("ABORT"));
        assertThat(refused.problem()).as(refused.text()).isEqualTo("decision-not-safe");
        assertThat(refused.text("detail")).contains("a decision is never reversed");

        fault.remove();
        Answer retried = operator.post(PAYMENTS + "/" + id + "/retry", Map.of("reason", "credits work again"));
        assertThat(retried.status()).as(retried.text()).isEqualTo(202);
        shop.settled(id, "SUCCEEDED");

        assertThat(listed(id)).isEmpty();
        Answer over = explained(id);
        assertThat(over.objects("operated"))
                .extracting(each -> each.get("action") + " " + each.get("result") + " " + each.get("key") + ": "
                        + each.get("reason"))
                .containsExactly("RETRY SENT " + keyId() + ": credits work again");
        assertThat(over.objects("steps"))
                .filteredOn(step -> "FINISH".equals(step.get("step")))
                .singleElement()
                .satisfies(step -> assertThat(step.get("by").toString()).matches("RZ0\\d-[a-z]"));
        assertThat(operator.post(PAYMENTS + "/" + id + "/retry", Map.of("reason", "again"))
                        .problem())
                .isEqualTo("nothing-to-do");
        assertThat(payer.available()).isEqualTo(700);
        assertThat(shop.takings()).isEqualTo(300);
    }

    @Test
    void whatNobodyDecidesIsAbortedByHandAndOnlyAfterItsDeadline() {
        String order = unique("order");
        faults.inject(
                Rule.mode("unavailable").call(DYNAMODB, "UpdateItem").contains(OTHERS_DECISION, shop.orderHash(order)));
        Answer open = shop.pay(payer, order, 300);
        assertThat(open.status()).as(open.text()).isEqualTo(202);
        String id = open.text("id");
        assertThat(explained(id).objects("accounts"))
                .extracting(account -> account.get("state"))
                .containsExactly("HOLD");

        Answer commit = operator.post(PAYMENTS + "/" + id + "/decision", decision("COMMIT"));
        assertThat(commit.problem()).as(commit.text()).isEqualTo("decision-not-safe");
        List<Answer> answers = new ArrayList<>();
        eventually().until(() -> {
            answers.add(operator.post(PAYMENTS + "/" + id + "/decision", decision("ABORT")));
            return answers.getLast().status() == 200;
        });

        assertThat(answers.subList(0, answers.size() - 1))
                .allSatisfy(
                        early -> assertThat(early.problem()).as(early.text()).isEqualTo("decision-not-safe"));
        // Phase two follows by itself, with every other decision still out of order.
        Answer closed = shop.settled(id, "CLOSED");
        assertThat(closed.text("outcome")).isEqualTo("DECLINED");
        assertThat(closed.reasons()).containsExactly("EXPIRED");
        assertThat(explained(id).objects("steps"))
                .filteredOn(step -> "DECISION".equals(step.get("step")))
                .singleElement()
                .satisfies(step -> assertThat(step).containsEntry("by", keyId()));
        assertThat(payer.available()).isEqualTo(1000);
        assertThat(payer.held()).isZero();
    }

    @Test
    void deadLettersArePreviewedWithoutHidingThemAndRedrivenOnRecord() {
        String queue = unit.resource("phase-two-dlq");
        String order = unique("order");
        Fault fault = noCredit(order);
        Answer paid = shop.pay(payer, order, 300);
        assertThat(paid.status()).as(paid.text()).isEqualTo(201);
        String id = paid.text("id");

        eventually().until(() -> message(queue, id).isPresent());
        assertThat(message(queue, id).orElseThrow())
                .as("the same message again, at once")
                .containsEntry("status", "COMMITTED")
                .hasEntrySatisfying(
                        "redrive", effect -> assertThat(effect.toString()).contains("credits the payee"));
        assertThat(waiting(queue)).isPositive();

        fault.remove();
        String reason = unique("credits work again");
        Answer redriven = operator.post(DEAD_LETTERS + "/" + queue + "/redrive", Map.of("reason", reason));
        assertThat(redriven.status()).as(redriven.text()).isEqualTo(202);
        shop.settled(id, "SUCCEEDED");
        // What recovery had sent meanwhile may be given up only after the redrive: it goes back in the same way.
        Answer last = eventually()
                .until(
                        () -> operator.post(DEAD_LETTERS + "/" + queue + "/redrive", Map.of("reason", "the rest")),
                        answer -> answer.find("detail").orElse("").startsWith("No message waits"));
        assertThat(last.problem()).isEqualTo("nothing-to-do");

        assertThat(payer.available()).isEqualTo(700);
        assertThat(shop.takings()).isEqualTo(300);
        assertThat(recorded(reason))
                .containsEntry("key", AttributeValue.fromS(keyId()))
                .containsEntry("queue", AttributeValue.fromS(queue));
    }

    @Test
    void whatCameFromNoQueueIsNotRedriven() {
        Answer refused =
                operator.post(DEAD_LETTERS + "/double11-relay-dlq/redrive", Map.of("reason", "to see what it says"));

        assertThat(refused.status()).as(refused.text()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("not-redrivable");
        assertThat(refused.text("detail")).contains("purge");
        assertThat(operator.get(DEAD_LETTERS).objects("queues"))
                .extracting(queue -> queue.get("queue"))
                .contains("double11-relay-dlq", unit.resource("phase-two-dlq"), unit.resource("recovery-dlq"));
    }

    @Test
    void noMerchantCallsOperations() {
        for (String path : List.of(PAYMENTS, DEAD_LETTERS)) {
            Answer answer = shop.api().get(path);
            assertThat(answer.status()).as(answer.text()).isEqualTo(403);
        }
    }

    private static Map<String, Object> decision(String decision) {
        return Map.of("decision", decision, "reason", "nobody decides");
    }

    private static Optional<Map<String, Object>> message(String queue, String payment) {
        return operator.get(DEAD_LETTERS + "/" + queue).objects("messages").stream()
                .filter(message -> payment.equals(message.get("payment")))
                .findFirst();
    }

    private static long waiting(String queue) {
        return operator.get(DEAD_LETTERS).objects("queues").stream()
                .filter(each -> queue.equals(each.get("queue")))
                .mapToLong(each -> ((Number) each.get("waiting")).longValue())
                .sum();
    }

    private static Map<String, AttributeValue> recorded(String reason) {
        return STACK
                .dynamoDb(unit.region())
                .scanPaginator(request -> request.tableName("double11-control").consistentRead(true))
                .items()
                .stream()
                .filter(item -> AttributeValue.fromS(reason).equals(item.get("reason")))
                .findFirst()
                .orElseThrow();
    }
}
