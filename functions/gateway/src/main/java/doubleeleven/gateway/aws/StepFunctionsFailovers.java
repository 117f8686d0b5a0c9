package doubleeleven.gateway.aws;

import doubleeleven.gateway.failover.Failover;
import doubleeleven.gateway.failover.FailoverWorkflows;
import java.util.Map;

/** The Region's own workflows, {@code double11-unit-failover} and {@code double11-unit-failback}. */
final class StepFunctionsFailovers implements FailoverWorkflows {
    private final RegionalClients clients;
    private final String accountId;

    StepFunctionsFailovers(RegionalClients clients, String accountId) {
        this.clients = clients;
        this.accountId = accountId;
    }

    @Override
    public boolean start(Failover failover) {
        String workflow = failover.direction() == Failover.Direction.AWAY ? "unit-failover" : "unit-failback";
        return clients.start(
                "arn:aws:states:%s:%s:stateMachine:double11-%s".formatted(failover.region(), accountId, workflow),
                failover.region(),
                failover.id(),
                Map.of("failover", FailoverJson.of(failover)));
    }
}
