package doubleeleven.gateway.stress;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of a stress test, as far as it came.
 *
 * @param step its index in the plan
 * @param slices that were looked at
 * @param live while it was loaded
 * @param lookedAt when that was last
 * @param verdict the last one
 */
record Stage(
        int step,
        Instant begunAt,
        int slices,
        Load load,
        Live live,
        @Nullable Instant lookedAt,
        @Nullable String verdict) {

    static Stage begun(int step, Instant now) {
        return new Stage(step, now, 0, new Load(), Live.NONE, null, null);
    }

    boolean held() {
        return "HELD".equals(verdict);
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("step", step);
        json.put("begunAt", begunAt.toString());
        json.put("slices", slices);
        json.put("load", load.toJson());
        json.put("live", live.toJson());
        if (lookedAt != null) {
            json.put("lookedAt", lookedAt.toString());
        }
        if (verdict != null) {
            json.put("verdict", verdict);
        }
        return json;
    }

    static Stage read(Map<String, ?> json) {
        return new Stage(
                (int) Document.number(json, "step"),
                Instant.parse(Document.text(json, "begunAt")),
                (int) Document.number(json, "slices"),
                Load.read(Document.object(json.get("load"))),
                Live.read(Document.object(json.get("live"))),
                json.get("lookedAt") instanceof String at ? Instant.parse(at) : null,
                json.get("verdict") instanceof String text ? text : null);
    }

    /** Its part of the report. */
    Map<String, Object> shown(Plan plan) {
        double seconds = Math.min(plan.stepSeconds(), slices * plan.sliceSeconds());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("percent", plan.steps().get(step));
        json.put("begunAt", begunAt.toString());
        if (lookedAt != null) {
            json.put("lookedAt", lookedAt.toString());
        }
        json.put("slices", slices);
        json.put("offeredPerSecond", plan.rate(step));
        json.put("achievedPerSecond", seconds == 0 ? 0 : Math.round(100 * load.good() / seconds) / 100.0);
        json.put("due", load.due());
        json.put("sent", load.sent());
        json.put("failed", load.failed());
        Map<String, Object> outcomes = new LinkedHashMap<>();
        load.outcomes().forEach((outcome, count) -> outcomes.put(outcome.name(), count));
        json.put("outcomes", outcomes);
        if (load.sent() > 0) {
            json.put("p50Millis", load.millisAt(50));
            json.put("p99Millis", load.p99Millis());
            json.put("mostMillis", load.mostMillis());
        }
        json.put("live", live.shown());
        json.put("verdict", verdict == null ? "LOADING" : verdict);
        return json;
    }
}
