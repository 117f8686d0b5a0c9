package doubleeleven.rig;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.rig.Execution.Deployed;
import doubleeleven.routing.Traffic;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** What a deployment's functions and workflows run on: the environment they find, the services they call, the course they run in. */
final class Hosting {
    /** The module whose functions stand behind doors and carry out what operators begin. */
    static final String GATEWAY = "gateway";

    private final Traffic traffic;
    private final Topology topology;
    private final Course course;
    private final RandomGenerator random;
    private final PrintStream out;
    private final Services services;
    private final Set<String> functions = new TreeSet<>();

    Hosting(
            Traffic traffic,
            Topology topology,
            Course course,
            RandomGenerator random,
            PrintStream out,
            Services services) {
        this.traffic = traffic;
        this.topology = topology;
        this.course = course;
        this.random = random;
        this.out = out;
        this.services = services;
    }

    Traffic traffic() {
        return traffic;
    }

    Topology topology() {
        return topology;
    }

    Course course() {
        return course;
    }

    Services services() {
        return services;
    }

    /** Functions that were made, as the bus names them. */
    List<String> functions() {
        return List.copyOf(functions);
    }

    /**
     * A function.
     *
     * @param seconds that it may run
     * @param context the module it is of
     * @param more variables of its environment
     */
    Function function(
            Place place,
            String part,
            int seconds,
            String context,
            Map<String, String> more,
            java.util.function.Function<Host, RequestStreamHandler> handler) {
        String name = place.part(part);
        functions.add(name);
        Host host = host(place, part, context, more);
        return new Function(name, Duration.ofSeconds(seconds), () -> handler.apply(host), course);
    }

    /** A function of the gateway's module that addresses resources of its own account. */
    Function gatewayFunction(
            Place place,
            String part,
            int seconds,
            Map<String, String> more,
            java.util.function.Function<Host, RequestStreamHandler> handler) {
        Map<String, String> variables = new HashMap<>(more);
        variables.put("AWS_ACCOUNT", Place.ACCOUNT);
        return function(place, part, seconds, GATEWAY, variables, handler);
    }

    /** What the handler of a function is made on. */
    Host host(Place place, String part, String context, Map<String, String> more) {
        String caller = place.part(part);
        return new Host(
                environment(place.region(), context, more),
                (type, region, _) -> services.client(type, caller, region),
                course.clockOf(caller),
                random,
                out);
    }

    private Environment environment(String region, String context, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_REGION", region,
                "POWERTOOLS_SERVICE_NAME", context,
                "ACCOUNT_TABLE", traffic.name("account"),
                "PAYMENT_TABLE", traffic.name("payment"),
                "CREDIT_TABLE", traffic.name("credit"),
                "CONTROL_TABLE", traffic.name("control"),
                "PLATFORM_TABLE", traffic.name("platform"),
                "FEATURE_TABLE", traffic.name("feature"),
                "TOPOLOGY", topology.rule()));
        environment.put("TRAFFIC", traffic.name());
        environment.putAll(more);
        return new Environment(environment);
    }

    /**
     * A Standard workflow.
     *
     * @param name of its definition
     * @param called functions by the names that the definition is bound to
     */
    StandardWorkflow workflow(Place place, String name, Map<String, Function> called) {
        return services.workflows()
                .add(name, place.stateMachineArn(name), place.region(), deployed(place, name, called));
    }

    /** A workflow with what it calls. */
    Deployed deployed(Place place, String workflow, Map<String, Function> called) {
        String name = place.part(workflow);
        return new Deployed(name, services.tables(name, place.region()), called);
    }
}
