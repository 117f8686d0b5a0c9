package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.CURRENCY;
import static doubleeleven.it.blackbox.World.OPERATOR;
import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.race;
import static doubleeleven.it.blackbox.World.steps;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.blackbox.World.Unit;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Payments;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Beside
final class TransferIT {
    private static final int RACERS = 6;

    static Stream<Arguments> bothDirections() {
        List<Unit> units = Unit.all();
        Unit first = units.getFirst();
        Unit last = units.getLast();
        return Stream.of(Arguments.of(first.name(), last.name()), Arguments.of(last.name(), first.name()));
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @MethodSource("bothDirections")
    void moneyGoesFromACustomerOfOneUnitToOneOfAnother(String from, String to) {
        Payer payer = Payer.of(Unit.named(from), 1000);
        Payer payee = Payer.of(Unit.named(to), 50);

        Answer answer = transfer(payer, payee, unique("transfer"), 300);

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.text("payer")).isEqualTo(payer.id());
        assertThat(answer.text("payee")).isEqualTo(payee.id());
        Answer settled = settled(answer, "SUCCEEDED");
        assertThat(steps(settled, "by")).anyMatch(by -> by.startsWith(from + "-"));
        assertThat(payer.available()).isEqualTo(700);
        assertThat(payer.held()).isZero();
        assertThat(payee.available()).isEqualTo(350);
    }

    @Test
    void aRepeatedTransferIsCarriedOutOnce() {
        Payer payer = Payer.with(1000);
        Payer payee = Payer.with(0);
        String number = unique("transfer");
        Map<String, Object> body = Payments.transfer(payer.customer(), payee.id(), number, 300, CURRENCY);

        Answer first = OPERATOR.post("/transfers", body, "key-1");
        Answer second = OPERATOR.post("/transfers", body, "key-1");
        settled(first, "SUCCEEDED");
        Answer third = OPERATOR.post("/transfers", body, "key-1");
        Answer otherKey = OPERATOR.post("/transfers", body, "key-2");

        assertThat(List.of(second, third)).allSatisfy(answer -> {
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            assertThat(answer.text("id")).isEqualTo(first.text("id"));
        });
        assertThat(otherKey.status()).as(otherKey.text()).isEqualTo(409);
        eventually().until(() -> payer.held() == 0);
        assertThat(payer.available()).isEqualTo(700);
        assertThat(payee.available()).isEqualTo(300);
    }

    @Test
    void aTransferOfMoreThanThereIsMovesNothing() {
        Payer payer = Payer.with(299);
        Payer payee = Payer.with(10);

        Answer answer = transfer(payer, payee, unique("transfer"), 300);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text("outcome")).isEqualTo("DECLINED");
        assertThat(answer.reasons()).containsExactly("INSUFFICIENT_FUNDS");
        settled(answer, "CLOSED");
        assertThat(payer.available()).isEqualTo(299);
        assertThat(payer.held()).isZero();
        assertThat(payee.available()).isEqualTo(10);
        assertThat(payee.incoming()).isZero();
    }

    @Test
    void racingDuplicatesMoveTheMoneyOnce() throws Exception {
        Payer payer = Payer.with(1000);
        Payer payee = Payer.with(0);
        Map<String, Object> body = Payments.transfer(payer.customer(), payee.id(), unique("transfer"), 300, CURRENCY);

        List<Answer> answers =
                race(Collections.nCopies(RACERS, () -> OPERATOR.postPatiently("/transfers", body, "key")));

        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.status()).as(answer.text()).isIn(201, 202));
        settled(answers.getFirst(), "SUCCEEDED");
        eventually().until(() -> payer.held() == 0 && payee.incoming() == 0);
        assertThat(payer.available()).isEqualTo(700);
        assertThat(payee.available()).isEqualTo(300);
    }

    @Test
    void transfersThatCrossEachOtherNeitherWaitForEachOtherNorMakeMoney() throws Exception {
        Payer one = Payer.of(Unit.all().getFirst(), 500);
        Payer other = Payer.of(Unit.all().getLast(), 500);
        List<Callable<Answer>> calls = new ArrayList<>();
        IntStream.range(0, RACERS).forEach(racer -> {
            Payer payer = racer % 2 == 0 ? one : other;
            Payer payee = racer % 2 == 0 ? other : one;
            calls.add(() -> transfer(payer, payee, unique("transfer"), 200));
        });

        List<Answer> answers = race(calls);

        answers.stream()
                .filter(answer -> answer.status() <= 202)
                .forEach(answer -> eventually()
                        .until(() -> List.of("SUCCEEDED", "CLOSED")
                                .contains(state(answer).text("status"))));
        eventually().until(() -> one.held() + other.held() + one.incoming() + other.incoming() == 0);
        long sent = net(answers, one);
        assertThat(one.available()).isEqualTo(500 - sent);
        assertThat(other.available()).isEqualTo(500 + sent);
    }

    @Test
    void racingTransfersNeverTakeMoreThanThereIs() throws Exception {
        Payer payer = Payer.with(500);
        Payer payee = Payer.with(0);
        List<Callable<Answer>> calls = IntStream.range(0, RACERS)
                .<Callable<Answer>>mapToObj(racer -> () -> transfer(payer, payee, unique("transfer"), 200))
                .toList();

        List<Answer> answers = race(calls);

        answers.stream()
                .filter(answer -> answer.status() <= 202)
                .forEach(answer -> eventually()
                        .until(() -> List.of("SUCCEEDED", "CLOSED")
                                .contains(state(answer).text("status"))));
        eventually().until(() -> payer.held() + payee.incoming() == 0);
        long sent = net(answers, payer);
        assertThat(sent).as(answers.toString()).isBetween(200L, 400L);
        assertThat(payer.available()).isEqualTo(500 - sent);
        assertThat(payee.available()).isEqualTo(sent);
    }

    @Test
    void onlyATokenOfThePayerForThisVeryTransferIsConsent() {
        Payer payer = Payer.with(1000);
        Payer payee = Payer.with(0);
        Shop shop = Shop.open();
        String number = unique("transfer");
        Map<String, String> wrong = Map.of(
                "for another payee", payer.customer().transfer(shop.id(), number, 300, CURRENCY),
                "for another number", payer.customer().transfer(payee.id(), number + "x", 300, CURRENCY),
                "for another amount", payer.customer().transfer(payee.id(), number, 301, CURRENCY),
                "for another currency", payer.customer().transfer(payee.id(), number, 300, "EUR"),
                "of the payee", payee.customer().transfer(payee.id(), number, 300, CURRENCY),
                "for an order", payer.customer().consent(payee.id(), number, 300, CURRENCY));

        wrong.forEach((what, token) -> {
            Answer answer = OPERATOR.post(
                    "/transfers",
                    Payments.transfer(payer.id(), payee.id(), number, 300, CURRENCY, token),
                    unique("key"));
            assertThat(answer.status()).as(what + ": " + answer.text()).isEqualTo(403);
            assertThat(answer.problem()).as(what).isEqualTo("consent-refused");
        });
        Answer paid = shop.pay(
                Payments.payment(
                        payer.id(),
                        number,
                        300,
                        CURRENCY,
                        Map.of("token", payer.customer().transfer(shop.id(), number, 300, CURRENCY))),
                unique("key"));

        assertThat(paid.problem()).as(paid.text()).isEqualTo("consent-refused");
        assertThat(payer.available()).isEqualTo(1000);
    }

    @Test
    void whoReceivesMustBeAnotherCustomerWithThatCurrency() {
        Payer payer = Payer.with(1000);
        Payer payee = Payer.with(0);

        Answer self = transfer(payer, payer, unique("transfer"), 300);
        Answer nobody = OPERATOR.post(
                "/transfers",
                Payments.transfer(payer.customer(), unique("nobody"), unique("transfer"), 300, CURRENCY),
                unique("key"));
        Answer euro = OPERATOR.post(
                "/transfers",
                Payments.transfer(payer.customer(), payee.id(), unique("transfer"), 300, "EUR"),
                unique("key"));

        assertThat(self.wrongFields()).as(self.text()).containsExactly("payee");
        assertThat(nobody.wrongFields()).as(nobody.text()).containsExactly("payee");
        assertThat(euro.wrongFields()).as(euro.text()).containsExactly("currency");
    }

    @Test
    void merchantsNeitherMakeNorSeeTransfersAndNobodyRefundsThem() {
        Payer payer = Payer.with(1000);
        Payer payee = Payer.with(0);
        Shop shop = Shop.open();
        Answer answer = transfer(payer, payee, unique("transfer"), 300);
        settled(answer, "SUCCEEDED");
        Map<String, Object> body = Payments.transfer(payer.customer(), payee.id(), unique("transfer"), 300, CURRENCY);

        assertThat(shop.api().post("/transfers", body, unique("key")).status()).isEqualTo(403);
        assertThat(shop.api().get("/transfers/" + answer.text("id")).status()).isEqualTo(403);
        assertThat(shop.payment(answer.text("id")).status()).isEqualTo(404);
        assertThat(OPERATOR.get("/payments/" + answer.text("id")).status()).isEqualTo(404);
        assertThat(shop.refund(answer.text("id"), unique("refund"), 1).status()).isEqualTo(404);
        assertThat(payer.available()).isEqualTo(700);
    }

    private static Answer transfer(Payer payer, Payer payee, String number, long amount) {
        return OPERATOR.postPatiently(
                "/transfers",
                Payments.transfer(payer.customer(), payee.id(), number, amount, CURRENCY),
                "key-" + number);
    }

    private static Answer state(Answer answer) {
        return OPERATOR.get("/transfers/" + answer.text("id"));
    }

    private static Answer settled(Answer answer, String status) {
        return eventually()
                .until(
                        () -> state(answer),
                        state -> status.equals(state.find("status").orElse("")));
    }

    /** What the transfers that succeeded took from that customer, less what they brought. */
    private static long net(List<Answer> answers, Payer customer) {
        return answers.stream()
                .filter(answer -> answer.status() <= 202)
                .map(TransferIT::state)
                .filter(state -> state.text("status").equals("SUCCEEDED"))
                .mapToLong(state ->
                        state.text("payer").equals(customer.id()) ? state.integer("amount") : -state.integer("amount"))
                .sum();
    }
}
