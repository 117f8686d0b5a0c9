package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.STACK;
import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.sandbox;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.blackbox.World.Unit;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Sandbox.Fault;
import doubleeleven.it.client.Sandbox.Rule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What breaks for one payment, and what comes of it. Each fault hits the calls about its own payment, and most of each test is waiting. */
@Beside
@Order(Beside.FIRST)
final class PaymentFailureIT {
    private static final String DYNAMODB = "dynamodb";
    private static final Unit UNIT = Unit.named("RZ02");

    @RegisterExtension
    final Faults faults = new Faults();

    private Shop shop;
    private Payer payer;

    @BeforeEach
    void open() {
        shop = Shop.open().at(Unit.named(UNIT.standby()).region());
        payer = Payer.of(UNIT, 1000);
    }

    @Test
    void aPaymentNobodyDecidedIsAbortedAtItsDeadlineAndTheHoldReturned() {
        String order = unique("order");
        Rule noDecision =
                Rule.mode("unavailable").call(DYNAMODB, "UpdateItem").contains(":decided", shop.orderHash(order));
        Fault fault = faults.inject(noDecision);
        Answer answer = shop.pay(payer, order, 300);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.text("outcome")).isEqualTo("OPEN");
        assertThat(payer.held()).isEqualTo(300);
        fault.remove();

        Answer payment = shop.settled(answer.text("id"), "CLOSED");

        assertThat(payment.text("outcome")).isEqualTo("DECLINED");
        assertThat(payment.reasons()).containsExactly("EXPIRED");
        assertThat(payer.available()).isEqualTo(1000);
        assertThat(payer.held()).isZero();
        Answer again = shop.pay(shop.payment(payer, order, 300), unique("key"));
        assertThat(again.status()).as(again.text()).isEqualTo(201);
    }

    @Test
    void whatPhaseTwoGivesUpOnWaitsInTheDeadLetterQueueAndIsRedriven() {
        String order = unique("order");
        Rule noCredit = Rule.mode("unavailable").call(DYNAMODB, "PutItem").contains(shop.orderHash(order));
        SqsClient sqs = STACK.sqs(UNIT.region());
        String dead = sqs.getQueueUrl(request -> request.queueName(UNIT.resource("phase-two-dlq")))
                .queueUrl();
        Fault fault = faults.inject(noCredit);
        Answer answer = shop.pay(payer, order, 300);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        eventually().until(() -> messages(sqs, dead) > 0);
        assertThat(shop.payment(answer.text("id")).text("status")).isEqualTo("COMMITTED");
        fault.remove();

        String arn = attribute(sqs, dead, QueueAttributeName.QUEUE_ARN);
        sqs.startMessageMoveTask(request -> request.sourceArn(arn));

        shop.settled(answer.text("id"), "SUCCEEDED");
        eventually().until(() -> messages(sqs, dead) == 0);
        assertThat(payer.available()).isEqualTo(700);
        assertThat(shop.takings()).isEqualTo(300);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"claim, 'if_not_exists(aborted, :none)'", "hold, 'holds.#attempt = :hold'", "decision, ':decided'"})
    void aWriteWhoseAnswerIsLostCountsOnce(String write, String inRequest) {
        String order = unique("order");
        Rule lost = Rule.mode("lost_answer")
                .call(DYNAMODB, "UpdateItem")
                .contains(inRequest, shop.orderHash(order))
                .count(1);
        faults.inject(lost);
        Answer answer = shop.pay(payer, order, 300);

        assertThat(answer.status()).as(write + ": " + answer.text()).isEqualTo(201);
        assertThat(errors(order)).as(write).startsWith("DynamoDB.ServiceUnavailable");
        shop.settled(answer.text("id"), "SUCCEEDED");
        assertThat(payer.available()).isEqualTo(700);
        assertThat(payer.held()).isZero();
        assertThat(shop.takings()).isEqualTo(300);
    }

    @Test
    void aThrottledWriteIsTriedAgainAndIsNoDecline() {
        Rule throttle = Rule.mode("throttle")
                .call(DYNAMODB, "UpdateItem")
                .contains(payer.id())
                .count(2);
        faults.inject(throttle);
        Answer answer = shop.pay(payer, unique("order"), 300);

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        shop.settled(answer.text("id"), "SUCCEEDED");
        assertThat(payer.available()).isEqualTo(700);
    }

    /** What tasks of the workflows that paid the order failed with. */
    private static List<Object> errors(String order) {
        return sandbox().executions(order).stream()
                .flatMap(execution -> ((List<?>) execution.get("events")).stream())
                .<Object>map(event -> ((Map<?, ?>) event).get("error"))
                .filter(Objects::nonNull)
                .toList();
    }

    private static int messages(SqsClient sqs, String queue) {
        return Integer.parseInt(attribute(sqs, queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
    }

    private static String attribute(SqsClient sqs, String queue, QueueAttributeName name) {
        Map<QueueAttributeName, String> attributes = sqs.getQueueAttributes(
                        request -> request.queueUrl(queue).attributeNames(List.of(name)))
                .attributes();
        return String.valueOf(attributes.get(name));
    }
}
