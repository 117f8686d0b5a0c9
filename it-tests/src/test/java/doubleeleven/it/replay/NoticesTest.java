package doubleeleven.it.replay;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.client.Receiver.Told;
import doubleeleven.it.replay.Outcome.Result;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoticesTest {
    private static final Outcome PAID = outcome("one", Result.PAID);
    private static final Outcome DECLINED = outcome("two", Result.DECLINED);
    private static final Told TOLD_PAID = told("n1", "payment.paid", "one", "whsec_a");
    private static final Told TOLD_DECLINED = told("n2", "payment.declined", "two", "whsec_a");

    @Test
    void whatEachMerchantWasToldOnceAtLeastIsFine() {
        Notices notices = new Notices(List.of(TOLD_PAID, TOLD_DECLINED, TOLD_PAID), List.of(PAID, DECLINED));

        assertThat(notices.faults()).isEmpty();
        assertThat(notices.byType()).isEqualTo(Map.of("payment.paid", 1L, "payment.declined", 1L));
        assertThat(notices.again()).isEqualTo(1);
    }

    @Test
    void whatNobodyWasToldIsAFault() {
        assertThat(new Notices(List.of(TOLD_PAID), List.of(PAID, DECLINED)).faults())
                .containsExactly("nobody was told that two is payment.declined");
    }

    @Test
    void whatWasToldWrongIsAFault() {
        Told wrong = told("n1", "payment.declined", "one", "whsec_a");
        assertThat(new Notices(List.of(wrong), List.of(PAID)).faults())
                .containsExactly("nobody was told that one is payment.paid");
    }

    @Test
    void whatIsNotSignedByItsMerchantsSecretIsAFault() {
        Told forged = new Told("n1", TOLD_PAID.content(), List.of(), 204);
        assertThat(new Notices(List.of(forged), List.of(PAID)).faults())
                .containsExactly("notification n1 is signed by none of its merchant's secrets");
    }

    @Test
    void ofWhatWasNeverDecidedNobodyNeedsToBeTold() {
        assertThat(new Notices(List.of(), List.of(outcome("three", Result.SKIPPED), outcome("four", Result.FAILED)))
                        .faults())
                .isEmpty();
    }

    private static Told told(String notification, String type, String payment, String secret) {
        return new Told(notification, Map.of("type", type, "data", Map.of("id", payment)), List.of(secret), 204);
    }

    private static Outcome outcome(String id, Result result) {
        Plan.Purchase purchase = new Plan.Purchase(
                LocalDateTime.of(2011, 11, 11, 0, 0), "536365", "gifts", "14911", "EIRE", 100, Plan.Means.BALANCE, 0);
        return new Outcome(purchase, "us-east-1", id, id, result, List.of(), 1, false);
    }
}
