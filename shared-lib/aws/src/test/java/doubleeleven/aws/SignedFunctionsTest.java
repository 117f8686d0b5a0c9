package doubleeleven.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkException;

/** Lambda's operation Invoke as "Invoke" of the Lambda API reference has it. */
class SignedFunctionsTest {
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:double11-shadow-gateway:live";

    private final List<String> asked = new ArrayList<>();
    private HttpServer lambda;
    private int status = 200;
    private @Nullable String functionError;

    @BeforeEach
    void start() throws IOException {
        System.setProperty("aws.accessKeyId", "local");
        System.setProperty("aws.secretAccessKey", "local");
        lambda = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        lambda.createContext("/", this::serve);
        lambda.start();
    }

    @AfterEach
    void stop() {
        lambda.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath());
        asked.add(exchange.getRequestHeaders().getFirst("Authorization"));
        asked.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        if (functionError != null) {
            exchange.getResponseHeaders().add("X-Amz-Function-Error", functionError);
        }
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().write("{\"b\":2}".getBytes(UTF_8));
        exchange.close();
    }

    private byte[] invoke() {
        String endpoint = "http://127.0.0.1:" + lambda.getAddress().getPort();
        Environment environment =
                new Environment(Map.of("AWS_REGION", "us-east-1", "AWS_ENDPOINT_URL_LAMBDA", endpoint));
        return Clients.functions(Host.with(environment), Duration.ofSeconds(5))
                .invoke(ARN, "{\"a\":1}".getBytes(UTF_8));
    }

    @Test
    void aCallIsSignedForLambdaAndAnsweredWithWhatTheFunctionSaid() {
        assertThat(new String(invoke(), UTF_8)).isEqualTo("{\"b\":2}");

        assertThat(asked).hasSize(3);
        assertThat(asked.getFirst())
                .isEqualTo("POST /2015-03-31/functions/" + ARN.replace(":", "%3A") + "/invocations");
        assertThat(asked.get(1))
                .startsWith("AWS4-HMAC-SHA256 Credential=local/")
                .contains("/us-east-1/lambda/aws4_request");
        assertThat(asked.getLast()).isEqualTo("{\"a\":1}");
    }

    @Test
    void aFunctionThatFailedGaveNoAnswer() {
        functionError = "Unhandled";

        assertThatThrownBy(this::invoke).isInstanceOf(SdkException.class);
        assertThat(asked).as("called once").hasSize(3);
    }

    @Test
    void whatLambdaRefusesGaveNoAnswer() {
        for (int refusal : List.of(403, 404, 429, 500)) {
            status = refusal;

            assertThatThrownBy(this::invoke).isInstanceOf(SdkException.class);
        }
        assertThat(asked).as("each called once").hasSize(4 * 3);
    }

    @Test
    void aLambdaThatIsOutOfReachGaveNoAnswer() {
        lambda.stop(0);

        assertThatThrownBy(this::invoke).isInstanceOf(SdkException.class);
    }
}
