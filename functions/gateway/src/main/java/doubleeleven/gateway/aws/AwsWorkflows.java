package doubleeleven.gateway.aws;

import doubleeleven.aws.Json;
import doubleeleven.gateway.release.Release;
import doubleeleven.gateway.release.Release.Decision;
import doubleeleven.gateway.release.Release.Waiting;
import doubleeleven.gateway.release.Workflows;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.TaskDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;

/** The release workflow of this Region, and whichever Region's waits for an answer. */
final class AwsWorkflows implements Workflows {
    private final RegionalClients clients;
    private final String region;
    private final ResourceNames names;

    AwsWorkflows(RegionalClients clients, String region, ResourceNames names) {
        this.clients = clients;
        this.region = region;
        this.names = names;
    }

    @Override
    public boolean start(Release release) {
        return clients.start(
                names.stateMachine(region, "release"),
                region,
                release.unit() + "-" + release.id(),
                Map.of("unit", release.unit(), "release", release.id()));
    }

    @Override
    public Answered answer(Waiting waiting, Decision decision) {
        try {
            clients.workflows(waiting.region())
                    .sendTaskSuccess(request -> request.taskToken(waiting.token())
                            .output(Json.write(Map.of(
                                    "approve", decision.approved(),
                                    "by", decision.by(),
                                    "reason", decision.reason()))));
            return Answered.TAKEN;
        } catch (TaskTimedOutException | TaskDoesNotExistException | InvalidTokenException e) {
            return Answered.TOO_LATE;
        } catch (SdkException e) {
            return Answered.UNREACHABLE;
        }
    }
}
