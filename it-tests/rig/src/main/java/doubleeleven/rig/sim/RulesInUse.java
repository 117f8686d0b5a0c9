package doubleeleven.rig.sim;

import doubleeleven.aws.Json;
import doubleeleven.rig.Bus;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionResponse;

/** By which versions of the rule gateways go, in each execution environment and after a unit told one of a newer version. */
final class RulesInUse {
    private final Scheduler scheduler;
    private final Consumer<String> violations;
    private final Map<Scheduler.Task, Object> environments = new HashMap<>();
    /** Executions that a gateway waits for. */
    private final Map<Scheduler.Task, Integer> underWay = new HashMap<>();
    /** The version of the route by which a gateway was told to go elsewhere. */
    private final Map<Scheduler.Task, Long> sentOn = new HashMap<>();

    private final IdentityHashMap<Object, Long> inUse = new IdentityHashMap<>();
    private long misrouted;
    private long rerouted;
    private long beside;

    RulesInUse(Scheduler scheduler, Consumer<String> violations) {
        this.scheduler = scheduler;
        this.violations = violations;
    }

    /** Answers that told gateways who serves instead. */
    long misrouted() {
        return misrouted;
    }

    /** Executions begun after such an answer. */
    long rerouted() {
        return rerouted;
    }

    /** Executions begun while another one of the same attempt was under way. */
    long beside() {
        return beside;
    }

    /** An environment takes a call. */
    void taken(Object environment) {
        environments.put(scheduler.life(), environment);
    }

    /**
     * A gateway has a unit run a payment, and waits.
     *
     * @param run carries the call
     */
    Object start(Bus.ServiceCall call, StartSyncExecutionRequest request, Supplier<Object> run) {
        Scheduler.Task gateway = scheduler.life();
        long rule = Json.integer(Json.child(Json.object(request.input()), "payment"), "rule");
        Long told = sentOn.get(gateway);
        if (told != null) {
            rerouted++;
            if (rule < told) {
                violations.accept(call.caller() + " goes by version " + rule + " after a unit told it of " + told);
            }
        } else {
            goesBy(call.caller(), environments.get(gateway), rule);
        }
        beside += underWay.merge(gateway, 1, Integer::sum) > 1 ? 1 : 0;
        Object answer;
        try {
            answer = run.get();
        } finally {
            underWay.merge(gateway, -1, Integer::sum);
        }
        if (answer instanceof StartSyncExecutionResponse response
                && response.output() != null
                && "MISROUTED".equals(Json.object(response.output()).get("outcome"))) {
            misrouted++;
            sentOn.put(gateway, Json.integer(Json.child(Json.object(response.output()), "route"), "version"));
        }
        return answer;
    }

    private void goesBy(String caller, @Nullable Object environment, long rule) {
        Long before = environment == null ? null : inUse.put(environment, rule);
        if (before != null && rule < before) {
            violations.accept(caller + " goes by version " + rule + " of the rule after " + before);
        }
    }

    /** Nothing is under way. */
    void atRest() {
        environments.clear();
        underWay.clear();
        sentOn.clear();
    }
}
