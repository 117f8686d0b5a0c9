package doubleeleven.it.audit;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.audit.Write.Kind;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class WriteTest {
    private static final Map<String, AttributeValue> NOTHING = Map.of();

    @Test
    void theSixWritesOfAPaymentAreToldApart() {
        assertThat(Write.ofPayment(NOTHING, payment("TRYING"))).isEqualTo(new Write(Kind.CLAIM, "try1"));
        assertThat(Write.ofPayment(payment("CLOSED"), payment("TRYING"))).isEqualTo(new Write(Kind.CLAIM, "try1"));
        assertThat(Write.ofPayment(payment("TRYING"), payment("COMMITTED"))).isEqualTo(new Write(Kind.DECIDE, "try1"));
        assertThat(Write.ofPayment(payment("COMMITTED"), payment("SUCCEEDED")))
                .isEqualTo(new Write(Kind.FINISH, "try1"));
        assertThat(account("BALANCE", fund(10, "holds", ""), fund(5, "holds", "try1")))
                .isEqualTo(new Write(Kind.HOLD, "try1"));
        assertThat(account("BALANCE", fund(5, "holds", "try1"), fund(5, "finished", "try1")))
                .isEqualTo(new Write(Kind.CONFIRM, "try1"));
        assertThat(account("E#0000000000001#try1", NOTHING, fund(5, "holds", "")))
                .isEqualTo(new Write(Kind.ENTRY, "try1"));
    }

    @Test
    void moneyThatComesBackIsACancelAndMoneyThatComesInIsAConfirm() {
        assertThat(account("BALANCE", fund(5, "holds", "try1"), fund(10, "finished", "try1")))
                .isEqualTo(new Write(Kind.CANCEL, "try1"));
        assertThat(account("BALANCE", fund(5, "incoming", "try1"), fund(10, "finished", "try1")))
                .isEqualTo(new Write(Kind.CONFIRM, "try1"));
        assertThat(account("BALANCE", fund(5, "incoming", "try1"), fund(5, "finished", "try1")))
                .isEqualTo(new Write(Kind.CANCEL, "try1"));
        assertThat(account("BALANCE", fund(5, "incoming", ""), fund(5, "incoming", "try1")))
                .isEqualTo(new Write(Kind.ANNOUNCE, "try1"));
    }

    @Test
    void aRefundOfAShareIsCountedForTheRefundNotForThePayment() {
        assertThat(account("E#0000000000001#try1", fund(10, "holds", ""), fund(5, "holds", "try2")))
                .isEqualTo(new Write(Kind.HOLD, "try2"));
        assertThat(account("E#0000000000001#try1", fund(5, "holds", "try2"), fund(5, "finished", "try2")))
                .isEqualTo(new Write(Kind.CONFIRM, "try2"));
        assertThat(account("E#0000000000001#try1", fund(5, "holds", "try2"), fund(10, "finished", "try2")))
                .isEqualTo(new Write(Kind.CANCEL, "try2"));
    }

    @Test
    void whatIsNotPartOfTheProtocolIsCountedApart() {
        assertThat(account("BALANCE", fund(5, "finished", ""), fund(5, "finished", "try1")))
                .isEqualTo(new Write(Kind.FENCE, "try1"));
        assertThat(account("BALANCE", fund(5, "finished", "try1"), fund(5, "finished", "")))
                .isEqualTo(new Write(Kind.PRUNE, ""));
        Map<String, AttributeValue> posted = new HashMap<>(fund(5, "holds", "try2"));
        posted.put("posted", AttributeValue.fromN("1"));
        assertThat(account("E#0000000000001#try1", fund(5, "holds", "try2"), posted))
                .isEqualTo(new Write(Kind.MARK_POSTED, "try1"));
        Map<String, AttributeValue> later = new HashMap<>(payment("COMMITTED"));
        later.put("dueAt", AttributeValue.fromN("7"));
        assertThat(Write.ofPayment(payment("COMMITTED"), later)).isEqualTo(new Write(Kind.POSTPONE, "try1"));
        assertThat(Kind.FENCE.isProtocol()).isFalse();
        assertThat(Kind.FINISH.isProtocol()).isTrue();
    }

    private static Write account(String sk, Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        return Write.ofAccount(Map.of("sk", AttributeValue.fromS(sk)), before, after);
    }

    private static Map<String, AttributeValue> payment(String status) {
        return Map.of("attempt", AttributeValue.fromS("try1"), "status", AttributeValue.fromS(status));
    }

    private static Map<String, AttributeValue> fund(long available, String map, String attempt) {
        Map<String, AttributeValue> keys =
                attempt.isEmpty() ? Map.of() : Map.of(attempt, AttributeValue.fromM(Map.of()));
        return Map.of("available", AttributeValue.fromN(Long.toString(available)), map, AttributeValue.fromM(keys));
    }
}
