package doubleeleven.rig;

import doubleeleven.aws.Json;
import doubleeleven.testkit.asl.StateMachine;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A deployed definition, for all who run it, with the times it allows. */
final class Compiled {
    private final Course course;
    private final Map<String, Object> definition;
    private final Duration limit;
    private final Map<String, Duration> limitsOfTasks = new HashMap<>();
    /** Machines that nobody runs just now. */
    private final Deque<StateMachine> idle = new ConcurrentLinkedDeque<>();

    Compiled(Course course, String definition) {
        this.course = course;
        this.definition = Json.object(definition);
        this.limit = seconds(this.definition);
        collectLimits(this.definition);
    }

    /** The longest that an execution may take. */
    Duration limit() {
        return limit;
    }

    /** The longest that a task may take. */
    Duration limitOf(String task) {
        return Objects.requireNonNull(limitsOfTasks.get(task), () -> task + " has no TimeoutSeconds");
    }

    Object run(Map<String, Object> input, Execution execution) {
        StateMachine found = course.isOneAtATime() ? idle.peek() : idle.poll();
        StateMachine machine = found == null ? StateMachine.of(definition) : found;
        if (course.isOneAtATime() && found == null) {
            idle.push(machine);
        }
        try {
            return machine.run(input, execution);
        } finally {
            if (!course.isOneAtATime()) {
                idle.push(machine);
            }
        }
    }

    private void collectLimits(Object part) {
        if (part instanceof List<?> list) {
            list.forEach(this::collectLimits);
        } else if (part instanceof Map<?, ?> object) {
            if (object.get("States") instanceof Map<?, ?> states) {
                states.forEach((name, state) -> {
                    if (state instanceof Map<?, ?> fields && fields.containsKey("TimeoutSeconds")) {
                        limitsOfTasks.put((String) name, seconds(fields));
                    }
                });
            }
            object.values().forEach(this::collectLimits);
        }
    }

    private static Duration seconds(Map<?, ?> part) {
        if (part.get("TimeoutSeconds") instanceof Number seconds) {
            return Duration.ofSeconds(seconds.longValue());
        }
        throw new IllegalStateException("a part of the definition has no TimeoutSeconds");
    }
}
