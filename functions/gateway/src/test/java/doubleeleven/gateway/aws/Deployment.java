package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.gateway.ApiDocument;
import doubleeleven.gateway.ApiKey;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.routing.PublishedRule;
import doubleeleven.testkit.LocalTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The gateway as deployed, except that DynamoDB is local and Step Functions and SQS are stood in for. */
final class Deployment implements AutoCloseable {
    static final String TOPOLOGY = """
            {"peak": 100, "units": [
              {"name": "RZ01", "region": "us-east-1", "standby": "RZ02", "capacity": 70, "colours": {"a": 100, "b": 0}, "shards": ["00-33"]},
              {"name": "RZ02", "region": "us-east-2", "standby": "RZ03", "capacity": 70, "colours": {"a": 100}, "shards": ["34-66"]},
              {"name": "RZ03", "region": "us-west-2", "standby": "RZ01", "capacity": 70, "colours": {"a": 100}, "shards": ["67-99"]}]}""";
    private static final ApiDocument API = ApiDocument.read();
    private static final String LATER_THAN_ANY_TEST = "10000";
    private static final String SECRET = "s3cret-".repeat(5);

    final LocalTables tables = LocalTables.start();
    final AwsStandIn aws = new AwsStandIn();
    final Payer payer = new Payer();
    final DynamoDbAccounts accounts;
    final DynamoDbKeys keys;

    private final GatewayHandler handler;

    /** What came back from the API. */
    record Reply(int status, Map<String, String> headers, Map<String, Object> body) {
        String text(String name) {
            return Json.text(body, name);
        }

        long number(String name) {
            return Json.integer(body, name);
        }

        String slug() {
            return text("type").substring("urn:double-eleven:problem:".length());
        }

        List<String> wrongFields() {
            return Json.objects(body, "errors").stream()
                    .map(error -> Json.text(error, "field"))
                    .toList();
        }
    }

    /** The first version of the rule, in force and kept, as a deployment leaves it. */
    static void firstRule(LocalTables tables, PublishedRule first) {
        for (Map<String, AttributeValue> key : List.of(RuleItems.CURRENT, RuleItems.key(first.version()))) {
            tables.client().putItem(put -> put.tableName(LocalTables.CONTROL).item(RuleItems.item(key, first)));
        }
    }

    Deployment() {
        this(Clock.systemUTC(), System.out);
    }

    /** That waits no longer for a unit before its standby is asked as well. */
    static Deployment hedgingAfter(int milliseconds) {
        return new Deployment(
                Clock.systemUTC(), System.out, Map.of("HEDGE_MILLISECONDS", Integer.toString(milliseconds)));
    }

    /** That tells merchants on this machine as well. */
    static Deployment ofSandbox() {
        return new Deployment(Clock.systemUTC(), System.out, Map.of("LOOPBACK_ENDPOINTS", "true"));
    }

    /** With log lines and metrics going there. */
    Deployment(Clock clock, PrintStream out) {
        this(clock, out, Map.of());
    }

    private Deployment(Clock clock, PrintStream out, Map<String, String> settings) {
        System.setProperty("aws.accessKeyId", "local");
        System.setProperty("aws.secretAccessKey", "local");
        System.setProperty("aws.endpointUrlDynamoDb", tables.endpoint().toString());
        System.setProperty("aws.endpointUrlSfn", aws.endpoint());
        System.setProperty("aws.endpointUrlSqs", aws.endpoint());
        accounts = new DynamoDbAccounts(tables.client(), LocalTables.ACCOUNT);
        keys = new DynamoDbKeys(tables.client(), LocalTables.PLATFORM);
        handler = new GatewayHandler(
                new Host(environment(settings), (_, _, connect) -> connect.get(), clock, new SecureRandom(), out));
        key("operator", Role.OPERATOR, null);
    }

    GatewayHandler handler() {
        return handler;
    }

    static Environment environment() {
        return environment(Map.of());
    }

    private static Environment environment(Map<String, String> settings) {
        Map<String, String> variables = new HashMap<>(Map.ofEntries(
                Map.entry("AWS_REGION", "us-east-1"),
                Map.entry("AWS_ENDPOINT_URL", "set"),
                Map.entry("AWS_ACCOUNT", "000000000000"),
                Map.entry("POWERTOOLS_SERVICE_NAME", "gateway"),
                Map.entry("ACCOUNT_TABLE", LocalTables.ACCOUNT),
                Map.entry("PAYMENT_TABLE", LocalTables.PAYMENT),
                Map.entry("CREDIT_TABLE", LocalTables.CREDIT),
                Map.entry("CONTROL_TABLE", LocalTables.CONTROL),
                Map.entry("PLATFORM_TABLE", LocalTables.PLATFORM),
                Map.entry("TRAFFIC", "LIVE"),
                Map.entry("HEDGE_MILLISECONDS", LATER_THAN_ANY_TEST),
                Map.entry("TOPOLOGY", TOPOLOGY)));
        variables.putAll(settings);
        return new Environment(variables);
    }

    void key(String id, Role role, @Nullable String merchant) {
        keys.create(new ApiKey(id, digest(SECRET), role, merchant, Instant.EPOCH, null));
    }

    static String bearer(String keyId) {
        return "Bearer " + keyId + "." + SECRET;
    }

    Reply operator(String method, String path, String body) {
        return call(method, path, body, Map.of("Authorization", bearer("operator"), "Idempotency-Key", "operator-1"));
    }

    Reply call(String method, String path, @Nullable String body, Map<String, String> headers) {
        Map<String, Object> event = new HashMap<>();
        event.put("httpMethod", method);
        event.put("path", path);
        event.put("headers", headers);
        event.put("body", body);
        event.put("isBase64Encoded", false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Context nobody = null;
            handler.handleRequest(new ByteArrayInputStream(Json.write(event).getBytes(UTF_8)), out, nobody);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Object> response = Json.object(out.toString(UTF_8));
        Map<String, String> answered = new HashMap<>();
        ((Map<?, ?>) response.get("headers")).forEach((name, value) -> answered.put((String) name, (String) value));
        Reply reply = new Reply(
                (int) Json.integer(response, "statusCode"), answered, Json.object(Json.text(response, "body")));
        API.check(method, path, reply.status(), reply.headers(), reply.body());
        return reply;
    }

    static String digest(String secret) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        aws.close();
        tables.close();
    }
}
