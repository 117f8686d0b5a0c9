package doubleeleven.routing;

/** Whose payments they are: customers', or those of a stress test. Each has resources of its own, told apart by their names alone. */
public enum Traffic {
    LIVE("double11-", "DoubleEleven"),
    SHADOW("double11-shadow-", "DoubleElevenShadow");

    private final String prefix;
    private final String metrics;

    Traffic(String prefix, String metrics) {
        this.prefix = prefix;
        this.metrics = metrics;
    }

    /** The name of a resource, such as {@code double11-payment} or {@code double11-shadow-rz01-a-phase-two}. */
    public String name(String part) {
        return prefix + part;
    }

    /** Namespace of its metrics: a stress test moves no graph and no alarm of live traffic. */
    public String metrics() {
        return metrics;
    }
}
