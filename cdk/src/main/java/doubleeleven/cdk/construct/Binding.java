package doubleeleven.cdk.construct;

import software.amazon.awscdk.services.lambda.IFunction;

/** What a token of a state machine's definition stands for. */
public sealed interface Binding {
    /** A table of the deployment; the definition gets its name and so uses the replica in its own Region. */
    record Table(String table) implements Binding {}

    /** Of such a table, items alone whose partition keys look like that. */
    record Rows(String table, String partitions) implements Binding {}

    /** A text that is the same wherever the definition runs, such as the name of its unit. */
    record Text(String text) implements Binding {}

    /** A function or an alias of one. */
    record Invoked(IFunction function) implements Binding {}
}
