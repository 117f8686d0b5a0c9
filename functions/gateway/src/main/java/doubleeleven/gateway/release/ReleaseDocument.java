package doubleeleven.gateway.release;

import doubleeleven.gateway.release.Release.Decision;
import doubleeleven.gateway.release.Release.State;
import doubleeleven.gateway.release.Release.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A release as JSON: what is kept, of which operators see {@link #shown}. */
public final class ReleaseDocument {
    private ReleaseDocument() {}

    /** Without what goes on between the workflow and its record. */
    public static Map<String, Object> shown(Release release) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("release", release.id());
        json.put("unit", release.unit());
        json.put("to", release.to());
        json.put("from", release.from());
        json.put("state", release.state().name());
        put(json, "why", release.why());
        put(json, "weight", release.weight());
        json.put("steps", release.plan().steps());
        json.put("least", release.plan().least());
        json.put("mostLooks", release.plan().mostLooks());
        json.put("starved", release.plan().rollBackWhereStarved() ? "ROLL_BACK" : "STAY");
        json.put("approval", release.plan().approval());
        json.put("reason", release.reason());
        json.put("by", release.by());
        json.put("at", release.at().toString());
        put(
                json,
                "endedAt",
                release.endedAt() == null ? null : release.endedAt().toString());
        put(json, "decision", decision(release.decision()));
        put(json, "stopped", decision(release.stopped()));
        json.put("stages", release.stages().stream().map(ReleaseDocument::stage).toList());
        return json;
    }

    /** Everything. */
    public static Map<String, Object> of(Release release) {
        Map<String, Object> json = shown(release);
        put(json, "intended", release.intended());
        json.put("next", release.next());
        json.put("looks", release.looks());
        json.put("since", release.since().toString());
        json.put("before", map(release.before(), ReleaseDocument::standing));
        json.put("warm", map(release.warm(), ReleaseDocument::tally));
        put(
                json,
                "waiting",
                release.waiting() == null
                        ? null
                        : Map.of(
                                "token", release.waiting().token(),
                                "region", release.waiting().region()));
        json.put("revision", release.revision());
        return json;
    }

    public static Release read(Map<String, ?> json) {
        return new Release(
                text(json, "unit"),
                text(json, "release"),
                text(json, "to"),
                text(json, "from"),
                new Plan(
                        list(json, "steps", step -> ((Number) step).intValue()),
                        number(json, "least"),
                        (int) number(json, "mostLooks"),
                        text(json, "starved").equals("ROLL_BACK"),
                        Boolean.TRUE.equals(json.get("approval"))),
                text(json, "reason"),
                text(json, "by"),
                Instant.parse(text(json, "at")),
                State.valueOf(text(json, "state")),
                integerIfThere(json, "weight"),
                integerIfThere(json, "intended"),
                (int) number(json, "next"),
                number(json, "looks"),
                Instant.parse(text(json, "since")),
                readMap(json, "before", ReleaseDocument::readStanding),
                readMap(json, "warm", ReleaseDocument::readTally),
                list(json, "stages", stage -> readStage(object(stage))),
                json.get("waiting") instanceof Map<?, ?> waiting
                        ? new Waiting(text(object(waiting), "token"), text(object(waiting), "region"))
                        : null,
                readDecision(json.get("decision")),
                readDecision(json.get("stopped")),
                json.get("why") instanceof String why ? why : null,
                json.get("endedAt") instanceof String ended ? Instant.parse(ended) : null,
                number(json, "revision"));
    }

    private static Map<String, Object> stage(Stage stage) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("weight", stage.weight());
        json.put("shiftedAt", stage.shiftedAt().toString());
        json.put("version", stage.version());
        json.put("looks", stage.looks());
        put(json, "verdict", stage.verdict());
        put(json, "why", stage.why());
        put(json, "lookedAt", stage.lookedAt() == null ? null : stage.lookedAt().toString());
        json.put("figures", stage.figures());
        return json;
    }

    private static Stage readStage(Map<String, ?> json) {
        return new Stage(
                (int) number(json, "weight"),
                Instant.parse(text(json, "shiftedAt")),
                number(json, "version"),
                (int) number(json, "looks"),
                json.get("verdict") instanceof String verdict ? verdict : null,
                json.get("why") instanceof String why ? why : null,
                json.get("lookedAt") instanceof String at ? Instant.parse(at) : null,
                readMap(json, "figures", figures -> {
                    Map<String, Long> numbers = new LinkedHashMap<>();
                    figures.keySet().forEach(name -> numbers.put(name, number(figures, name)));
                    return numbers;
                }));
    }

    private static @Nullable Map<String, Object> decision(@Nullable Decision decision) {
        return decision == null
                ? null
                : Map.of("approve", decision.approved(), "by", decision.by(), "reason", decision.reason());
    }

    private static @Nullable Decision readDecision(@Nullable Object value) {
        return value instanceof Map<?, ?> json
                ? new Decision(
                        Boolean.TRUE.equals(json.get("approve")),
                        text(object(json), "by"),
                        text(object(json), "reason"))
                : null;
    }

    private static Map<String, Object> standing(Standing standing) {
        Map<String, Object> json = tally(standing.tally());
        json.put("overdue", standing.overdue());
        json.put("deadLetters", standing.deadLetters());
        return json;
    }

    private static Standing readStanding(Map<String, ?> json) {
        return new Standing(readTally(json), number(json, "overdue"), number(json, "deadLetters"));
    }

    private static Map<String, Object> tally(Tally tally) {
        Map<String, Object> json = new LinkedHashMap<>();
        tally.endings().forEach((ending, count) -> json.put(ending.name().toLowerCase(Locale.ROOT), count));
        json.put("latencies", tally.latencies());
        return json;
    }

    private static Tally readTally(Map<String, ?> json) {
        Map<Ending, Long> endings = new TreeMap<>();
        for (Ending ending : Ending.values()) {
            if (json.get(ending.name().toLowerCase(Locale.ROOT)) instanceof Number count) {
                endings.put(ending, count.longValue());
            }
        }
        return new Tally(endings, list(json, "latencies", count -> ((Number) count).longValue()));
    }

    private static <V> Map<String, Object> map(Map<String, V> values, Function<V, Object> each) {
        Map<String, Object> json = new TreeMap<>();
        values.forEach((name, value) -> json.put(name, each.apply(value)));
        return json;
    }

    private static <V> Map<String, V> readMap(Map<String, ?> json, String field, Function<Map<String, ?>, V> each) {
        Map<String, V> values = new TreeMap<>();
        object(json.get(field)).forEach((name, value) -> values.put(name, each.apply(object(value))));
        return values;
    }

    private static <V> List<V> list(Map<String, ?> json, String field, Function<Object, V> each) {
        List<V> values = new ArrayList<>();
        if (json.get(field) instanceof List<?> list) {
            list.forEach(value -> values.add(each.apply(value)));
        }
        return values;
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as names
    private static Map<String, ?> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, ?>) map;
        }
        throw new IllegalArgumentException("not an object: " + value);
    }

    private static String text(Map<String, ?> json, String field) {
        if (json.get(field) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no text in field " + field);
    }

    private static long number(Map<String, ?> json, String field) {
        if (json.get(field) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("no number in field " + field);
    }

    private static @Nullable Integer integerIfThere(Map<String, ?> json, String field) {
        return json.get(field) instanceof Number number ? Integer.valueOf(number.intValue()) : null;
    }

    private static void put(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
