package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.STACK;
import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.steps;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.blackbox.World.Unit;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Sandbox;
import doubleeleven.it.client.Sandbox.Fault;
import doubleeleven.it.client.Sandbox.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What breaks, and what comes of the payments meanwhile. Faults hit the whole stack, so these tests run one after another. */
final class FailureIT {
    private static final int SECONDS = 300;
    private static final String DYNAMODB = "dynamodb";
    private static Sandbox sandbox;
    private static Unit unit;
    private final List<Fault> faults = new ArrayList<>();
    private Shop shop;
    private Payer payer;

    @BeforeAll
    static void findSandbox() {
        sandbox = World.sandbox();
        unit = Unit.named("RZ02");
    }

    @BeforeEach
    void open() {
        shop = Shop.open().at(Unit.named(unit.standby()).region());
        payer = Payer.of(unit, 1000);
    }

    @AfterEach
    void repair() {
        faults.forEach(Fault::remove);
    }

    private Fault inject(Rule rule) {
        Fault fault = sandbox.inject(rule);
        faults.add(fault);
        return fault;
    }

    @Test
    void aFunctionKilledInTheMiddleOfPhaseTwoLosesNothingAndDoublesNothing() {
        String order = unique("order");
        Rule slowCredit = Rule.mode("slow")
                .delayMillis(3000)
                .call(DYNAMODB, "PutItem")
                .contains(shop.orderHash(order))
                .seconds(SECONDS);
        Fault fault = inject(slowCredit);
        Answer answer = shop.pay(payer, order, 300);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);

        // The payer's hold is confirmed by then, the merchant's credit is on its way.
        eventually().until(() -> fault.hits() > 0);
        sandbox.kill(unit.resource("phase-two"), unit.region());
        fault.remove();

        shop.settled(answer.text("id"), "SUCCEEDED");
        assertThat(payer.available()).isEqualTo(700);
        assertThat(shop.takings()).isEqualTo(300);
    }

    @Test
    void aPaymentNobodyDecidedIsAbortedAtItsDeadlineAndTheHoldReturned() {
        String order = unique("order");
        Rule noDecision = Rule.mode("unavailable")
                .call(DYNAMODB, "UpdateItem")
                .contains(":decided")
                .seconds(SECONDS);
        Fault fault = inject(noDecision);
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
        Rule noCredit = Rule.mode("unavailable")
                .call(DYNAMODB, "PutItem")
                .contains(shop.orderHash(order))
                .seconds(SECONDS);
        SqsClient sqs = STACK.sqs(unit.region());
        String dead = sqs.getQueueUrl(request -> request.queueName(unit.resource("phase-two-dlq")))
                .queueUrl();
        Fault fault = inject(noCredit);
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

    @Test
    void whileTheOwningRegionIsGoneTheStandbyServes() {
        inject(Rule.mode("unavailable").region(unit.region()).seconds(SECONDS));
        for (int payment = 0; payment < 4; payment++) {
            Answer answer = shop.pay(payer, unique("order"), 100);

            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            Answer settled = shop.settled(answer.text("id"), "SUCCEEDED");
            assertThat(steps(settled, "by")).anyMatch(by -> by.startsWith(unit.standby() + "-"));
        }
        assertThat(payer.available()).isEqualTo(600);
        assertThat(shop.takings()).isEqualTo(400);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"claim, 'if_not_exists(aborted, :none)'", "hold, 'holds.#attempt = :hold'", "decision, ':decided'"})
    void aWriteWhoseAnswerIsLostCountsOnce(String write, String inRequest) {
        Rule lost = Rule.mode("lost_answer")
                .call(DYNAMODB, "UpdateItem")
                .contains(inRequest)
                .count(1)
                .seconds(SECONDS);
        inject(lost);
        Answer answer = shop.pay(payer, unique("order"), 300);

        assertThat(answer.status()).as(write + ": " + answer.text()).isEqualTo(201);
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
                .count(2)
                .seconds(SECONDS);
        inject(throttle);
        Answer answer = shop.pay(payer, unique("order"), 300);

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        shop.settled(answer.text("id"), "SUCCEEDED");
        assertThat(payer.available()).isEqualTo(700);
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
