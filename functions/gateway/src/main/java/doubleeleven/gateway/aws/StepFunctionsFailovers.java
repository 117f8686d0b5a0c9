package doubleeleven.gateway.aws;

import doubleeleven.gateway.failover.Failover;
import doubleeleven.gateway.failover.FailoverWorkflows;
import java.util.Map;

/** The Region's own workflows, {@code unit-failover} and {@code unit-failback}. */
final class StepFunctionsFailovers implements FailoverWorkflows {
    private final RegionalClients clients;
    private final ResourceNames names;

    StepFunctionsFailovers(RegionalClients clients, ResourceNames names) {
        this.clients = clients;
        this.names = names;
    }

    @Override
    public boolean start(Failover failover) {
        String workflow = failover.direction() == Failover.Direction.AWAY ? "unit-failover" : "unit-failback";
        return clients.start(
                names.stateMachine(failover.region(), workflow),
                failover.region(),
                failover.id(),
                Map.of("failover", FailoverJson.of(failover)));
    }
}
