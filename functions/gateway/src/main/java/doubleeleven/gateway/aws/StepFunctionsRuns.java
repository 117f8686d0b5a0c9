package doubleeleven.gateway.aws;

import doubleeleven.gateway.stress.Run;
import doubleeleven.gateway.stress.RunWorkflows;
import doubleeleven.routing.Traffic;
import java.util.Map;

/** The Region's own workflow, {@code double11-stress-test}. */
final class StepFunctionsRuns implements RunWorkflows {
    private final RegionalClients clients;
    private final String accountId;
    private final Traffic traffic;

    StepFunctionsRuns(RegionalClients clients, String accountId, Traffic traffic) {
        this.clients = clients;
        this.accountId = accountId;
        this.traffic = traffic;
    }

    @Override
    public boolean start(Run run, Credentials credentials) {
        return clients.start(
                "arn:aws:states:" + run.region() + ":" + accountId + ":stateMachine:" + traffic.name("stress-test"),
                run.region(),
                run.test(),
                Map.of(
                        "stressTest", run.test(),
                        "marks", credentials.marks(),
                        "operatorKey", credentials.operatorKey()));
    }
}
