package doubleeleven.gateway.aws;

import doubleeleven.aws.Json;
import doubleeleven.health.Look;
import doubleeleven.health.View;
import doubleeleven.health.View.Real;
import doubleeleven.health.View.Synthetic;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A look as the control table keeps it. */
final class LookJson {
    private LookJson() {}

    static Map<String, Object> of(Look look) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("region", look.region());
        json.put("number", look.number());
        json.put("views", look.views().stream().map(LookJson::of).toList());
        return json;
    }

    private static Map<String, Object> of(View view) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("unit", view.unit());
        json.put("colour", view.colour());
        json.put("synthetic", view.synthetic().name());
        json.put("said", view.said());
        json.put("real", view.real().name());
        json.put("at", view.at().toEpochMilli());
        json.put("failures", view.failures());
        if (view.failingSince() != null) {
            json.put("failingSince", view.failingSince().toEpochMilli());
        }
        return json;
    }

    static Look read(Map<String, Object> json) {
        return new Look(
                Json.text(json, "region"),
                Json.integer(json, "number"),
                Json.objects(json, "views").stream().map(LookJson::view).toList());
    }

    private static View view(Map<String, Object> json) {
        return new View(
                Json.text(json, "unit"),
                Json.text(json, "colour"),
                Synthetic.valueOf(Json.text(json, "synthetic")),
                Json.text(json, "said"),
                Real.valueOf(Json.text(json, "real")),
                Instant.ofEpochMilli(Json.integer(json, "at")),
                Math.toIntExact(Json.integer(json, "failures")),
                json.containsKey("failingSince") ? Instant.ofEpochMilli(Json.integer(json, "failingSince")) : null);
    }
}
