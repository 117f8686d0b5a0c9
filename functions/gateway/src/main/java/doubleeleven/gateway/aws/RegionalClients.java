package doubleeleven.gateway.aws;

import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.gateway.Limits;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Clients of the Regions that units live in, each built at its first use and kept. */
final class RegionalClients {
    /** Longer than a workflow may take: an answer is worth waiting for. */
    private static final Duration WORKFLOW = Duration.ofSeconds(16);

    private static final Duration CONNECT = Duration.ofMillis(300);

    private static final Duration MESSAGE_TRY = Duration.ofMillis(700);

    private final Environment environment;
    private final Map<String, SfnClient> workflows = new ConcurrentHashMap<>();
    private final Map<String, SqsClient> queues = new ConcurrentHashMap<>();

    RegionalClients(Environment environment) {
        this.environment = environment;
    }

    SfnClient workflows(String region) {
        return workflows.computeIfAbsent(
                region,
                name -> SfnClient.builder()
                        .region(Region.of(name))
                        .httpClient(UrlConnectionHttpClient.builder()
                                .connectionTimeout(CONNECT)
                                .socketTimeout(WORKFLOW)
                                .build())
                        .overrideConfiguration(patient())
                        .build());
    }

    /**
     * One try. The last of several tells nothing about those before it, which may have run, while the gateway must know what surely never
     * began. The second try is the standby's.
     */
    private ClientOverrideConfiguration patient() {
        ClientOverrideConfiguration.Builder override = ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(WORKFLOW)
                .apiCallTimeout(WORKFLOW)
                .retryStrategy(AwsRetryStrategy.doNotRetry());
        if (environment.find("AWS_ENDPOINT_URL").isPresent()) {
            // One endpoint serves all hosts there, so a host named sync-… does not resolve.
            override.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true);
        }
        return override.build();
    }

    SqsClient queues(String region) {
        return queues.computeIfAbsent(
                region,
                name -> Clients.build(SqsClient.builder(), environment, Region.of(name), MESSAGE_TRY, Limits.MESSAGE));
    }
}
