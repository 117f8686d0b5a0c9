package doubleeleven.notification.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.payment.PaymentKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecisionTest {
    @Test
    void aMerchantIsToldWhatBecameOfItsOrder() {
        assertThat(Samples.paid("tea").notifications()).singleElement().satisfies(told -> {
            assertThat(told.merchant()).isEqualTo("tea");
            assertThat(told.since()).isEqualTo(Samples.DECIDED);
            assertThat(told.content())
                    .containsEntry("type", "payment.paid")
                    .containsEntry("timestamp", "2026-11-11T00:00:00Z")
                    .containsEntry(
                            "data",
                            Map.of(
                                    "id", "07" + "b".repeat(26),
                                    "kind", "PAYMENT",
                                    "merchantOrder", "42",
                                    "outcome", "PAID",
                                    "amount", 1234L,
                                    "currency", "GBP",
                                    "merchant", "tea",
                                    "links", Map.of("self", "/payments/07" + "b".repeat(26))));
        });
    }

    @Test
    void ofARefundItIsToldByItsRefundNumber() {
        Decision refund = Samples.decision(PaymentKind.REFUND, false, "tea", List.of());

        assertThat(refund.notifications()).singleElement().satisfies(told -> {
            assertThat(told.content()).containsEntry("type", "refund.declined");
            assertThat(data(told))
                    .containsEntry("merchantRefund", "42")
                    .containsEntry("links", Map.of("self", "/refunds/07" + "b".repeat(26)))
                    .doesNotContainKey("merchantOrder");
        });
    }

    @Test
    void ofASharedOrderTheMarketplaceIsToldEachShareAndEachPayeeItsOwn() {
        List<Notification> told = Samples.shared(true).notifications();

        assertThat(told).extracting(Notification::merchant).containsExactly("market", "toys", "gifts");
        assertThat(data(told.get(0)).get("payees"))
                .isEqualTo(List.of(
                        Map.of("merchant", "toys", "amount", 1000L), Map.of("merchant", "gifts", "amount", 234L)));
        assertThat(data(told.get(1)).get("payees")).isEqualTo(List.of(Map.of("merchant", "toys", "amount", 1000L)));
        assertThat(data(told.get(2)).get("payees")).isEqualTo(List.of(Map.of("merchant", "gifts", "amount", 234L)));
        assertThat(told).extracting(Notification::id).doesNotHaveDuplicates();
    }

    @Test
    void ofAnOrderThatWasDeclinedItsPayeesHearNothing() {
        assertThat(Samples.shared(false).notifications())
                .extracting(Notification::merchant)
                .containsExactly("market");
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PAYMENT", "REFUND"})
    void ofWhatIsBetweenCustomersOrFromOutsideNoMerchantIsTold(PaymentKind kind) {
        assertThat(Samples.decision(kind, true, "tea", List.of()).notifications())
                .isEmpty();
    }

    @Test
    void aDecisionIsToldByTheSameIdAndInTheSameWordsEachTime() {
        Notification once = Samples.paid("tea").notifications().getFirst();
        Notification again = Samples.paid("tea").notifications().getFirst();

        assertThat(again).isEqualTo(once);
        assertThat(again.content().toString()).isEqualTo(once.content().toString());
    }

    @SuppressWarnings("unchecked") // as it was put together
    private static Map<String, Object> data(Notification notification) {
        return (Map<String, Object>) notification.content().get("data");
    }
}
