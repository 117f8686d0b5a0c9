package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Receiver;
import doubleeleven.it.client.Receiver.Told;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Beside
final class NotificationIT {
    private final Receiver receiver = Receiver.open();
    private final Shop shop = Shop.open();
    private final Payer payer = Payer.with(1000);

    @AfterEach
    void close() {
        shop.api().delete(endpoint());
        receiver.close();
    }

    @Test
    void aMerchantIsToldWhatBecameOfItsPaymentsAndRefundsAndCanVerifyIt() {
        String secret = wants();

        Answer paid = shop.pay(payer, unique("order"), 300);
        Answer declined = shop.pay(payer, unique("order"), 3000);
        shop.awaitPosted(300);
        Answer back = shop.refund(paid.text("id"), unique("refund"), 100);

        assertThat(List.of(paid.status(), declined.status(), back.status())).containsExactly(201, 200, 201);
        assertTold("payment.paid", paid, secret);
        assertTold("payment.declined", declined, secret);
        assertTold("refund.paid", back, secret);
    }

    @Test
    void whatItDoesNotTakeIsToldAgainByTheSameId() {
        wants();
        receiver.answer(503);
        Answer paid = shop.pay(payer, unique("order"), 300);
        eventually().until(() -> !receiver.told().isEmpty());

        receiver.answer(204);

        eventually().until(() -> receiver.told().getLast().answer() == 204);
        assertThat(receiver.told()).extracting(told -> told.about("id")).containsOnly(paid.text("id"));
        assertThat(receiver.told())
                .extracting(Told::id)
                .containsOnly(receiver.told().getFirst().id());
        assertThat(receiver.told())
                .extracting(Told::content)
                .containsOnly(receiver.told().getFirst().content());
    }

    @Test
    void whileItLearnsANewSecretItCanVerifyByTheOneBefore() {
        String former = wants();
        String secret = wants();

        shop.pay(payer, unique("order"), 300);

        eventually().until(() -> !receiver.told().isEmpty());
        assertThat(receiver.told())
                .allSatisfy(told -> assertThat(told.signedBy()).containsExactly(former, secret));
    }

    @Test
    void whatItSaidCanBeLookedUpAndTakenBackButTheSecretIsNeverShownAgain() {
        String secret = wants();

        Answer shown = shop.api().get(endpoint());
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.text("url")).isEqualTo(receiver.url());
        assertThat(shown.text()).doesNotContain(secret);

        assertThat(shop.api().delete(endpoint()).status()).isEqualTo(200);
        assertThat(shop.api().get(endpoint()).status()).isEqualTo(404);
        assertThat(shop.api().delete(endpoint()).status()).isEqualTo(200);
    }

    private void assertTold(String type, Answer answer, String secret) {
        eventually()
                .until(() -> receiver.told().stream()
                        .anyMatch(told -> told.about("id").equals(answer.text("id"))));
        assertThat(receiver.told())
                .filteredOn(told -> told.about("id").equals(answer.text("id")))
                .allSatisfy(told -> {
                    assertThat(told.type()).isEqualTo(type);
                    assertThat(told.signedBy()).containsExactly(secret);
                    assertThat(told.about("outcome")).isEqualTo(answer.text("outcome"));
                });
    }

    private String wants() {
        Answer answer = shop.api().post(endpoint(), Map.of("url", receiver.url()));
        assertThat(answer.status()).as(answer.text()).isBetween(200, 201);
        receiver.knows(answer.text("secret"));
        return answer.text("secret");
    }

    private String endpoint() {
        return "/merchants/" + shop.id() + "/notification-endpoint";
    }
}
