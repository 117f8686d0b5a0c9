package doubleeleven.testkit.asl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an execution meets: the services its tasks call, time, and what runs beside what. */
public interface Surroundings {
    /**
     * One try of a task.
     *
     * @param site where in the execution the task stands, such as {@code Try/1/Holds/0/Hold}: equal in every run of the same input
     * @param state the task's name
     * @param tried how often the task was tried before in this entry of the state
     * @param input the state's input
     */
    record Call(String site, String state, int tried, String resource, Map<String, Object> arguments, Object input) {
        /** Whether the task ends only when somebody comes with its token. */
        public boolean waitsForToken() {
            return waitsForToken(resource);
        }

        static boolean waitsForToken(@Nullable String resource) {
            return resource != null && resource.endsWith(".waitForTaskToken");
        }
    }

    /**
     * Carries out a task.
     *
     * @return its result as the service integration gives it
     * @throws StateFailed where the service refused, or did not answer
     */
    Object call(Call call);

    /** What ends the task at that site that waits for it. */
    default String token(String site) {
        throw new UnsupportedOperationException(site + " waits for a token");
    }

    /** Milliseconds since the epoch. */
    long millis();

    /** The pause before a retry. */
    default void pause(Duration pause) {}

    /** The time that a state at that site waits. */
    default void sleep(String site, Duration time) {
        pause(time);
    }

    /** A state is entered. */
    default void entered(String site, String state) {}

    /**
     * A state outside of any branch is about to be entered: with its input and the variables the rest of the run is determined.
     *
     * @see StateMachine#resume
     */
    default void reached(String state, Object input, Map<String, Object> variables) {}

    /** Runs branches; one after the other unless told otherwise. */
    default List<Object> fork(List<Supplier<Object>> branches) {
        List<Object> results = new ArrayList<>(branches.size());
        branches.forEach(branch -> results.add(branch.get()));
        return results;
    }
}
