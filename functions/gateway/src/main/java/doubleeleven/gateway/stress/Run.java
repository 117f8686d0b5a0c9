package doubleeleven.gateway.stress;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The load of one stress test, and its report.
 *
 * @param region whose workflow drives it
 * @param by id of the operator's API key
 * @param live live traffic at the moments that matter
 * @param before live traffic while it was watched, with no load
 * @param looked slices that were looked at, of all steps
 * @param revision counts the writes
 */
public record Run(
        String test,
        Plan plan,
        String region,
        String by,
        String reason,
        Instant at,
        State state,
        Sight live,
        Live before,
        List<Stage> stages,
        int looked,
        @Nullable String why,
        @Nullable Instant endedAt,
        long revision) {

    /** How far it is. */
    public enum State {
        BEGUN,
        /** Live traffic is watched; nothing is sent. */
        WATCHING,
        LOADING,
        /** Every step held. */
        REACHED,
        /** The shadow did not keep to a condition. */
        NOT_HELD,
        LIVE_SUFFERED,
        /** Live traffic was not well before anything was sent. */
        LIVE_UNWELL,
        /** By an operator, or its time was over. */
        STOPPED,
        /** What drives it broke. */
        BROKEN;

        boolean isDecided() {
            return compareTo(REACHED) >= 0;
        }
    }

    /**
     * All that was ever counted of live traffic, then.
     *
     * @param first when it was watched first
     * @param stepBegan when the step began
     * @param last at the last look
     */
    record Sight(Live first, Live stepBegan, Live last) {}

    public Run {
        stages = List.copyOf(stages);
    }

    /** One that was asked for now. */
    public static Run asked(String test, Plan plan, String region, String by, String reason, Instant at) {
        return new Run(
                test,
                plan,
                region,
                by,
                reason,
                at,
                State.BEGUN,
                new Sight(Live.NONE, Live.NONE, Live.NONE),
                Live.NONE,
                List.of(),
                0,
                null,
                null,
                0);
    }

    Run watching(Live now) {
        return with(State.WATCHING, new Sight(now, now, now), before, stages, looked);
    }

    Run loading(Live since, Live now, Instant when) {
        return with(State.LOADING, new Sight(live.first(), now, now), since, List.of(Stage.begun(0, when)), looked);
    }

    Run looked(Stage stage, Live now) {
        List<Stage> all = new ArrayList<>(stages);
        all.set(all.size() - 1, stage);
        return with(state, new Sight(live.first(), live.stepBegan(), now), before, all, looked + 1);
    }

    Run nextStep(Instant when) {
        List<Stage> all = new ArrayList<>(stages);
        all.add(Stage.begun(stages.size(), when));
        return with(state, new Sight(live.first(), live.last(), live.last()), before, all, looked);
    }

    Run decided(State how, String because) {
        return new Run(
                test, plan, region, by, reason, at, how, live, before, stages, looked, because, endedAt, revision);
    }

    Run ended(Instant when) {
        return new Run(test, plan, region, by, reason, at, state, live, before, stages, looked, why, when, revision);
    }

    /** The same, to be written in place of this one. */
    Run revised() {
        return new Run(
                test, plan, region, by, reason, at, state, live, before, stages, looked, why, endedAt, revision + 1);
    }

    private Run with(State how, Sight sight, Live since, List<Stage> steps, int slices) {
        return new Run(test, plan, region, by, reason, at, how, sight, since, steps, slices, why, endedAt, revision);
    }

    /** Index of the highest step that held all conditions. */
    private OptionalInt highest() {
        return stages.stream().filter(Stage::held).mapToInt(Stage::step).max();
    }

    /** All of it, to be read again. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("test", test);
        json.put("plan", plan.toJson());
        json.put("region", region);
        json.put("by", by);
        json.put("reason", reason);
        json.put("at", at.toString());
        json.put("state", state.name());
        json.put("first", live.first().toJson());
        json.put("stepBegan", live.stepBegan().toJson());
        json.put("last", live.last().toJson());
        json.put("before", before.toJson());
        json.put("stages", stages.stream().map(Stage::toJson).toList());
        json.put("looked", looked);
        if (why != null) {
            json.put("why", why);
        }
        if (endedAt != null) {
            json.put("endedAt", endedAt.toString());
        }
        json.put("revision", revision);
        return json;
    }

    /** Reads what {@link #toJson} wrote. */
    public static Run read(Map<String, ?> json) {
        return new Run(
                Document.text(json, "test"),
                Plan.read(Document.object(json.get("plan"))),
                Document.text(json, "region"),
                Document.text(json, "by"),
                Document.text(json, "reason"),
                Instant.parse(Document.text(json, "at")),
                State.valueOf(Document.text(json, "state")),
                new Sight(
                        Live.read(Document.object(json.get("first"))),
                        Live.read(Document.object(json.get("stepBegan"))),
                        Live.read(Document.object(json.get("last")))),
                Live.read(Document.object(json.get("before"))),
                Document.list(json, "stages", stage -> Stage.read(Document.object(stage))),
                (int) Document.number(json, "looked"),
                json.get("why") instanceof String text ? text : null,
                json.get("endedAt") instanceof String text ? Instant.parse(text) : null,
                Document.number(json, "revision"));
    }

    /** The report, as operators read it. */
    public Map<String, Object> shown() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("state", state.name());
        if (why != null) {
            json.put("why", why);
        }
        json.put("by", by);
        json.put("reason", reason);
        json.put("region", region);
        json.put("begunAt", at.toString());
        if (endedAt != null) {
            json.put("endedAt", endedAt.toString());
        }
        highest().ifPresent(step -> json.put("heldPerSecond", plan.rate(step)));
        json.put("plan", plan.toJson());
        if (state.compareTo(State.WATCHING) > 0) {
            json.put("liveBefore", before.shown());
        }
        json.put("steps", stages.stream().map(stage -> stage.shown(plan)).toList());
        return json;
    }
}
