package doubleeleven.setup.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Issues an operator's API key, or revokes any key: {@code {}} or {@code {"revoke": "<key id>"}}. Whoever may invoke this function by IAM
 * is the root of trust; over HTTP no key leads to another operator's key. The secret is answered once and stored only as a digest.
 */
public final class OperatorKeyHandler implements RequestStreamHandler {
    private static final int ID_BYTES = 9;
    private static final int SECRET_BYTES = 32;

    private final ConditionalWrites writes;
    private final String table;
    private final Clock clock;
    private final Log log;

    public OperatorKeyHandler() {
        this(Host.lambda());
    }

    public OperatorKeyHandler(Host host) {
        this(Clients.dynamoDb(host), Tables.platform(host.environment()), host.clock(), host.log());
    }

    OperatorKeyHandler(DynamoDbClient client, String table, Clock clock, Log log) {
        this.writes = new ConditionalWrites(client);
        this.table = table;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> asked = Json.object(in);
        Json.write(asked.get("revoke") instanceof String id ? revoke(id) : issue(), out);
    }

    private Map<String, Object> issue() {
        // Made for each call: a generator kept over a snapshot would repeat itself in every copy of it.
        SecureRandom random = new SecureRandom();
        String id = "op_" + text(random, ID_BYTES);
        String secret = text(random, SECRET_BYTES);
        boolean stored = writes.put(PutItemRequest.builder()
                .tableName(table)
                .item(Map.of(
                        "pk", s("KEY#" + id),
                        "sk", s("KEY"),
                        "hash", s(digest(secret)),
                        "role", s("OPERATOR"),
                        "createdAt", n(clock.instant())))
                .conditionExpression("attribute_not_exists(pk)")
                .build());
        if (!stored) {
            throw new IllegalStateException("the key's id is taken; ask again");
        }
        log.info("Operator key issued", Map.of("key", id));
        return Map.of("apiKey", id + "." + secret);
    }

    private Map<String, Object> revoke(String id) {
        boolean known = writes.apply(UpdateItemRequest.builder()
                .tableName(table)
                .key(Map.of("pk", s("KEY#" + id), "sk", s("KEY")))
                .updateExpression("SET revokedAt = if_not_exists(revokedAt, :now)")
                .conditionExpression("attribute_exists(pk)")
                .expressionAttributeValues(Map.of(":now", n(clock.instant())))
                .build());
        log.info("Key revoked", Map.of("key", id, "known", known));
        return Map.of("revoked", known);
    }

    private static String text(SecureRandom random, int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }

    private static String digest(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
