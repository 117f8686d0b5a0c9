package doubleeleven.cdk.construct;

import java.nio.file.Path;

/** Where the artefacts of the other modules are. */
public interface Sources {
    /** The zip of a bounded context's functions. */
    Path functions(String context);

    /** The definition of a state machine, in Amazon States Language. */
    String stateMachine(String name);

    /** The OpenAPI document of the HTTP API, in YAML. */
    String openApi();
}
