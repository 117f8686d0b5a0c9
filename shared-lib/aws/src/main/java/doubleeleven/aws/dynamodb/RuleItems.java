package doubleeleven.aws.dynamodb;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.routing.First;
import doubleeleven.routing.InForce;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Trial;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The routing rule in the control table: {@code RULE/CURRENT} is the version in force with the record of its publication, and each version
 * is kept under {@code RULE/V#<version>}. One write on the first makes a version; before the next one replaces it, it is copied to the
 * second. So the two together know every version there ever was, and no number is ever given to two.
 *
 * <p>While a version is given to some gateways first, {@code document} in {@code RULE/CURRENT} is what all others obey, under the version's
 * number, and {@code tried} is the version. So whoever is of an earlier release, a gateway of a Region that is deployed later or a failover
 * that is begun there, obeys and builds upon nothing that is only tried; and what it publishes replaces the item whole, which ends the
 * trial. In the history {@code document} is what the version says.
 */
public final class RuleItems {
    public static final String PARTITION = "RULE";
    public static final Map<String, AttributeValue> CURRENT = key("CURRENT");

    /** In {@link #CURRENT} while not all obey the version: what it says. */
    public static final String TRIED = "tried";
    /** When all were given what only some obeyed before. */
    public static final String SPREAD_AT = "spreadAt";

    private static final String DOCUMENT = "document";
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

    /** What is in force. */
    public static Map<String, AttributeValue> item(InForce inForce) {
        Map<String, AttributeValue> item = item(CURRENT, inForce.published());
        if (inForce.isTrial()) {
            item.put(TRIED, item.get(DOCUMENT));
            item.put(DOCUMENT, s(RoutingDocument.write(inForce.rule())));
        }
        return item;
    }

    /** A version that nobody tries, or one in the history, under one of the keys above. */
    public static Map<String, AttributeValue> item(Map<String, AttributeValue> key, PublishedRule published) {
        Map<String, AttributeValue> item = new HashMap<>(key);
        item.put("version", n(published.version()));
        item.put(DOCUMENT, s(RoutingDocument.write(published.rule())));
        item.put("publishedBy", s(published.publishedBy()));
        item.put("reason", s(published.reason()));
        if (published.publishedAt() != null) {
            item.put("publishedAt", n(published.publishedAt()));
        }
        if (published.restores() != null) {
            item.put("restores", n(published.restores()));
        }
        if (published.trial() != null) {
            put(item, published.trial());
        }
        return item;
    }

    private static void put(Map<String, AttributeValue> item, Trial trial) {
        item.put("firstRegion", s(trial.first().region()));
        item.put("firstPercent", n(trial.first().percent()));
        item.put("rest", n(trial.rest()));
        Trial.Spread spread = trial.spread();
        if (spread != null) {
            item.put(SPREAD_AT, n(spread.at()));
            item.put("spreadBy", s(spread.by()));
            item.put("spreadReason", s(spread.reason()));
        }
    }

    /** Reads {@link #CURRENT}. */
    public static InForce inForce(Map<String, AttributeValue> item) {
        PublishedRule published = read(item);
        return item.containsKey(TRIED)
                ? new InForce(published, RoutingDocument.readWhole(Values.text(item, DOCUMENT)))
                : InForce.ofAll(published);
    }

    /**
     * What a gateway obeys, from {@link #CURRENT}; fields of it that only a later release knows are left aside.
     *
     * @param among whether the gateway is one of those that obey a version first
     */
    public static RoutingRule obeyed(Map<String, AttributeValue> item, Predicate<First> among) {
        boolean tries = item.containsKey(TRIED) && among.test(first(item));
        return RoutingDocument.read(Values.text(item, tries ? TRIED : DOCUMENT));
    }

    /** Reads a version whole, with its record; those from before publications were on record were made by a deployment. */
    public static PublishedRule read(Map<String, AttributeValue> item) {
        RoutingRule rule = RoutingDocument.readWhole(Values.text(item, item.containsKey(TRIED) ? TRIED : DOCUMENT));
        Instant at = number(item, "publishedAt").map(Instant::ofEpochMilli).orElse(null);
        if (!item.containsKey("reason")) {
            return PublishedRule.deployed(rule, at);
        }
        return new PublishedRule(
                rule,
                at,
                Values.text(item, "publishedBy"),
                Values.text(item, "reason"),
                number(item, "restores").orElse(null),
                number(item, "rest").map(rest -> trial(item, rest)).orElse(null));
    }

    private static Trial trial(Map<String, AttributeValue> item, long rest) {
        return new Trial(
                first(item),
                rest,
                number(item, SPREAD_AT)
                        .map(at -> new Trial.Spread(
                                Instant.ofEpochMilli(at),
                                Values.text(item, "spreadBy"),
                                Values.text(item, "spreadReason")))
                        .orElse(null));
    }

    private static First first(Map<String, AttributeValue> item) {
        return new First(
                Values.text(item, "firstRegion"),
                Math.toIntExact(number(item, "firstPercent").orElseThrow()));
    }

    private static Optional<Long> number(Map<String, AttributeValue> item, String name) {
        return Optional.ofNullable(item.get(name)).map(value -> Long.valueOf(value.n()));
    }
}
