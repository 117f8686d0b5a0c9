package doubleeleven.gateway.aws;

import doubleeleven.gateway.stress.Run;
import doubleeleven.gateway.stress.RunWorkflows;
import java.util.Map;

/** The Region's own workflow, {@code double11-stress-test}. */
final class StepFunctionsRuns implements RunWorkflows {
    private final RegionalClients clients;
    private final ResourceNames names;

    StepFunctionsRuns(RegionalClients clients, ResourceNames names) {
        this.clients = clients;
        this.names = names;
    }

    @Override
    public boolean start(Run run, Credentials credentials) {
        return clients.start(
                names.stateMachine(run.region(), "stress-test"),
                run.region(),
                run.test(),
                Map.of(
                        "stressTest", run.test(),
                        "marks", credentials.marks(),
                        "operatorKey", credentials.operatorKey()));
    }
}
