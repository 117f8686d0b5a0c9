package doubleeleven.aws.dynamodb;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The routing rule in the control table: {@code RULE/CURRENT} is the version in force with the record of its publication, and each version
 * is kept under {@code RULE/V#<version>}. One write on the first makes a version; before the next one replaces it, it is copied to the
 * second. So the two together know every version there ever was, and no number is ever given to two.
 */
public final class RuleItems {
    public static final String PARTITION = "RULE";
    public static final Map<String, AttributeValue> CURRENT = key("CURRENT");

    private static final String VERSION = "V#";

    private RuleItems() {}

    /** Sort key of a version in the history; in their order where versions have at most eight digits. */
    public static String sortKey(long version) {
        return VERSION + "%08d".formatted(version);
    }

    public static Map<String, AttributeValue> key(long version) {
        return key(sortKey(version));
    }

    private static Map<String, AttributeValue> key(String sortKey) {
        return Map.of("pk", s(PARTITION), "sk", s(sortKey));
    }

    /** An item under one of the keys above. */
    public static Map<String, AttributeValue> item(Map<String, AttributeValue> key, PublishedRule published) {
        Map<String, AttributeValue> item = new HashMap<>(key);
        item.put("version", n(published.version()));
        item.put("document", s(RoutingDocument.write(published.rule())));
        item.put("publishedBy", s(published.publishedBy()));
        item.put("reason", s(published.reason()));
        if (published.publishedAt() != null) {
            item.put("publishedAt", n(published.publishedAt()));
        }
        if (published.restores() != null) {
            item.put("restores", n(published.restores()));
        }
        return item;
    }

    /** Reads an item whole; those from before publications were on record were made by a deployment. */
    public static PublishedRule read(Map<String, AttributeValue> item) {
        RoutingRule rule = RoutingDocument.readWhole(Values.text(item, "document"));
        Instant at = number(item, "publishedAt").map(Instant::ofEpochMilli).orElse(null);
        if (!item.containsKey("reason")) {
            return PublishedRule.deployed(rule, at);
        }
        return new PublishedRule(
                rule,
                at,
                Values.text(item, "publishedBy"),
                Values.text(item, "reason"),
                number(item, "restores").orElse(null));
    }

    private static Optional<Long> number(Map<String, AttributeValue> item, String name) {
        return Optional.ofNullable(item.get(name)).map(value -> Long.valueOf(value.n()));
    }
}
