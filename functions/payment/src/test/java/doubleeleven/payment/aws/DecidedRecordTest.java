package doubleeleven.payment.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.DecidedMessage;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DecidedRecordTest {
    @Test
    void aDecisionIsRelayedWithWhatQueuesFilterOnAndConsumersNeed() {
        DecidedRecord decided = DecidedRecord.of(change("TRYING", "COMMITTED")).orElseThrow();

        assertThat(decided.sequenceNumber()).isEqualTo("111");
        assertThat(decided.message())
                .containsEntry("pk", "order")
                .containsEntry("status", "COMMITTED")
                .containsEntry("amount", 1234L)
                .containsEntry("payer", "14911");
        assertThat(decided.attributes()).containsOnlyKeys("unit", "colour", "status");
    }

    /** So whoever goes through the items later tells the same of a payment as its message did. */
    @Test
    void whatIsRelayedIsWhatTheItemSaysOfItself() {
        Payment payment = Ledger.payment(PaymentStatus.COMMITTED, Ledger.ATTEMPT, Ledger.shared());
        Map<String, AttributeValue> item = Schemas.PAYMENT.itemToMap(payment, true);
        Map<String, Object> row = Map.of("dynamodb", Map.of("SequenceNumber", "111", "NewImage", image(item)));

        assertThat(DecidedRecord.of(row).orElseThrow().message())
                .isEqualTo(DecidedMessage.of(item))
                .isEqualTo(DecidedMessage.of(payment))
                .containsEntry(
                        "payees",
                        List.of(
                                Map.of("merchant", "gifts", "bucket", 3L, "amount", 30L),
                                Map.of("merchant", "toys", "bucket", 0L, "amount", 70L)))
                .hasSize(15);
    }

    @Test
    void whatIsNoDecisionIsNotRelayed() {
        assertThat(DecidedRecord.of(change("COMMITTED", "COMMITTED"))).isEmpty();
        assertThat(DecidedRecord.of(change("COMMITTED", "SUCCEEDED"))).isEmpty();
        assertThat(DecidedRecord.of(change("CLOSED", "TRYING"))).isEmpty();
    }

    /** An item as the stream shows it. */
    private static Map<String, Object> image(Map<String, AttributeValue> item) {
        Map<String, Object> image = new HashMap<>();
        item.forEach((name, value) -> image.put(name, typed(value)));
        return image;
    }

    private static Map<String, Object> typed(AttributeValue value) {
        return switch (value.type()) {
            case S -> Map.of("S", value.s());
            case N -> Map.of("N", value.n());
            case BOOL -> Map.of("BOOL", value.bool());
            case L ->
                Map.of("L", value.l().stream().map(DecidedRecordTest::typed).toList());
            case M -> Map.of("M", image(value.m()));
            default -> throw new AssertionError("not in a payment's item: " + value);
        };
    }

    private static Map<String, Object> change(String before, String now) {
        return Json.object("""
                {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "111",
                  "OldImage": {"pk": {"S": "order"}, "status": {"S": "%s"}},
                  "NewImage": {"pk": {"S": "order"}, "status": {"S": "%s"}, "attempt": {"S": "a"}, "unit": {"S": "RZ01"},
                    "colour": {"S": "a"}, "decidedAt": {"N": "1762819200000"},
                    "command": {"M": {"kind": {"S": "PAYMENT"}, "payer": {"S": "14911"}, "merchant": {"S": "gifts"},
                      "amount": {"N": "1234"}, "currency": {"S": "GBP"}, "trace": {"S": "00-1-2-01"}}}}}}
                """.formatted(before, now));
    }
}
