package doubleeleven.aws;

import doubleeleven.routing.Traffic;
import java.io.PrintStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metrics as log lines in CloudWatch's embedded metric format: no call, no agent, no cost on the caller's path. */
public final class Metrics {
    private final String namespace;
    private final Map<String, String> dimensions;
    private final PrintStream out;
    private final Clock clock;

    public Metrics(Map<String, String> dimensions, PrintStream out, Clock clock) {
        this(Traffic.LIVE.metrics(), dimensions, out, clock);
    }

    private Metrics(String namespace, Map<String, String> dimensions, PrintStream out, Clock clock) {
        this.namespace = namespace;
        this.dimensions = Map.copyOf(dimensions);
        this.out = out;
        this.clock = clock;
    }

    /** Metrics of this function's service, unit and colour, as far as it has them. */
    static Metrics of(Environment environment, PrintStream out, Clock clock) {
        Map<String, String> dimensions = new LinkedHashMap<>();
        environment.find("POWERTOOLS_SERVICE_NAME").ifPresent(value -> dimensions.put("service", value));
        environment.find("UNIT").ifPresent(value -> dimensions.put("unit", value));
        environment.find("COLOUR").ifPresent(value -> dimensions.put("colour", value));
        return new Metrics(
                environment.find("POWERTOOLS_METRICS_NAMESPACE").orElse(Traffic.LIVE.metrics()),
                dimensions,
                out,
                clock);
    }

    public void count(String name, long value) {
        put(name, "Count", value, Map.of());
    }

    public void count(String name, long value, Map<String, String> more) {
        put(name, "Count", value, more);
    }

    public void milliseconds(String name, double value) {
        put(name, "Milliseconds", value, Map.of());
    }

    /** A quantity without a unit, such as a share or a difference of scores. */
    public void value(String name, double value, Map<String, String> more) {
        put(name, "None", value, more);
    }

    private void put(String name, String unit, Number value, Map<String, String> more) {
        Map<String, Object> line = new LinkedHashMap<>(dimensions);
        line.putAll(more);
        line.put(
                "_aws",
                Map.of(
                        "Timestamp",
                        clock.millis(),
                        "CloudWatchMetrics",
                        List.of(Map.of(
                                "Namespace", namespace,
                                "Dimensions", List.of(List.copyOf(line.keySet())),
                                "Metrics", List.of(Map.of("Name", name, "Unit", unit))))));
        line.put(name, value);
        out.println(Json.write(line));
    }
}
