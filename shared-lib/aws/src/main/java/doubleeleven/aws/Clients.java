package doubleeleven.aws;

import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * SDK clients as every function builds them, once per execution environment.
 *
 * <p>The URL-connection client is the smallest and starts fastest; credentials and endpoints come from the environment alone.
 */
public final class Clients {
    private static final Duration CONNECT = Duration.ofMillis(500);

    static {
        // The JDK keeps 5 idle connections to a host; recovery's workers would open a new one for most of their calls.
        System.setProperty("http.maxConnections", "32");
    }

    private Clients() {}

    /**
     * Sets up a client.
     *
     * @param attempt how long one try of a call may take
     * @param call how long all tries of a call together may take
     */
    public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkClient> C build(
            Class<C> type, Supplier<B> builder, Host host, Region region, Duration attempt, Duration call) {
        ClientOverrideConfiguration.Builder override = ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(attempt)
                .apiCallTimeout(call);
        return build(type, builder, host, region, CONNECT, attempt, override);
    }

    /** Sets up a client that also has its own say on retries and time limits. */
    public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkClient> C build(
            Class<C> type,
            Supplier<B> builder,
            Host host,
            Region region,
            Duration connection,
            Duration socket,
            ClientOverrideConfiguration.Builder override) {
        if (host.environment().find("AWS_ENDPOINT_URL").isPresent()) {
            // One endpoint serves all hosts there, so a prefixed host name such as sync-… does not resolve.
            override.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true);
        }
        return host.client(
                type,
                region,
                () -> builder.get()
                        .region(region)
                        .httpClient(UrlConnectionHttpClient.builder()
                                .connectionTimeout(connection)
                                .socketTimeout(socket)
                                .build())
                        .overrideConfiguration(override.build())
                        .build());
    }

    /**
     * A client for the function's own Region with 2 s for a try and 8 s for a call. It repeats by itself what a conflict between Regions
     * refused.
     */
    public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkClient> C local(
            Class<C> type, Supplier<B> builder, Host host) {
        return build(
                type,
                builder,
                host,
                Region.of(host.environment().region()),
                Duration.ofSeconds(2),
                Duration.ofSeconds(8));
    }

    /**
     * Calls functions of the function's own Region, each once.
     *
     * @param call how long a call may take
     */
    public static Functions functions(Host host, Duration call) {
        return host.client(
                Functions.class,
                Region.of(host.environment().region()),
                () -> new SignedFunctions(host.environment(), CONNECT, call));
    }

    public static DynamoDbClient dynamoDb(Host host) {
        return local(DynamoDbClient.class, DynamoDbClient::builder, host);
    }
}
