package doubleeleven.gateway;

import doubleeleven.routing.Feature;
import doubleeleven.routing.First;
import doubleeleven.routing.Flow;
import doubleeleven.routing.Flows;
import doubleeleven.routing.RuleDocument;
import doubleeleven.routing.RuleDraft;
import doubleeleven.routing.RuleDraft.DraftFlows;
import doubleeleven.routing.RuleDraft.DraftFlows.Named;
import doubleeleven.routing.RuleDraft.DraftUnit;
import doubleeleven.routing.ShardRange;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What operators ask of the routing rule. The shape of the document is in {@code routing-rule.schema.json} too; a test holds the two
 * together.
 */
final class RuleRequests {
    static final long LAST_VERSION = 99_999_999;

    private static final int MOST_LISTED = 100;
    private static final int USUALLY_LISTED = 20;
    private static final int FEWEST_UNITS = 2;
    private static final int MOST_UNITS = 20;
    private static final int MOST_RANGES = 100;
    private static final int MOST_NAMED = 100;
    private static final List<String> COLOURS = List.of("a", "b");

    private RuleRequests() {}

    /**
     * A new version.
     *
     * @param expectedVersion the version in force, which this one replaces
     * @param first who is to obey it first; null where all are
     * @param dryRun to learn what it would be, and nothing more
     */
    record Publication(
            RuleDraft document,
            long expectedVersion,
            String reason,
            @Nullable First first,
            boolean dryRun) {
        static Checked<Publication> read(Map<String, @Nullable Object> json) {
            return Fields.read(
                    json,
                    fields -> new Publication(
                            fields.object("document", RuleRequests::draft),
                            replaced(fields),
                            fields.text("reason", Text.REASON),
                            fields.has("first") ? fields.object("first", RuleRequests::first) : null,
                            fields.flagIfGiven("dryRun")));
        }
    }

    /** The version that some obey, for all. */
    record Spread(long expectedVersion, String reason) {
        static Checked<Spread> read(Map<String, @Nullable Object> json) {
            return Fields.read(
                    json, fields -> new Spread(version(fields, "expectedVersion"), fields.text("reason", Text.REASON)));
        }
    }

    /** What an earlier version says, as a new one. */
    record Rollback(long toVersion, long expectedVersion, String reason) {
        static Checked<Rollback> read(Map<String, @Nullable Object> json) {
            return Fields.read(
                    json,
                    fields -> new Rollback(
                            version(fields, "toVersion"), replaced(fields), fields.text("reason", Text.REASON)));
        }
    }

    /** Which versions to list. */
    record Listing(int limit, long next) {
        static Checked<Listing> read(Map<String, @Nullable Object> query) {
            return Fields.read(
                    query,
                    fields -> new Listing(
                            Math.toIntExact(fields.integerIfGiven("limit", 1, MOST_LISTED, USUALLY_LISTED)),
                            fields.integerIfGiven("next", 1, LAST_VERSION, LAST_VERSION)));
        }
    }

    /** Which versions to compare. */
    record Comparison(long from, long to) {
        static Checked<Comparison> read(Map<String, @Nullable Object> query) {
            return Fields.read(query, fields -> new Comparison(version(fields, "from"), version(fields, "to")));
        }
    }

    private static long version(Fields fields, String name) {
        return fields.integer(name, 1, LAST_VERSION);
    }

    private static long replaced(Fields fields) {
        return fields.integer("expectedVersion", 1, LAST_VERSION - 1);
    }

    private static First first(Fields first) {
        return new First(
                first.text("region", Text.REGION), Math.toIntExact(first.integer("percent", 1, First.NUMBERS)));
    }

    static RuleDraft draft(Fields document) {
        return new RuleDraft(
                document.integer("peak", 1, RuleDraft.MOST_A_SECOND),
                document.objects("units", FEWEST_UNITS, MOST_UNITS, RuleRequests::unit),
                document.has("flows") ? document.object("flows", RuleRequests::flows) : DraftFlows.of(Flows.NONE),
                document.has("switches") ? document.object("switches", RuleRequests::switchedOff) : Set.of());
    }

    private static DraftFlows flows(Fields flows) {
        return new DraftFlows(
                Math.toIntExact(flows.integer("environments", 1, Flows.MOST_ENVIRONMENTS)),
                flow(flows, "app"),
                flow(flows, "merchant"),
                named(flows, "merchants", "merchant", Text.ID),
                flow(flows, "unit"),
                named(flows, "units", "unit", Text.UNIT),
                flow(flows, "hotAccount"),
                flow(flows, "hotBucket"));
    }

    private static @Nullable Flow flow(Fields flows, String name) {
        return flows.has(name) ? flows.object(name, RuleRequests::flow) : null;
    }

    private static Flow flow(Fields limit) {
        return new Flow(
                limit.integer("ratePerSecond", 1, RuleDraft.MOST_A_SECOND),
                limit.integer("burst", 1, RuleDraft.MOST_A_SECOND));
    }

    private static List<Named> named(Fields flows, String name, String key, Text text) {
        return flows.has(name)
                ? flows.objects(name, 0, MOST_NAMED, limit -> new Named(limit.text(key, text), flow(limit)))
                : List.of();
    }

    private static Set<Feature> switchedOff(Fields switches) {
        Set<Feature> off = EnumSet.noneOf(Feature.class);
        for (Feature feature : Feature.values()) {
            if (switches.has(feature.field())
                    && switches.choice(feature.field(), List.of(RuleDocument.ON, RuleDocument.OFF))
                            .equals(RuleDocument.OFF)) {
                off.add(feature);
            }
        }
        return off;
    }

    private static DraftUnit unit(Fields unit) {
        return new DraftUnit(
                unit.text("name", Text.UNIT),
                unit.text("region", Text.REGION),
                unit.text("standby", Text.UNIT),
                unit.integer("capacity", 1, RuleDraft.MOST_A_SECOND),
                unit.object("colours", RuleRequests::weights),
                shards(unit),
                unit.flagIfGiven("forbidden"));
    }

    private static SortedMap<String, Integer> weights(Fields colours) {
        SortedMap<String, Integer> weights = new TreeMap<>();
        for (String colour : COLOURS) {
            if (colours.has(colour)) {
                weights.put(colour, Math.toIntExact(colours.integer(colour, 0, 100)));
            }
        }
        return weights;
    }

    private static List<ShardRange> shards(Fields unit) {
        List<String> written = unit.texts("shards", 0, MOST_RANGES, Text.SHARDS);
        List<ShardRange> ranges = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            Optional<ShardRange> range = ShardRange.parse(written.get(i));
            range.ifPresent(ranges::add);
            if (range.isEmpty() && unit.isFine()) {
                unit.wrong("shards[" + i + "]", "must not end before it begins: " + Text.SHARDS.expectation());
            }
        }
        return ranges;
    }
}
