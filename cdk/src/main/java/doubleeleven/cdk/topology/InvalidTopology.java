package doubleeleven.cdk.topology;

import java.util.List;

/** A topology that must not be deployed, with everything that is wrong with it. */
public final class InvalidTopology extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    InvalidTopology(String name, List<String> problems) {
        super("topology " + name + " cannot be deployed:\n  - " + String.join("\n  - ", problems));
    }
}
