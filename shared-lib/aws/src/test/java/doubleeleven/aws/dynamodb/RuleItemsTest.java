package doubleeleven.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.routing.First;
import doubleeleven.routing.InForce;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Trial;
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

    private static final First FIRST = new First("us-east-1", 10);
    private static final PublishedRule WEIGHED = new PublishedRule(
            RULE.withColours("RZ01", new TreeMap<>(Map.of("a", 90, "b", 10))), NOW, "op_1", "a tenth for b", null);
    private static final InForce TRIAL =
            InForce.ofAll(new PublishedRule(RULE, NOW, "op_1", "a drill", null)).tryingFirst(WEIGHED, FIRST);

    @Test
    void aVersionThatSomeObeyFirstIsReadBackWithWhatTheRestObeysAndWhenItWasSpread() {
        PublishedRule spread =
                TRIAL.published().spread(new Trial.Spread(NOW.plusSeconds(60), "op_2", "nothing got worse"));

        assertThat(RuleItems.inForce(RuleItems.item(TRIAL))).isEqualTo(TRIAL);
        assertThat(RuleItems.read(RuleItems.item(RuleItems.key(8), TRIAL.published())))
                .isEqualTo(TRIAL.published());
        assertThat(RuleItems.inForce(RuleItems.item(InForce.ofAll(spread)))).isEqualTo(InForce.ofAll(spread));
        assertThat(RuleItems.read(RuleItems.item(RuleItems.key(8), spread))).isEqualTo(spread);
    }

    @Test
    void onlyThoseThatAreAmongTheFirstObeyWhatIsTriedAndAllObeyItOnceItIsSpread() {
        RoutingRule rest = RULE.at(8);
        Map<String, AttributeValue> tried = RuleItems.item(TRIAL);
        Map<String, AttributeValue> spread = RuleItems.item(
                InForce.ofAll(TRIAL.published().spread(new Trial.Spread(NOW, "op_2", "nothing got worse"))));

        assertThat(RuleItems.obeyed(tried, FIRST::equals)).isEqualTo(WEIGHED.rule());
        assertThat(RuleItems.obeyed(tried, _ -> false)).isEqualTo(rest);
        assertThat(RuleItems.obeyed(spread, _ -> false)).isEqualTo(WEIGHED.rule());
    }

    /** As releases from before versions were tried read it: gateways its document, the others version and document. */
    @Test
    void anEarlierReleaseObeysAndBuildsUponWhatTheRestObeys() {
        Map<String, AttributeValue> item = RuleItems.item(TRIAL);

        assertThat(RoutingDocument.read(Values.text(item, "document"))).isEqualTo(RULE.at(8));
        assertThat(item.get("version").n()).isEqualTo("8");
    }

    @Test
    void anItemFromBeforeVersionsWereTriedIsObeyedByAll() {
        PublishedRule published = new PublishedRule(RULE, NOW, "op_1", "a drill", 3L);
        Map<String, AttributeValue> item = RuleItems.item(RuleItems.CURRENT, published);

        assertThat(item)
                .containsOnlyKeys(
                        "pk", "sk", "version", "document", "publishedBy", "reason", "publishedAt", "restores");
        assertThat(RuleItems.inForce(item)).isEqualTo(InForce.ofAll(published));
        assertThat(RuleItems.obeyed(item, _ -> true)).isEqualTo(RULE);
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
