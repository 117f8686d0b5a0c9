package doubleeleven.gateway.aws;

import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.gateway.Limits;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Clients of the Regions that units live in, each built at its first use and kept. */
final class RegionalClients {
    /** Longer than a workflow may take: an answer is worth waiting for. */
    private static final Duration WORKFLOW = Duration.ofSeconds(16);

    /** How long a Region may take to begin a workflow that nobody waits for. */
    private static final Duration START = Duration.ofSeconds(5);

    private static final Duration CONNECT = Duration.ofMillis(300);

    private static final Duration MESSAGE_TRY = Duration.ofMillis(700);

    private final Host host;
    private final Map<String, SfnClient> workflows = new ConcurrentHashMap<>();
    private final Map<String, SqsClient> queues = new ConcurrentHashMap<>();

    RegionalClients(Host host) {
        this.host = host;
    }

    SfnClient workflows(String region) {
        return workflows.computeIfAbsent(
                region,
                name -> Clients.build(
                        SfnClient.class, SfnClient::builder, host, Region.of(name), CONNECT, WORKFLOW, patient()));
    }

    /**
     * One try. The last of several tells nothing about those before it, which may have run, while the gateway must know what surely never
     * began. The second try is the standby's.
     */
    private static ClientOverrideConfiguration.Builder patient() {
        return ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(WORKFLOW)
                .apiCallTimeout(WORKFLOW)
                .retryStrategy(AwsRetryStrategy.doNotRetry());
    }

    /**
     * Has a Standard workflow begin, once by its name however often it is asked to.
     *
     * @return whether the Region could be reached
     */
    boolean start(String stateMachineArn, String region, String name, Map<String, Object> input) {
        try {
            workflows(region)
                    .startExecution(request -> request.stateMachineArn(stateMachineArn)
                            .name(name)
                            .input(Json.write(input))
                            .overrideConfiguration(override -> override.apiCallTimeout(START)));
            return true;
        } catch (ExecutionAlreadyExistsException e) {
            // It ended already: whoever asks again finds what it came to.
            return true;
        } catch (SdkException e) {
            return false;
        }
    }

    SqsClient queues(String region) {
        return queues.computeIfAbsent(
                region,
                name -> Clients.build(
                        SqsClient.class, SqsClient::builder, host, Region.of(name), MESSAGE_TRY, Limits.MESSAGE));
    }
}
