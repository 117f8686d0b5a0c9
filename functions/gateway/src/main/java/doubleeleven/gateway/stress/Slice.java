package doubleeleven.gateway.stress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A piece of load between two looks.
 *
 * @param step index of its step
 * @param number from 0 on in its step
 * @param workers that share it
 */
public record Slice(int step, int number, int workers) {
    /** As the workflow hands it to the workers. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("step", step);
        json.put("number", number);
        json.put("workers", IntStream.range(0, workers).boxed().toList());
        return json;
    }

    /** Reads what {@link #toJson} wrote. */
    public static Slice read(Map<String, ?> json) {
        List<Object> workers = Document.list(json, "workers", each -> each);
        return new Slice((int) Document.number(json, "step"), (int) Document.number(json, "number"), workers.size());
    }
}
