package doubleeleven.gateway.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.MoneyTables;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.gateway.Operations;
import doubleeleven.gateway.operations.DeadLetterQueue;
import doubleeleven.routing.Deployed;
import doubleeleven.routing.RoutingRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Receives operators' calls of the API in its Region, under a role of its own: the gateway's may decide nothing. */
public final class OperationsHandler implements RequestStreamHandler {
    private final Operations operations;

    /** Called by Lambda. */
    public OperationsHandler() {
        this(Host.lambda());
    }

    public OperationsHandler(Host host) {
        Environment environment = host.environment();
        DynamoDbClient client = Clients.dynamoDb(host);
        String region = environment.region();
        ResourceNames names = ResourceNames.of(environment);
        RegionalClients clients = new RegionalClients(host);
        RoutingRule rule = RoutingDocument.read(environment.require("TOPOLOGY"));
        this.operations = new Operations(new Operations.Ports(
                new DynamoDbKeys(client, Tables.platform(environment)),
                new DynamoDbBooks(client, MoneyTables.of(environment)),
                new SqsSettlements(clients, names, rule),
                new SqsQueues(Clients.local(SqsClient.class, SqsClient::builder, host), region, names),
                new DynamoDbRedrives(client, Tables.control(environment), region),
                new DynamoDbCreditLines(client, MoneyTables.of(environment)),
                new AwsReviews(client, Tables.credit(environment), clients),
                new DynamoDbRuleHistory(client, Tables.control(environment)),
                new DynamoDbFailovers(client, Tables.control(environment)),
                new StepFunctionsFailovers(clients, names),
                new DynamoDbBoard(client, Tables.control(environment)),
                new DynamoDbReleases(client, Tables.control(environment)),
                new AwsWorkflows(clients, region, names),
                new DynamoDbStressTests(client, Tables.control(environment)),
                new DynamoDbRuns(client, Tables.control(environment)),
                new StepFunctionsRuns(clients, names),
                DoorAddresses.of(environment),
                region,
                environment.traffic(),
                Deployed.of(rule),
                deadLetters(environment),
                new AwsJournal(host.log(), host.metrics()),
                host.random(),
                host.clock()));
    }

    /** What the deployment has: queues whose dead letters can go back, and dead letters that came from no queue. */
    private static List<DeadLetterQueue> deadLetters(Environment environment) {
        return Stream.concat(
                        names(environment, "QUEUES").map(DeadLetterQueue::of),
                        names(environment, "FINAL_DEAD_LETTERS").map(DeadLetterQueue::withoutSource))
                .toList();
    }

    private static Stream<String> names(Environment environment, String variable) {
        return Arrays.stream(environment.require(variable).split(",", -1));
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Json.write(ProxyEvent.response(operations.answer(ProxyEvent.request(Json.object(in)))), out);
    }
}
