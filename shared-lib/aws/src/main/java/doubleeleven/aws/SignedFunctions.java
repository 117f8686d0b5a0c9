package doubleeleven.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * Lambda's operation Invoke, signed by the SDK's own signer.
 *
 * <p>Own code, because the SDK's client for all of Lambda's operations is a fifth of what a cold start of the gateway loads.
 */
final class SignedFunctions implements Functions {
    private final URI endpoint;
    private final String region;
    private final SdkHttpClient http;
    private final AwsCredentialsProvider credentials =
            DefaultCredentialsProvider.builder().build();

    /**
     * Sets up a client.
     *
     * @param call how long a call may take
     */
    SignedFunctions(Environment environment, Duration connect, Duration call) {
        this.region = environment.region();
        this.endpoint = URI.create(environment
                .find("AWS_ENDPOINT_URL_LAMBDA")
                .or(() -> environment.find("AWS_ENDPOINT_URL"))
                .orElse("https://lambda." + region + ".amazonaws.com"));
        this.http = UrlConnectionHttpClient.builder()
                .connectionTimeout(connect)
                .socketTimeout(call)
                .build();
    }

    @Override
    public byte[] invoke(String function, byte[] payload) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint)
                .encodedPath("/2015-03-31/functions/" + URLEncoder.encode(function, UTF_8) + "/invocations")
                .putHeader("Content-Type", "application/json")
                .putHeader("Content-Length", Integer.toString(payload.length))
                .build();
        ContentStreamProvider content = ContentStreamProvider.fromByteArray(payload);
        SignedRequest signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(credentials.resolveCredentials())
                        .request(request)
                        .payload(content)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, serviceName())
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region));
        try {
            HttpExecuteResponse response = http.prepareRequest(HttpExecuteRequest.builder()
                            .request(signed.request())
                            .contentStreamProvider(signed.payload().orElse(content))
                            .build())
                    .call();
            try (InputStream body = response.responseBody().orElseThrow()) {
                byte[] answer = body.readAllBytes();
                if (!response.httpResponse().isSuccessful()
                        || response.httpResponse()
                                .firstMatchingHeader("X-Amz-Function-Error")
                                .isPresent()) {
                    throw SdkClientException.create(function + " gave no answer: "
                            + response.httpResponse().statusCode());
                }
                return answer;
            }
        } catch (IOException e) {
            throw SdkClientException.create(function + " gave no answer", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
