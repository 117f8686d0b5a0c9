package doubleeleven.testkit.asl;

import java.util.Set;

/** A state failed with an error that retriers and catchers know by name, such as {@code DynamoDB.ConditionalCheckFailedException}. */
public final class StateFailed extends RuntimeException {
    private static final long serialVersionUID = 1;
    public static final String REFUSED = "DynamoDB.ConditionalCheckFailedException";
    public static final String CONFLICT = "DynamoDB.ReplicatedWriteConflictException";
    public static final String TIMEOUT = "States.Timeout";
    public static final String TOO_LARGE = "States.DataLimitExceeded";
    public static final String EXPRESSION = "States.QueryEvaluationError";

    /** Not even {@code States.ALL} stands for these. */
    static final Set<String> PAST_EVERY_CATCHER = Set.of(TOO_LARGE, "States.Runtime");

    private final String error;

    public StateFailed(String error, String cause) {
        // An answer like any other, and a frequent one: nobody reads where it was made.
        super(error + ": " + cause, null, false, false);
        this.error = error;
    }

    public String error() {
        return error;
    }
}
