package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.CURRENCY;
import static doubleeleven.it.blackbox.World.OPERATOR;
import static doubleeleven.it.blackbox.World.STACK;
import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.race;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.audit.Journal;
import doubleeleven.it.audit.Snapshot.Payment;
import doubleeleven.it.audit.Write.Kind;
import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Payments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Orders that several merchants share. */
@Beside
final class MarketplaceIT {
    private static final int RACERS = 6;

    /** A market, and two merchants that sell there. */
    private record Market(Shop market, Shop gifts, Shop toys) {
        static Market open() {
            return new Market(Shop.open(), Shop.open(), Shop.open());
        }

        Map<String, Object> order(Payer payer, String order, long forGifts, long forToys) {
            return Payments.shared(
                    payer.customer(),
                    market.id(),
                    order,
                    CURRENCY,
                    List.of(Payments.share(gifts.id(), forGifts), Payments.share(toys.id(), forToys)));
        }

        /** Pays an order and waits until both merchants have the money in their balances. */
        String paid(Payer payer, long forGifts, long forToys) {
            Answer answer = market.pay(order(payer, unique("order"), forGifts, forToys), unique("key"));
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            market.settled(answer.text("id"), "SUCCEEDED");
            gifts.awaitPosted(forGifts);
            toys.awaitPosted(forToys);
            return answer.text("id");
        }
    }

    private static Answer refund(Shop caller, String payment, Shop payee, String refund, long amount) {
        return caller.api()
                .postPatiently(
                        "/payments/" + payment + "/refunds",
                        Payments.refund(refund, payee.id(), amount),
                        "key-" + refund);
    }

    private static long refundable(Answer payment, Shop payee) {
        return payment.objects("payees").stream()
                .filter(share -> payee.id().equals(share.get("merchant")))
                .mapToLong(share -> ((Number) share.getOrDefault("refundable", -1L)).longValue())
                .findFirst()
                .orElseThrow();
    }

    private static String settledRefund(Shop caller, Answer answer) {
        return eventually()
                .until(
                        () -> caller.api()
                                .get("/refunds/" + answer.text("id"))
                                .find("status")
                                .orElse(""),
                        status -> List.of("SUCCEEDED", "CLOSED").contains(status));
    }

    @Test
    void everyPayeeGetsItsShareOnceHoweverOftenTheOrderIsSent() {
        Market market = Market.open();
        Payer payer = Payer.with(1000);
        Map<String, Object> body = market.order(payer, unique("order"), 100, 233);

        Answer first = market.market().pay(body, "key");
        Answer second = market.market().pay(body, "key");
        market.market().settled(first.text("id"), "SUCCEEDED");
        Answer third = market.market().pay(body, "key");

        assertThat(List.of(first, second, third)).allSatisfy(answer -> {
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            assertThat(answer.text("id")).isEqualTo(first.text("id"));
        });
        market.gifts().awaitPosted(100);
        market.toys().awaitPosted(233);
        assertThat(market.gifts().takings()).isEqualTo(100);
        assertThat(market.toys().takings()).isEqualTo(233);
        assertThat(market.market().takings()).isZero();
        assertThat(payer.available()).isEqualTo(667);
    }

    @Test
    void aSecondPayeeCostsOneWrite() {
        Market market = Market.open();
        String id = market.paid(Payer.with(1000), 100, 200);

        Payment payment = World.tables().payment(id.substring(2)).orElseThrow();
        String region = STACK.regions().getFirst();
        Map<Kind, Integer> writes = Journal.read(STACK.dynamoDb(region), STACK.streams(region))
                .byAttempt(Set.of(payment.attempt()))
                .getOrDefault(payment.attempt(), Map.of());

        assertThat(writes)
                .containsEntry(Kind.CLAIM, 1)
                .containsEntry(Kind.HOLD, 1)
                .containsEntry(Kind.DECIDE, 1)
                .containsEntry(Kind.CONFIRM, 1)
                .containsEntry(Kind.ENTRY, 2)
                .containsEntry(Kind.FINISH, 1);
    }

    @Test
    void aPayeeSeesItsOwnShareAndTheMarketAll() {
        Market market = Market.open();
        String id = market.paid(Payer.with(1000), 100, 200);

        assertThat(market.market().payment(id).objects("payees")).hasSize(2);
        assertThat(OPERATOR.get("/payments/" + id).objects("payees")).hasSize(2);
        assertThat(market.toys().payment(id).objects("payees"))
                .extracting(share -> share.get("merchant"))
                .containsExactly(market.toys().id());
        assertThat(Shop.open().payment(id).status()).isEqualTo(404);
    }

    @Test
    void aPayeeGivesBackItsOwnShareAndNoMore() {
        Market market = Market.open();
        Payer payer = Payer.with(1000);
        String id = market.paid(payer, 100, 200);
        // Another order's takings: what is refused is refused for the share, not for want of money.
        market.paid(Payer.with(1000), 100, 200);
        market.toys().awaitPosted(400);

        Answer part = refund(market.toys(), id, market.toys(), unique("refund"), 150);
        assertThat(settledRefund(market.toys(), part)).isEqualTo("SUCCEEDED");
        Answer tooMuch = refund(market.toys(), id, market.toys(), unique("refund"), 51);
        Answer others = refund(market.toys(), id, market.gifts(), unique("refund"), 1);
        Answer rest = refund(market.market(), id, market.toys(), unique("refund"), 50);
        assertThat(settledRefund(market.market(), rest)).isEqualTo("SUCCEEDED");

        assertThat(tooMuch.text("outcome")).as(tooMuch.text()).isEqualTo("DECLINED");
        assertThat(tooMuch.reasons()).containsExactly("NOT_REFUNDABLE");
        assertThat(others.wrongFields()).as(others.text()).containsExactly("merchant");
        eventually().until(() -> payer.available() == 900);
        eventually().until(() -> market.toys().takings() == 200);
        assertThat(market.gifts().takings()).isEqualTo(200);
        Answer payment = market.market().payment(id);
        assertThat(payment.integer("refundable")).isEqualTo(100);
        assertThat(refundable(payment, market.toys())).isZero();
        assertThat(refundable(payment, market.gifts())).isEqualTo(100);
        assertThat(market.gifts().api().get("/refunds/" + part.text("id")).status())
                .isEqualTo(404);
        assertThat(market.market().api().get("/refunds/" + part.text("id")).status())
                .isEqualTo(200);
    }

    @Test
    void racingRefundsNeverGiveBackMoreThanAShareThoughThePaymentHasMore() throws Exception {
        Market market = Market.open();
        Payer payer = Payer.with(2000);
        // A second order fills the tills: only the share stands in the way.
        market.paid(payer, 400, 400);
        String id = market.paid(payer, 600, 600);
        market.gifts().awaitPosted(1000);
        market.toys().awaitPosted(1000);
        List<Callable<Answer>> calls = new ArrayList<>();
        IntStream.range(0, RACERS).forEach(racer -> {
            Shop caller = racer % 2 == 0 ? market.market() : market.toys();
            calls.add(() -> refund(caller, id, market.toys(), unique("refund"), 250));
        });

        List<Answer> answers = race(calls);

        long refunded = answers.stream()
                .filter(answer -> answer.status() <= 202
                        && settledRefund(market.market(), answer).equals("SUCCEEDED"))
                .count();
        assertThat(refunded).as(answers.toString()).isBetween(1L, 2L);
        eventually().until(() -> payer.available() == 250 * refunded);
        Answer payment = market.market().payment(id);
        assertThat(refundable(payment, market.toys())).isEqualTo(600 - 250 * refunded);
        assertThat(refundable(payment, market.gifts())).isEqualTo(600);
        assertThat(payment.integer("refundable")).isEqualTo(1200 - 250 * refunded);
    }

    @Test
    void payeesRefundAtTheSameTimeWithoutHinderingEachOther() throws Exception {
        Market market = Market.open();
        Payer payer = Payer.with(1000);
        String id = market.paid(payer, 100, 200);

        List<Answer> answers = race(List.of(
                () -> refund(market.gifts(), id, market.gifts(), "C1", 100),
                () -> refund(market.toys(), id, market.toys(), "C1", 200)));

        assertThat(answers)
                .allSatisfy(answer -> assertThat(settledRefund(market.market(), answer))
                        .as(answer.text())
                        .isEqualTo("SUCCEEDED"));
        eventually().until(() -> payer.available() == 1000);
        assertThat(market.market().payment(id).integer("refundable")).isZero();
    }

    @Test
    void anOrderThatThePayerCannotAffordCreditsNobody() {
        Market market = Market.open();
        Payer payer = Payer.with(299);

        Answer answer = market.market().pay(market.order(payer, unique("order"), 100, 200), unique("key"));

        assertThat(answer.reasons()).as(answer.text()).containsExactly("INSUFFICIENT_FUNDS");
        market.market().settled(answer.text("id"), "CLOSED");
        assertThat(payer.available()).isEqualTo(299);
        assertThat(market.gifts().takings() + market.toys().takings()).isZero();
    }

    @Test
    void onlyConsentToThisVerySplitIsConsent() {
        Market market = Market.open();
        Payer payer = Payer.with(1000);
        String order = unique("order");
        Map<String, Object> body = market.order(payer, order, 100, 200);
        Map<String, Object> other = market.order(payer, order, 101, 199);
        Map<String, Object> alone =
                Payments.signed(payer.customer(), market.market().id(), order, 300, CURRENCY);

        Answer withoutPayees = market.market().pay(Payments.consentOf(body, alone), unique("key"));
        Answer otherSplit = market.market().pay(Payments.consentOf(body, other), unique("key"));
        Answer forSeveral = market.market().pay(Payments.consentOf(alone, body), unique("key"));

        assertThat(List.of(withoutPayees, otherSplit, forSeveral)).allSatisfy(answer -> {
            assertThat(answer.status()).as(answer.text()).isEqualTo(403);
            assertThat(answer.problem()).isEqualTo("consent-refused");
        });
        assertThat(payer.available()).isEqualTo(1000);
    }

    @Test
    void payeesMustBeDistinctMerchantsThatSumToTheAmount() {
        Market market = Market.open();
        Payer payer = Payer.with(1000);
        Map<String, Object> gifts = Payments.share(market.gifts().id(), 100);
        Map<String, Object> nobody = Payments.share(unique("nobody"), 200);
        Map<String, Object> body = market.order(payer, unique("order"), 100, 200);

        Answer twice = market.market().pay(Payments.with(body, "payees", List.of(gifts, gifts)), unique("key"));
        Answer tooLittle = market.market()
                .pay(
                        Payments.with(
                                body,
                                "payees",
                                List.of(gifts, Payments.share(market.toys().id(), 199))),
                        unique("key"));
        Answer one = market.market()
                .pay(
                        Payments.with(
                                body,
                                "payees",
                                List.of(Payments.share(market.gifts().id(), 300))),
                        unique("key"));
        Answer unknown = market.market().pay(Payments.with(body, "payees", List.of(gifts, nobody)), unique("key"));

        assertThat(List.of(twice, tooLittle, one))
                .allSatisfy(answer ->
                        assertThat(answer.wrongFields()).as(answer.text()).containsExactly("payees"));
        assertThat(unknown.wrongFields()).as(unknown.text()).containsExactly("payees[1].merchant");
    }
}
