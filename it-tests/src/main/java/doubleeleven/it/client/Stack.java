package doubleeleven.it.client;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A deployed stack: the doors of its Regions, and its services as an operator reaches them, by the AWS SDK with the credentials and the
 * endpoint of the environment.
 *
 * @param doors address of the API by Region, the first one first in the alphabet
 */
public record Stack(SortedMap<String, URI> doors) {
    private static final String REGION_STACK = "double11-region-";
    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.builder()
            .connectionTimeout(Duration.ofSeconds(5))
            .socketTimeout(Duration.ofSeconds(120))
            .build();
    private static final Map<String, DynamoDbClient> DYNAMODB = new ConcurrentHashMap<>();
    private static final Map<String, DynamoDbStreamsClient> STREAMS = new ConcurrentHashMap<>();
    private static final Map<String, LambdaClient> LAMBDA = new ConcurrentHashMap<>();
    private static final Map<String, SfnClient> WORKFLOWS = new ConcurrentHashMap<>();
    private static final Map<String, SqsClient> SQS = new ConcurrentHashMap<>();

    /** Reads where the doors are from the outputs of the deployment, named by {@code DOUBLE11_OUTPUTS}. */
    public static Stack fromEnvironment() {
        @Nullable String file = System.getenv("DOUBLE11_OUTPUTS");
        if (file == null) {
            throw new IllegalStateException(
                    "set DOUBLE11_OUTPUTS to the outputs file of the deployment (`localstack/eleven` does so)");
        }
        return fromOutputs(Path.of(file));
    }

    public static Stack fromOutputs(Path file) {
        SortedMap<String, URI> doors = new TreeMap<>();
        try {
            JSON.std.mapFrom(Files.readString(file)).forEach((stack, outputs) -> {
                if (stack.startsWith(REGION_STACK)
                        && outputs instanceof Map<?, ?> values
                        && values.get("ApiUrl") instanceof String url) {
                    doors.put(stack.substring(REGION_STACK.length()), URI.create(url));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the outputs of the deployment", e);
        }
        if (doors.isEmpty()) {
            throw new IllegalStateException("no " + REGION_STACK + "<region> with an ApiUrl in " + file);
        }
        return new Stack(doors);
    }

    public List<String> regions() {
        return new ArrayList<>(doors.keySet());
    }

    public URI door(String region) {
        URI door = doors.get(region);
        if (door == null) {
            throw new IllegalArgumentException("no door in " + region + "; there are " + doors.keySet());
        }
        return door;
    }

    /** The API as an operator sees it, with a new key got the way an operator gets one: by the right to invoke a function. */
    public Api operator() {
        String region = regions().getFirst();
        InvokeResponse response = lambda(region)
                .invoke(request ->
                        request.functionName("double11-operator-key").payload(SdkBytes.fromUtf8String("{}")));
        String payload = response.payload().asUtf8String();
        try {
            if (response.functionError() == null && JSON.std.mapFrom(payload).get("apiKey") instanceof String key) {
                return new Api(door(region), key);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("double11-operator-key gave no key: " + payload);
    }

    /** Has the watcher of a Region look at the units once; in a sandbox no schedule does. */
    public void watch(String region) {
        InvokeResponse response = lambda(region)
                .invoke(request ->
                        request.functionName("double11-health-watcher").payload(SdkBytes.fromUtf8String("{}")));
        if (response.functionError() != null) {
            throw new IllegalStateException("the watcher of " + region + " failed: "
                    + response.payload().asUtf8String());
        }
    }

    public Api anonymous() {
        return new Api(door(regions().getFirst()), null);
    }

    public DynamoDbClient dynamoDb(String region) {
        return DYNAMODB.computeIfAbsent(region, name -> in(name, DynamoDbClient.builder()));
    }

    public DynamoDbStreamsClient streams(String region) {
        return STREAMS.computeIfAbsent(region, name -> in(name, DynamoDbStreamsClient.builder()));
    }

    public LambdaClient lambda(String region) {
        return LAMBDA.computeIfAbsent(region, name -> in(name, LambdaClient.builder()));
    }

    public SfnClient workflows(String region) {
        return WORKFLOWS.computeIfAbsent(region, name -> in(name, SfnClient.builder()));
    }

    public SqsClient sqs(String region) {
        return SQS.computeIfAbsent(region, name -> in(name, SqsClient.builder()));
    }

    private static <C, B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>> C in(String region, B builder) {
        return builder.region(Region.of(region)).httpClient(HTTP).build();
    }
}
