package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.race;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Payments;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Beside
final class RefundIT {
    private static final int RACERS = 6;

    @Test
    void partialRefundsGoUpToTheAmountAndNoFurther() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(1000);
        String payment = paid(shop, payer, 600);

        Answer first = shop.refund(payment, unique("refund"), 200);
        settledRefund(shop, first);
        assertThat(shop.payment(payment).integer("refundable")).isEqualTo(400);
        Answer excessive = shop.refund(payment, unique("refund"), 401);
        Answer rest = shop.refund(payment, unique("refund"), 400);
        settledRefund(shop, rest);
        Answer more = shop.refund(payment, unique("refund"), 1);

        assertThat(excessive.text("outcome")).as(excessive.text()).isEqualTo("DECLINED");
        assertThat(excessive.reasons()).contains("NOT_REFUNDABLE");
        assertThat(more.text("outcome")).as(more.text()).isEqualTo("DECLINED");
        assertThat(more.reasons()).contains("NOT_REFUNDABLE");
        eventually().until(() -> payer.available() == 1000);
        eventually().until(() -> shop.takings() == 0);
        assertThat(shop.payment(payment).integer("refundable")).isZero();
    }

    @Test
    void moreThanWasPaidIsAMistakeInTheRequest() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(1000);
        String payment = paid(shop, payer, 600);

        Answer answer = shop.refund(payment, unique("refund"), 601);

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.wrongFields()).containsExactly("amount");
        assertThat(shop.payment(payment).integer("refundable")).isEqualTo(600);
    }

    @Test
    void aRepeatedRefundIsPaidBackOnce() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(1000);
        String payment = paid(shop, payer, 600);
        String refund = unique("refund");

        Answer first = shop.refund(payment, refund, 250);
        Answer second = shop.refund(payment, refund, 250);
        settledRefund(shop, first);
        Answer third = shop.refund(payment, refund, 250);

        assertThat(List.of(second, third)).allSatisfy(answer -> {
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            assertThat(answer.text("id")).isEqualTo(first.text("id"));
        });
        assertThat(payer.available()).isEqualTo(650);
    }

    @Test
    void racingRefundsNeverGiveBackMoreThanWasPaid() throws Exception {
        Shop shop = Shop.open();
        Payer payer = Payer.with(1000);
        // A second payment fills the till: only the refundable rest stands in the way.
        paid(shop, payer, 400);
        String payment = paid(shop, payer, 600);
        shop.awaitPosted(1000);
        List<Callable<Answer>> calls = IntStream.range(0, RACERS)
                .<Callable<Answer>>mapToObj(racer -> () -> {
                    String refund = unique("refund");
                    return shop.api()
                            .postPatiently(
                                    "/payments/" + payment + "/refunds", Payments.refund(refund, 250), "key-" + refund);
                })
                .toList();

        List<Answer> answers = race(calls);

        answers.stream()
                .filter(answer -> answer.status() <= 202)
                .forEach(answer -> eventually()
                        .until(() -> List.of("SUCCEEDED", "CLOSED")
                                .contains(refund(shop, answer).find("status").orElse(""))));
        long refunded = answers.stream()
                .filter(answer -> answer.status() <= 202
                        && refund(shop, answer).text("status").equals("SUCCEEDED"))
                .count();
        assertThat(refunded).as(answers.toString()).isBetween(1L, 2L);
        eventually().until(() -> payer.available() == 250 * refunded);
        assertThat(shop.payment(payment).integer("refundable")).isEqualTo(600 - 250 * refunded);
    }

    @Test
    void aRefundGoesBackToEverySourceThatPaid() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(1000);
        payer.coupon("GIFT", 200);
        Map<String, Object> body = Payments.withCoupon(shop.payment(payer, unique("order"), 500), "GIFT", 200);
        Answer answer = shop.pay(body, unique("key"));
        shop.settled(answer.text("id"), "SUCCEEDED");
        shop.awaitPosted(500);

        settledRefund(shop, shop.refund(answer.text("id"), unique("refund"), 500));

        assertThat(payer.available()).isEqualTo(1000);
        assertThat(payer.available("COUPON", "GIFT")).isEqualTo(200);
    }

    @Test
    void aDeclinedPaymentCannotBeRefunded() {
        Shop shop = Shop.open();
        Payer payer = Payer.with(10);
        Answer declined = shop.pay(payer, unique("order"), 11);
        shop.settled(declined.text("id"), "CLOSED");

        Answer answer = shop.refund(declined.text("id"), unique("refund"), 1);

        assertThat(answer.status()).as(answer.text()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("payment-not-refundable");
    }

    private static String paid(Shop shop, Payer payer, long amount) {
        Answer answer = shop.pay(payer, unique("order"), amount);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        String id = answer.text("id");
        shop.settled(id, "SUCCEEDED");
        shop.awaitPosted(amount);
        return id;
    }

    private static void settledRefund(Shop shop, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        eventually().until(() -> refund(shop, answer).text("status").equals("SUCCEEDED"));
    }

    private static Answer refund(Shop shop, Answer answer) {
        return shop.api().get("/refunds/" + answer.text("id"));
    }
}
