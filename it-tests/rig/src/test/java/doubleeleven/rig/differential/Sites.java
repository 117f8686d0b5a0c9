package doubleeleven.rig.differential;

import doubleeleven.aws.Json;
import doubleeleven.testkit.asl.Definitions;
import doubleeleven.testkit.asl.PaymentTcc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Where states stand in a workflow: read from its definition, and for iterations from the events of an execution. */
final class Sites {
    private static final String ITERATION = "*";

    /** Site of each state, with an asterisk for the number of the iteration. */
    private final Map<String, String> patterns = new HashMap<>();

    private Sites(String definition) {
        collect("", Json.object(definition));
    }

    /** By what the names of the workflows end with. */
    static Map<String, Sites> ofWorkflows() {
        return Map.of(
                "payment-tcc",
                new Sites(PaymentTcc.definition("RZ01")),
                "credit-decision",
                new Sites(Definitions.read(
                        "credit-decision",
                        Map.of("AssessFunction", "assess", "ApplicationsFunction", "applications"))));
    }

    /** Sites of the states that were entered, in the order of their events. */
    List<String> of(List<Map<String, Object>> events) {
        Map<Long, Map<String, Object>> byId = new HashMap<>();
        events.forEach(event -> byId.put(Json.integer(event, "id"), event));
        List<String> sites = new ArrayList<>();
        for (Map<String, Object> event : events) {
            if (event.get("state") instanceof String state) {
                String pattern = Objects.requireNonNull(patterns.get(state), () -> "no state " + state);
                sites.add(pattern.contains(ITERATION) ? pattern.replace(ITERATION, iteration(event, byId)) : pattern);
            }
        }
        return sites;
    }

    private static String iteration(Map<String, Object> event, Map<Long, Map<String, Object>> byId) {
        Map<String, Object> at = event;
        while (at != null && !at.containsKey("index")) {
            at = byId.get(Json.integer(at, "previous"));
        }
        return String.valueOf(
                Objects.requireNonNull(at, () -> "no iteration before " + event).get("index"));
    }

    private void collect(String path, Map<String, Object> machine) {
        object(machine, "States").forEach((name, value) -> {
            String site = path + name;
            patterns.put(name, site);
            Map<String, Object> state = object(object(machine, "States"), name);
            List<Map<String, Object>> branches = Json.objects(state, "Branches");
            for (int i = 0; i < branches.size(); i++) {
                collect(site + "/" + i + "/", branches.get(i));
            }
            if (state.containsKey("ItemProcessor")) {
                collect(site + "/" + ITERATION + "/", object(state, "ItemProcessor"));
            }
        });
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as names
    private static Map<String, Object> object(Map<String, Object> part, String field) {
        return (Map<String, Object>) Objects.requireNonNull(part.get(field), () -> "no " + field);
    }
}
