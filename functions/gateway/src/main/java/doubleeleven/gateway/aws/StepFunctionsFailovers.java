package doubleeleven.gateway.aws;

import doubleeleven.aws.Json;
import doubleeleven.gateway.failover.Failover;
import doubleeleven.gateway.failover.FailoverWorkflows;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;

/** The Region's own workflows, {@code double11-unit-failover} and {@code double11-unit-failback}. */
final class StepFunctionsFailovers implements FailoverWorkflows {
    private static final Duration START = Duration.ofSeconds(5);

    private final RegionalClients clients;
    private final String accountId;

    StepFunctionsFailovers(RegionalClients clients, String accountId) {
        this.clients = clients;
        this.accountId = accountId;
    }

    @Override
    public boolean start(Failover failover) {
        String workflow = failover.direction() == Failover.Direction.AWAY ? "unit-failover" : "unit-failback";
        try {
            clients.workflows(failover.region())
                    .startExecution(request -> request.stateMachineArn("arn:aws:states:%s:%s:stateMachine:double11-%s"
                                    .formatted(failover.region(), accountId, workflow))
                            .name(failover.id())
                            .input(Json.write(Map.of("failover", FailoverJson.of(failover))))
                            .overrideConfiguration(override -> override.apiCallTimeout(START)));
            return true;
        } catch (ExecutionAlreadyExistsException e) {
            return true;
        } catch (SdkException e) {
            return false;
        }
    }
}
