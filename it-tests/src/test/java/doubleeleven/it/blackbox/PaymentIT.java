package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.race;
import static doubleeleven.it.blackbox.World.steps;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Payments;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Beside
final class PaymentIT {
    private static final int RACERS = 8;

    @Test
    void aPaymentIsPaidThenSettledAndCanBeRefunded() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(5000);
        String order = unique("order");

        Answer answer = shop.pay(payer, order, 1234);

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.text("outcome")).isEqualTo("PAID");
        assertThat(answer.header("Location")).contains("/payments/" + answer.text("id"));
        Answer payment = shop.settled(answer.text("id"), "SUCCEEDED");
        assertThat(payment.integer("refundable")).isEqualTo(1234);
        assertThat(payment.text("merchantOrder")).isEqualTo(order);
        assertThat(steps(payment, "step"))
                .containsSubsequence("CLAIM", "DECISION", "SETTLE", "FINISH")
                .contains("HOLD", "RISK");
        assertThat(steps(payment, "outcome"))
                .contains("HELD", "APPROVE", "COMMITTED", "CONFIRMED", "CREDITED", "SUCCEEDED");
        assertThat(payer.available()).isEqualTo(5000 - 1234);
        assertThat(payer.held()).isZero();
        assertThat(shop.takings()).isEqualTo(1234);
        shop.awaitPosted(1234);
    }

    @Test
    void aPaymentWithoutFundsIsDeclinedAndNothingMoves() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(100);

        Answer answer = shop.pay(payer, unique("order"), 101);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text("outcome")).isEqualTo("DECLINED");
        assertThat(answer.reasons()).containsExactly("INSUFFICIENT_FUNDS");
        shop.settled(answer.text("id"), "CLOSED");
        assertThat(payer.available()).isEqualTo(100);
        assertThat(payer.held()).isZero();
        assertThat(shop.takings()).isZero();
    }

    @Test
    void aDeclinedOrderIsPaidOnceThereIsMoney() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(100);
        String order = unique("order");
        Answer declined = shop.pay(payer, order, 150);
        assertThat(declined.reasons()).containsExactly("INSUFFICIENT_FUNDS");

        assertThat(payer.topUp(60).status()).isEqualTo(201);
        eventually().until(() -> payer.available() == 160);
        shop.settled(declined.text("id"), "CLOSED");
        Answer repeated = shop.pay(payer, order, 150);
        Answer again = shop.pay(shop.payment(payer, order, 150), unique("key"));

        assertThat(repeated.text("outcome"))
                .as("the same call again is not a new try")
                .isEqualTo("DECLINED");
        assertThat(again.status()).as(again.text()).isEqualTo(201);
        assertThat(again.text("id")).isEqualTo(declined.text("id"));
        shop.settled(again.text("id"), "SUCCEEDED");
        assertThat(payer.available()).isEqualTo(10);
    }

    @Test
    void aRepeatedCallGetsTheSameAnswerAndDebitsOnce() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(1000);
        Map<String, Object> body = shop.payment(payer, unique("order"), 400);
        String key = unique("key");

        Answer first = shop.pay(body, key);
        Answer second = shop.pay(body, key);
        shop.settled(first.text("id"), "SUCCEEDED");
        Answer third = shop.pay(body, key);

        assertThat(List.of(first, second, third)).allSatisfy(answer -> {
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            assertThat(answer.text("id")).isEqualTo(first.text("id"));
            assertThat(answer.text("outcome")).isEqualTo("PAID");
            assertThat(answer.integer("amount")).isEqualTo(400);
        });
        assertThat(payer.available()).isEqualTo(600);
        assertThat(shop.takings()).isEqualTo(400);
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(1000);
        String order = unique("order");
        String key = unique("key");
        Answer first = shop.pay(shop.payment(payer, order, 400), key);

        Answer other = shop.pay(shop.payment(payer, order, 401), key);

        assertThat(other.status()).as(other.text()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        shop.settled(first.text("id"), "SUCCEEDED");
        eventually().until(() -> payer.held() == 0);
        assertThat(payer.available()).isEqualTo(600);
    }

    @Test
    void aPaidOrderIsNotPaidAgainUnderAnotherKey() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(1000);
        String order = unique("order");
        Answer first = shop.pay(payer, order, 400);
        shop.settled(first.text("id"), "SUCCEEDED");

        Answer second = shop.pay(shop.payment(payer, order, 400), unique("key"));

        assertThat(second.status()).as(second.text()).isEqualTo(409);
        assertThat(second.problem()).isEqualTo("order-already-paid");
        eventually().until(() -> payer.held() == 0);
        assertThat(payer.available()).isEqualTo(600);
    }

    @Test
    void racingDuplicatesDebitOnce() throws Exception {
        Shop shop = Shop.open();
        Payer payer = Payer.with(1000);
        Map<String, Object> body = shop.payment(payer, unique("order"), 300);
        String key = unique("key");

        List<Answer> answers =
                race(Collections.nCopies(RACERS, () -> shop.api().postPatiently("/payments", body, key)));

        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.status()).as(answer.text()).isIn(201, 202));
        assertThat(answers)
                .extracting(answer -> answer.text("id"))
                .containsOnly(answers.getFirst().text("id"));
        shop.settled(answers.getFirst().text("id"), "SUCCEEDED");
        eventually().until(() -> payer.held() == 0);
        assertThat(payer.available()).isEqualTo(700);
        assertThat(shop.takings()).isEqualTo(300);
    }

    @Test
    void ofRacingAttemptsForOneOrderExactlyOneIsPaid() throws Exception {
        Shop shop = Shop.open();
        Payer payer = Payer.with(10_000);
        String order = unique("order");
        List<Callable<Answer>> calls = IntStream.range(0, RACERS)
                .<Callable<Answer>>mapToObj(racer -> () ->
                        shop.api().postPatiently("/payments", shop.payment(payer, order, 300 + racer), unique("key")))
                .toList();

        List<Answer> answers = race(calls);

        assertThat(answers.stream().filter(Answer::isPaid).count())
                .as(answers.toString())
                .isLessThanOrEqualTo(1);
        assertThat(answers).extracting(Answer::status).isSubsetOf(200, 201, 202, 409);
        String id = new PaymentId(Shard.of(payer.id()), new OrderHash(shop.orderHash(order))).toString();
        Answer payment = shop.settled(id, "SUCCEEDED");
        eventually().until(() -> payer.held() == 0);
        assertThat(payer.available()).isEqualTo(10_000 - payment.integer("amount"));
        assertThat(shop.takings()).isEqualTo(payment.integer("amount"));
    }

    @Test
    void severalSourcesPayTogether() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(1000);
        payer.coupon("WELCOME", 250);
        Map<String, Object> body = Payments.withCoupon(shop.payment(payer, unique("order"), 700), "WELCOME", 200);

        Answer answer = shop.pay(body, unique("key"));

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.objects("sources")).hasSize(2);
        shop.settled(answer.text("id"), "SUCCEEDED");
        assertThat(payer.available("COUPON", "WELCOME")).isEqualTo(50);
        assertThat(payer.available()).isEqualTo(500);
        assertThat(shop.takings()).isEqualTo(700);
    }

    @Test
    void oneSourceThatFallsShortReleasesTheOthers() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(1000);
        payer.coupon("SMALL", 50);
        Map<String, Object> body = Payments.withCoupon(shop.payment(payer, unique("order"), 700), "SMALL", 200);

        Answer answer = shop.pay(body, unique("key"));

        assertThat(answer.reasons()).as(answer.text()).containsExactly("INSUFFICIENT_FUNDS");
        shop.settled(answer.text("id"), "CLOSED");
        assertThat(payer.available("COUPON", "SMALL")).isEqualTo(50);
        assertThat(payer.available()).isEqualTo(1000);
        assertThat(payer.held()).isZero();
    }

    @Test
    void aTopUpIsBookedOnce() {
        Payer payer = Payer.with(0);
        Map<String, Object> body = Map.of("reference", "bank-1", "amount", 70, "currency", World.CURRENCY);
        String path = "/customers/" + payer.id() + "/top-ups";

        assertThat(World.OPERATOR.post(path, body, "bank-1").status()).isEqualTo(201);
        assertThat(World.OPERATOR.post(path, body, "bank-1").status()).isEqualTo(201);
        assertThat(World.OPERATOR.post(path, body, "bank-2").status()).isEqualTo(409);

        eventually().until(() -> payer.available() == 70);
    }
}
