package doubleeleven.cdk.construct;

import software.amazon.awscdk.services.lambda.IFunction;

/** What a token of a state machine's definition stands for. */
public sealed interface Binding {
    /** A table of the deployment; the definition gets its name and so uses the replica in its own Region. */
    record Table(String table) implements Binding {}

    /** A function or an alias of one. */
    record Invoked(IFunction function) implements Binding {}
}
