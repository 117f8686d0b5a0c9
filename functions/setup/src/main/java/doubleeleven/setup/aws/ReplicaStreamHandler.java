package doubleeleven.setup.aws;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Pause;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/**
 * The ARN of a global table's stream in this Region. CloudFormation knows only that of the Region the table was declared in. Property
 * {@code TableName}, attribute {@code StreamArn}.
 */
public final class ReplicaStreamHandler extends CustomResource {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** Kept for the answer to CloudFormation. */
    private static final Duration RESERVE = Duration.ofSeconds(15);

    private final DynamoDbClient client;

    public ReplicaStreamHandler() {
        this(Host.lambda());
    }

    public ReplicaStreamHandler(Host host) {
        this(Clients.dynamoDb(host), host.log());
    }

    ReplicaStreamHandler(DynamoDbClient client, Log log) {
        super(log, "replica-stream");
        this.client = client;
    }

    @Override
    Map<String, String> apply(Map<String, Object> properties, Context context) {
        String table = Json.text(properties, "TableName");
        while (true) {
            try {
                TableDescription description = client.describeTable(request -> request.tableName(table))
                        .table();
                if (description.tableStatus() == TableStatus.ACTIVE && description.latestStreamArn() != null) {
                    return Map.of("StreamArn", description.latestStreamArn());
                }
            } catch (ResourceNotFoundException e) {
                // A replica that is being made is not there yet.
            }
            if (context.getRemainingTimeInMillis() < RESERVE.toMillis()) {
                throw new IllegalStateException(
                        "table " + table + " has no active replica with a stream in this Region");
            }
            Pause.of(PAUSE);
        }
    }
}
