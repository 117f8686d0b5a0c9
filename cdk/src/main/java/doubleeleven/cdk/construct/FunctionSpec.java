package doubleeleven.cdk.construct;

import doubleeleven.cdk.construct.Alarms.MetricOf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.PolicyStatement;

/** What one function is: a handler of a context's zip, its limits, its settings and all it may do. */
public final class FunctionSpec {
    final String name;
    private final String metrics;
    final String context;
    final String handler;
    final Map<String, String> environment = new LinkedHashMap<>();
    final List<PolicyStatement> grants = new ArrayList<>();
    int memoryMegabytes = 512;
    int timeoutSeconds = 30;
    int reservedConcurrency;
    int batchesAtMost;
    boolean consumer;
    boolean snapshot;
    boolean scheduled;

    private FunctionSpec(String metrics, String name, String context, String handler) {
        this.metrics = metrics;
        this.name = name;
        this.context = context;
        this.handler = handler;
    }

    /**
     * Starts a specification.
     *
     * @param name physical name
     * @param context bounded context whose zip holds the handler
     * @param handler simple name of the handler class
     */
    public static FunctionSpec named(Deployment deployment, String name, String context, String handler) {
        return new FunctionSpec(
                deployment.traffic().metrics(), name, context, "doubleeleven." + context + ".aws." + handler);
    }

    public FunctionSpec limits(int memoryMegabytes, int timeoutSeconds) {
        this.memoryMegabytes = memoryMegabytes;
        this.timeoutSeconds = timeoutSeconds;
        return this;
    }

    /** So many executions are kept for the function alone, and it never has more; 0 where it shares what there is. */
    public FunctionSpec keeps(int concurrency) {
        this.reservedConcurrency = concurrency;
        return this;
    }

    /** So many batches of its queue are in work at a time at most, so that it takes no more of the account's executions. */
    public FunctionSpec worksOnAtMost(int batches) {
        this.batchesAtMost = batches;
        return this;
    }

    /** The function is on a caller's path: it is called through the alias {@code live} and starts from a snapshot. */
    public FunctionSpec startsFromSnapshot() {
        this.snapshot = true;
        return this;
    }

    public FunctionSpec with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public FunctionSpec may(PolicyStatement statement) {
        grants.add(statement);
        return this;
    }

    public FunctionSpec may(List<PolicyStatement> statements) {
        grants.addAll(statements);
        return this;
    }

    /** A metric that the function emits, with the dimensions that it emits it with: its context, unit and colour. */
    public MetricOf emits(String metric, String statistic) {
        Map<String, String> dimensions = new LinkedHashMap<>();
        dimensions.put("service", context);
        Map.of("UNIT", "unit", "COLOUR", "colour").forEach((variable, dimension) -> {
            String value = environment.get(variable);
            if (value != null) {
                dimensions.put(dimension, value);
            }
        });
        return new MetricOf(metrics, metric, statistic, dimensions);
    }

    /** A metric that the function emits once for each value of a further dimension. */
    public MetricOf emits(String metric, String statistic, String dimension, String value) {
        MetricOf common = emits(metric, statistic);
        Map<String, String> dimensions = new LinkedHashMap<>(common.dimensions());
        dimensions.put(dimension, value);
        return new MetricOf(common.namespace(), metric, statistic, dimensions);
    }

    FunctionSpec runsBySchedule() {
        this.scheduled = true;
        return this;
    }

    FunctionSpec consumes(String queueArn) {
        this.consumer = true;
        return may(Grants.consume(queueArn));
    }
}
