package doubleeleven.gateway;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the caller gets. The body is plain JSON: maps, lists, texts, numbers. */
public record Answer(int status, Map<String, String> headers, Map<String, Object> body) {
    private static final String CONTENT_TYPE = "Content-Type";

    static Answer of(int status, Map<String, Object> body) {
        return new Answer(status, Map.of(CONTENT_TYPE, "application/json"), body);
    }

    static Answer of(Problem problem, String instance, TraceParent trace) {
        Map<String, String> headers = new LinkedHashMap<>(problem.headers());
        headers.put(CONTENT_TYPE, "application/problem+json");
        return new Answer(problem.status(), headers, problem.toJson(instance, trace));
    }

    Answer with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Answer(status, all, body);
    }
}
