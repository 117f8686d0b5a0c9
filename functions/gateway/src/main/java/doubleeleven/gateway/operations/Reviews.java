package doubleeleven.gateway.operations;

import doubleeleven.credit.Application;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applications for credit that wait for an operator. */
public interface Reviews {
    /**
     * An application with what the workflow that waits for its decision is answered with.
     *
     * @param region where that workflow runs
     */
    record Waiting(Application application, String token, String region) {}

    /** The longest waiting first; some of them where there are many. */
    List<Application> waiting(int most);

    /** One that waits now. */
    Optional<Waiting> find(String customer, String number);

    /** How an answer was taken. */
    enum Answered {
        TAKEN,
        /** The workflow waits no longer: it has been answered, or its time is over. */
        TOO_LATE,
        UNREACHABLE
    }

    /**
     * Answers the workflow.
     *
     * @param output what it goes on with
     */
    Answered answer(Waiting waiting, Map<String, Object> output);
}
