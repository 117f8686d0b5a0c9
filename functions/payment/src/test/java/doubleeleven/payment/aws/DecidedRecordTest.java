package doubleeleven.payment.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

    @Test
    void whatIsNoDecisionIsNotRelayed() {
        assertThat(DecidedRecord.of(change("COMMITTED", "COMMITTED"))).isEmpty();
        assertThat(DecidedRecord.of(change("COMMITTED", "SUCCEEDED"))).isEmpty();
        assertThat(DecidedRecord.of(change("CLOSED", "TRYING"))).isEmpty();
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
