package doubleeleven.notification.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.aws.Json;
import doubleeleven.notification.delivery.Notification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionMessageTest {
    private static final Map<String, Object> SHARED = Map.ofEntries(
            Map.entry("pk", "b".repeat(26)),
            Map.entry("attempt", "a".repeat(26)),
            Map.entry("status", "COMMITTED"),
            Map.entry("unit", "RZ01"),
            Map.entry("colour", "a"),
            Map.entry("decidedAt", 1_794_355_200_000L),
            Map.entry("kind", "PAYMENT"),
            Map.entry("id", "07" + "b".repeat(26)),
            Map.entry("payer", "alice"),
            Map.entry("merchant", "market"),
            Map.entry("order", "42"),
            Map.entry("amount", 1234L),
            Map.entry("currency", "GBP"),
            Map.entry(
                    "payees",
                    List.of(
                            Map.of("merchant", "toys", "bucket", 0L, "amount", 1000L),
                            Map.of("merchant", "gifts", "bucket", 1L, "amount", 234L))),
            Map.entry("trace", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

    @Test
    void aDecisionIsToldToAllWhomItConcerns() {
        assertThat(read(SHARED)).extracting(Notification::merchant).containsExactly("market", "toys", "gifts");
    }

    @Test
    void whatIsLeftIsToldToThoseWhoAreLeftAlone() {
        List<Notification> left = read(SHARED).subList(1, 2);

        Map<String, Object> narrowed = DecisionMessage.to(SHARED, left);

        assertThat(read(narrowed)).isEqualTo(left);
    }

    @Test
    void aDecisionIsPaidOnceItIsCommittedAndWhateverBecameOfItSince() {
        assertThat(read(with("status", "SUCCEEDED"))).isEqualTo(read(SHARED));
        assertThat(read(with("status", "CLOSED"))).isEqualTo(read(with("status", "ABORTED")));
        assertThat(read(with("status", "ABORTED")).getFirst().content()).containsEntry("type", "payment.declined");
    }

    @Test
    void anAttemptThatNobodyKnowsMoreOfIsToldToNobody() {
        assertThat(read(Map.of("pk", "b".repeat(26), "attempt", "a".repeat(26), "status", "ABORTED")))
                .isEmpty();
    }

    @Test
    void whatIsNoDecisionIsRefused() {
        assertThatThrownBy(() -> read(with("id", "nobody"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> read(Map.of("kind", "PAYMENT"))).isInstanceOf(RuntimeException.class);
    }

    private static Map<String, Object> with(String name, Object value) {
        Map<String, Object> body = new HashMap<>(SHARED);
        body.put(name, value);
        return body;
    }

    /** As it comes out of the queue. */
    private static List<Notification> read(Map<String, Object> body) {
        return DecisionMessage.read(Json.object(Json.write(body)));
    }
}
