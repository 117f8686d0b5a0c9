package doubleeleven.gateway.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.MoneyTables;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.gateway.Journal;
import doubleeleven.gateway.operations.Publications;
import doubleeleven.gateway.release.Figures;
import doubleeleven.gateway.stress.Live;
import doubleeleven.gateway.stress.Load;
import doubleeleven.gateway.stress.RunSteps;
import doubleeleven.gateway.stress.RunSteps.Turn;
import doubleeleven.gateway.stress.Slice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Carries out the steps of stress tests for the workflow of its Region, all but the load. */
public final class StressStepHandler implements RequestStreamHandler {
    private final RunSteps steps;
    private final Publications publications;
    private final Figures figures;
    private final Journal journal;

    /** Called by Lambda. */
    public StressStepHandler() {
        this(Host.lambda());
    }

    public StressStepHandler(Host host) {
        Environment environment = host.environment();
        DynamoDbClient client = Clients.dynamoDb(host);
        this.journal = new AwsJournal(host.log(), host.metrics());
        String control = Tables.control(environment);
        this.publications = new Publications(new DynamoDbRuleHistory(client, control));
        this.figures = new AwsFigures(
                new DynamoDbTallies(client, Tables.platform(environment), environment.region(), host.clock()),
                new DynamoDbBooks(client, MoneyTables.of(environment)),
                new RegionalClients(host),
                ResourceNames.of(environment),
                List.of(environment.require("REGIONS").split(",", -1)),
                host.clock());
        this.steps = new RunSteps(
                new DynamoDbRuns(client, control), new DynamoDbStressTests(client, control), this::live, host.clock());
    }

    /** Of all units and colours that the rule in force knows. */
    private Live live(Instant since) {
        return publications.inForce().rule().units().values().stream()
                .flatMap(unit -> figures.of(unit, since).values().stream())
                .map(standing -> new Live(standing.tally(), standing.overdue(), standing.deadLetters()))
                .reduce(Live.NONE, Live::plus);
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> event = Json.object(in);
        String test = Json.text(event, "stressTest");
        Turn turn = take(Json.text(event, "step"), test, event);
        journal.info(
                "a stress test went a step",
                Map.of(
                        "stressTest", test,
                        "step", Json.text(event, "step"),
                        "next", turn.next().name()));
        Map<String, Object> answer = new LinkedHashMap<>(turn.more());
        answer.put("next", turn.next().name());
        Json.write(answer, out);
    }

    private Turn take(String step, String test, Map<String, Object> event) {
        return switch (step) {
            case "BEGIN" -> steps.begin(test);
            case "WATCH" -> steps.watch(test);
            case "READY" -> steps.ready(test);
            case "LOOK" ->
                steps.look(
                        test,
                        Slice.read(Json.child(event, "slice")),
                        Json.objects(event, "loads").stream().map(Load::read).toList());
            case "END" ->
                steps.end(test, event.get("fault") instanceof String fault && !fault.isEmpty() ? fault : null);
            default -> throw new IllegalArgumentException("no step of a stress test: " + step);
        };
    }
}
