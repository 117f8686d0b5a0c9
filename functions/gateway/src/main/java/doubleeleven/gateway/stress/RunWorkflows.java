package doubleeleven.gateway.stress;

import java.util.List;

/** The workflow that drives runs of stress tests. */
@FunctionalInterface
public interface RunWorkflows {
    /**
     * What the load needs to be let in. It goes with the workflow and is on no record of ours; all of it is worth something in the shadow
     * alone, and nothing once the test is over.
     *
     * @param marks signed by whoever holds the test's key, each for its own minutes
     * @param operatorKey of an operator of the shadow, to open merchants and customers there
     */
    record Credentials(List<String> marks, String operatorKey) {
        public Credentials {
            marks = List.copyOf(marks);
        }
    }

    /**
     * Has the run begin, once however often it is asked to.
     *
     * @return whether the workflow could be reached
     */
    boolean start(Run run, Credentials credentials);
}
