package doubleeleven.gateway.aws;

import doubleeleven.aws.Json;
import doubleeleven.gateway.release.Release;
import doubleeleven.gateway.release.Release.Decision;
import doubleeleven.gateway.release.Release.Waiting;
import doubleeleven.gateway.release.Workflows;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.TaskDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;

/** The release workflow of this Region, and whichever Region's waits for an answer. */
final class AwsWorkflows implements Workflows {
    private static final Duration START = Duration.ofSeconds(5);

    private final RegionalClients clients;
    private final String region;
    private final String accountId;

    AwsWorkflows(RegionalClients clients, String region, String accountId) {
        this.clients = clients;
        this.region = region;
        this.accountId = accountId;
    }

    @Override
    public boolean start(Release release) {
        try {
            clients.workflows(region)
                    .startExecution(request -> request.stateMachineArn(
                                    "arn:aws:states:" + region + ":" + accountId + ":stateMachine:double11-release")
                            .name(release.unit() + "-" + release.id())
                            .input(Json.write(Map.of("unit", release.unit(), "release", release.id())))
                            .overrideConfiguration(override -> override.apiCallTimeout(START)));
            return true;
        } catch (ExecutionAlreadyExistsException e) {
            return true;
        } catch (SdkException e) {
            return false;
        }
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
