package doubleeleven.gateway.aws;

import doubleeleven.gateway.failover.Failover;
import doubleeleven.gateway.failover.FailoverWorkflows;
import doubleeleven.routing.Traffic;
import java.util.Map;

/** The Region's own workflows, {@code unit-failover} and {@code unit-failback}. */
final class StepFunctionsFailovers implements FailoverWorkflows {
    private final RegionalClients clients;
    private final String accountId;
    private final Traffic traffic;

    StepFunctionsFailovers(RegionalClients clients, String accountId, Traffic traffic) {
        this.clients = clients;
        this.accountId = accountId;
        this.traffic = traffic;
    }

    @Override
    public boolean start(Failover failover) {
        String workflow = failover.direction() == Failover.Direction.AWAY ? "unit-failover" : "unit-failback";
        return clients.start(
                "arn:aws:states:%s:%s:stateMachine:%s".formatted(failover.region(), accountId, traffic.name(workflow)),
                failover.region(),
                failover.id(),
                Map.of("failover", FailoverJson.of(failover)));
    }
}
