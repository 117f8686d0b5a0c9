package doubleeleven.testkit;

import com.amazonaws.services.dynamodbv2.local.embedded.DynamoDBEmbedded;
import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import com.amazonaws.services.dynamodbv2.local.shared.access.AmazonDynamoDBLocal;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * A DynamoDB Local in this process, in memory, with empty tables as the deployment creates them.
 *
 * <pre>{@code
 * try (LocalTables tables = LocalTables.start()) {
 *     tables.client().putItem(...);
 * }
 * }</pre>
 */
public final class LocalTables implements AutoCloseable {
    /** What the names of live traffic's tables begin with. */
    public static final String PREFIX = "double11-";

    public static final String ACCOUNT = "double11-account";
    public static final String PAYMENT = "double11-payment";
    public static final String CREDIT = "double11-credit";
    public static final String CONTROL = "double11-control";
    public static final String FEATURE = "double11-feature";
    public static final String PLATFORM = "double11-platform";
    public static final List<String> ALL = List.of(ACCOUNT, PAYMENT, CREDIT, CONTROL, FEATURE, PLATFORM);
    /** Sparse index of the payments that are not terminal. */
    public static final String DUE_INDEX = "due";

    private final Closing database;
    private final @Nullable URI endpoint;
    private final DynamoDbClient client;

    private final DynamoDbClient usual;

    private LocalTables(Closing database, @Nullable URI endpoint, DynamoDbClient client, DynamoDbClient usual) {
        this.database = database;
        this.endpoint = endpoint;
        this.client = client;
        this.usual = usual;
        create();
    }

    @FunctionalInterface
    private interface Closing {
        void close() throws Exception;
    }

    /** Starts a database that is called without a network: several times as fast, and nothing but the calls themselves is tested. */
    public static LocalTables inProcess() {
        AmazonDynamoDBLocal database = DynamoDBEmbedded.create(true);
        DynamoDbClient usual = database.dynamoDbClient();
        return new LocalTables(database::shutdownNow, null, new Embedded(database.amazonDynamoDB(), usual), usual);
    }

    /** Starts a database on a free port and creates the tables. */
    public static LocalTables start() {
        try {
            String port = Integer.toString(freePort());
            DynamoDBProxyServer server = ServerRunner.createServerFromCommandLineArgs(
                    new String[] {"-inMemory", "-port", port, "-disableTelemetry"});
            server.start();
            URI endpoint = URI.create("http://127.0.0.1:" + port);
            DynamoDbClient client = connect(endpoint);
            return new LocalTables(server::stop, endpoint, client, client);
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not start", e);
        }
    }

    private static DynamoDbClient connect(URI endpoint) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    public DynamoDbClient client() {
        return client;
    }

    /** The client that DynamoDB Local comes with: gives the same answers as {@link #client()}, more slowly. */
    public DynamoDbClient usualClient() {
        return usual;
    }

    /** Where clients of a function's own making find the database. */
    public URI endpoint() {
        if (endpoint == null) {
            throw new IllegalStateException("a database in this process has no endpoint");
        }
        return endpoint;
    }

    /** Deletes every item: an empty database for the next test. */
    public void clear() {
        for (String table : ALL) {
            client.deleteTable(request -> request.tableName(table));
        }
        create();
    }

    @Override
    public void close() {
        client.close();
        try {
            database.close();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not stop", e);
        }
    }

    /** Creates a second set of tables beside the first, as a shadow has it. */
    public void createAlso(String prefix) {
        create(prefix);
    }

    private void create() {
        create(PREFIX);
    }

    private void create(String prefix) {
        for (String table : List.of(ACCOUNT, CREDIT, CONTROL, FEATURE, PLATFORM)) {
            client.createTable(
                    table(prefix + table.substring(PREFIX.length()), "pk", "sk").build());
        }
        client.createTable(table(prefix + PAYMENT.substring(PREFIX.length()), "pk")
                .globalSecondaryIndexes(GlobalSecondaryIndex.builder()
                        .indexName(DUE_INDEX)
                        .keySchema(key("due", KeyType.HASH), key("dueAt", KeyType.RANGE))
                        .projection(Projection.builder()
                                .projectionType(ProjectionType.INCLUDE)
                                .nonKeyAttributes("attempt", "status", "claimedAt", "decidedAt")
                                .build())
                        .build())
                .attributeDefinitions(
                        attribute("pk", ScalarAttributeType.S),
                        attribute("due", ScalarAttributeType.S),
                        attribute("dueAt", ScalarAttributeType.N))
                .build());
    }

    private static CreateTableRequest.Builder table(String name, String... keys) {
        List<KeySchemaElement> schema = new ArrayList<>();
        List<AttributeDefinition> attributes = new ArrayList<>();
        for (String key : keys) {
            schema.add(key(key, schema.isEmpty() ? KeyType.HASH : KeyType.RANGE));
            attributes.add(attribute(key, ScalarAttributeType.S));
        }
        return CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(schema)
                .attributeDefinitions(attributes);
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
