package doubleeleven.rig.differential;

import doubleeleven.it.client.Answer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A deployment of the platform, as a scenario drives it and as it is looked at afterwards. */
interface Side extends AutoCloseable {
    /** The bearer token of an operator. */
    String operatorKey();

    Clock clock();

    Answer call(Call call);

    /** Makes a call whose first executions die, so many, while they wait for the risk decision, after their claim and their holds. */
    Answer callThatDies(Call call, int executions);

    Injected inject(Breakage breakage);

    /** Lets so much time pass. */
    void pass(Duration time);

    /** Lets time pass, and what is scheduled happen, until the condition holds. */
    void await(String what, BooleanSupplier condition);

    /** Whether no message with this text in it is on its way. */
    boolean isIdle(String text);

    /** Every item of a table, read strongly. */
    List<Map<String, AttributeValue>> items(String table);

    /** The executions with this text in their input, the earliest first. */
    List<Execution> executions(String text);

    @Override
    void close();

    /**
     * One call of the API.
     *
     * @param key bearer token
     * @param body empty for none
     * @param idempotencyKey empty for none
     */
    record Call(String region, String key, String method, String path, String body, String idempotencyKey) {}

    /** A fault at work. */
    interface Injected {
        /** How many calls it has broken. */
        long hits();

        void remove();
    }

    /**
     * Which calls of services break, and how.
     *
     * @param service as the AWS command line names it
     * @param contains texts that are all in the call; the stack sees them in calls of DynamoDB alone
     * @param count so many times
     */
    record Breakage(Mode mode, String service, String operation, List<String> contains, int count) {
        static final int ALWAYS = 1_000_000;

        public Breakage {
            contains = List.copyOf(contains);
        }

        enum Mode {
            UNAVAILABLE,
            LOST_ANSWER,
            THROTTLE,
            CONFLICT,
            /** Messages come twice. */
            DUPLICATE
        }
    }

    /**
     * One execution of a payment workflow.
     *
     * @param sites where it went, in order, such as {@code Try/1/Holds/0/Hold}
     * @param hindrance why a task failed that nobody had ordered to fail; empty where none did
     */
    record Execution(
            String name,
            String workflow,
            boolean succeeded,
            Map<String, Object> output,
            List<String> sites,
            String hindrance) {}
}
