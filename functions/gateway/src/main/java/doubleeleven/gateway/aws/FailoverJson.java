package doubleeleven.gateway.aws;

import doubleeleven.aws.Json;
import doubleeleven.gateway.failover.Failover;
import doubleeleven.gateway.failover.Failover.Direction;
import doubleeleven.gateway.failover.Failover.Note;
import doubleeleven.gateway.failover.Failover.State;
import doubleeleven.gateway.failover.Step;
import doubleeleven.routing.ShardRange;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A failover as workflows hand it on and the control table keeps it. */
final class FailoverJson {
    private FailoverJson() {}

    static Map<String, Object> of(Failover failover) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", failover.id());
        json.put("unit", failover.unit());
        json.put("direction", failover.direction().name());
        json.put("by", failover.by());
        json.put("reason", failover.reason());
        json.put("region", failover.region());
        json.put("begunAt", failover.begunAt().toEpochMilli());
        json.put("state", failover.state().name());
        json.put("shards", failover.shards().stream().map(ShardRange::toString).toList());
        json.put("wards", List.copyOf(failover.wards()));
        json.put("notes", failover.notes().stream().map(FailoverJson::of).toList());
        return json;
    }

    private static Map<String, Object> of(Note note) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", note.at().toEpochMilli());
        json.put("step", note.step().name());
        json.put("text", note.text());
        return json;
    }

    static Failover read(Map<String, Object> json) {
        return new Failover(
                Json.text(json, "id"),
                Json.text(json, "unit"),
                Direction.valueOf(Json.text(json, "direction")),
                Json.text(json, "by"),
                Json.text(json, "reason"),
                Json.text(json, "region"),
                Instant.ofEpochMilli(Json.integer(json, "begunAt")),
                State.valueOf(Json.text(json, "state")),
                Json.texts(json, "shards").stream()
                        .map(range -> ShardRange.parse(range).orElseThrow())
                        .toList(),
                Set.copyOf(Json.texts(json, "wards")),
                Json.objects(json, "notes").stream().map(FailoverJson::note).toList());
    }

    private static Note note(Map<String, Object> json) {
        return new Note(
                Instant.ofEpochMilli(Json.integer(json, "at")),
                Step.valueOf(Json.text(json, "step")),
                Json.text(json, "text"));
    }
}
