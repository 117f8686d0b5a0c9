package doubleeleven.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class RuleItemsTest {
    private static final Instant NOW = Instant.parse("2026-11-11T00:00:00.123Z");
    private static final RoutingRule RULE = new RoutingRule(
            7,
            100,
            Collections.nCopies(100, "RZ01"),
            Map.of(
                    "RZ01", new Unit("RZ01", "us-east-1", "RZ02", 100, new TreeMap<>(Map.of("a", 100))),
                    "RZ02", new Unit("RZ02", "us-east-2", "RZ01", 100, new TreeMap<>(Map.of("a", 100)))));

    @Test
    void aVersionIsReadBackWithItsRecord() {
        for (PublishedRule published : List.of(
                new PublishedRule(RULE, NOW, "op_1", "a drill", 3L),
                new PublishedRule(RULE, NOW, "op_1", "a drill", null),
                PublishedRule.deployed(RULE, NOW))) {
            assertThat(RuleItems.read(RuleItems.item(RuleItems.key(7), published)))
                    .isEqualTo(published);
        }
    }

    @Test
    void aRuleFromBeforePublicationsWereOnRecordWasDeployed() {
        Map<String, AttributeValue> item =
                new HashMap<>(RuleItems.item(RuleItems.CURRENT, new PublishedRule(RULE, NOW, "op_1", "a drill", null)));
        item.keySet().removeAll(List.of("publishedAt", "publishedBy", "reason"));

        assertThat(RuleItems.read(item)).isEqualTo(PublishedRule.deployed(RULE, null));
    }

    @Test
    void versionsSortAsNumbersAndApartFromTheCurrentOne() {
        assertThat(LongStream.of(1, 2, 9, 10, 99, 100, 99_999_999).mapToObj(RuleItems::sortKey))
                .isSorted()
                .first()
                .isEqualTo("V#00000001");
        assertThat(RuleItems.CURRENT.get("sk").s()).isLessThan("V#");
    }
}
