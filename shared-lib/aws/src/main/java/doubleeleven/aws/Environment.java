package doubleeleven.aws;

import doubleeleven.routing.Traffic;
import java.util.Map;
import java.util.Optional;

/** A function's settings. A missing one fails the start of the function, with its name, instead of the first payment. */
public final class Environment {
    private final Map<String, String> variables;

    public Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    public static Environment ofProcess() {
        return new Environment(System.getenv());
    }

    public String require(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalStateException("the environment variable " + name + " is not set"));
    }

    public Optional<String> find(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    /** Whose payments the function serves: it names every resource that it finds by convention. */
    public Traffic traffic() {
        return Traffic.valueOf(require("TRAFFIC"));
    }

    public String region() {
        return require("AWS_REGION");
    }
}
