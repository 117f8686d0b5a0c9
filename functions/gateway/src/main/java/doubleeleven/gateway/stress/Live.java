package doubleeleven.gateway.stress;

import doubleeleven.gateway.release.Ending;
import doubleeleven.gateway.release.Latencies;
import doubleeleven.gateway.release.Tally;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Live traffic of all units and colours, at one moment or over a time.
 *
 * @param tally payments that gateways counted
 * @param overdue decided, and not finished beyond their time
 * @param deadLetters given up by phase two
 */
public record Live(Tally tally, long overdue, long deadLetters) {
    public static final Live NONE = new Live(Tally.NONE, 0, 0);

    public Live plus(Live other) {
        return new Live(tally.plus(other.tally), overdue + other.overdue, deadLetters + other.deadLetters);
    }

    /** What happened since; what is overdue is so now. */
    Live since(Live before) {
        return new Live(tally.since(before.tally), overdue, Math.max(0, deadLetters - before.deadLetters));
    }

    /** Its figures, for people. */
    Map<String, Object> shown() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("payments", tally.payments());
        json.put("failed", tally.lost());
        if (tally.answered() > 0) {
            json.put("p50Millis", Latencies.belowMillis(tally.quantile(0.5)));
            json.put("p99Millis", Latencies.belowMillis(tally.quantile(0.99)));
        }
        json.put("overdue", overdue);
        json.put("deadLetters", deadLetters);
        return json;
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        tally.endings().forEach((ending, count) -> json.put(name(ending), count));
        json.put("latencies", tally.latencies());
        json.put("overdue", overdue);
        json.put("deadLetters", deadLetters);
        return json;
    }

    static Live read(Map<String, ?> json) {
        Map<Ending, Long> endings = new EnumMap<>(Ending.class);
        for (Ending ending : Ending.values()) {
            endings.put(ending, Document.number(json, name(ending)));
        }
        return new Live(
                new Tally(endings, Document.list(json, "latencies", count -> ((Number) count).longValue())),
                Document.number(json, "overdue"),
                Document.number(json, "deadLetters"));
    }

    private static String name(Ending ending) {
        return ending.name().toLowerCase(Locale.ROOT);
    }
}
