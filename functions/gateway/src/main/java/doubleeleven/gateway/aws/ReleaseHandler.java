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
import doubleeleven.gateway.release.Release.Decision;
import doubleeleven.gateway.release.Release.Waiting;
import doubleeleven.gateway.release.ReleaseSteps;
import doubleeleven.gateway.release.ReleaseSteps.Next;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Carries out the steps of releases for the workflow of its Region. */
public final class ReleaseHandler implements RequestStreamHandler {
    private final ReleaseSteps steps;
    private final Journal journal;
    private final String region;

    /** Called by Lambda. */
    public ReleaseHandler() {
        this(Host.lambda());
    }

    public ReleaseHandler(Host host) {
        Environment environment = host.environment();
        DynamoDbClient client = Clients.dynamoDb(host);
        this.region = environment.region();
        this.journal = new AwsJournal(host.log(), host.metrics());
        String control = Tables.control(environment);
        this.steps = new ReleaseSteps(
                new DynamoDbReleases(client, control),
                new Publications(new DynamoDbRuleHistory(client, control)),
                new AwsFigures(
                        new DynamoDbTallies(client, Tables.platform(environment), region, host.clock()),
                        new DynamoDbBooks(client, MoneyTables.of(environment)),
                        new RegionalClients(host),
                        ResourceNames.of(environment),
                        List.of(environment.require("REGIONS").split(",", -1)),
                        host.clock()),
                host.clock());
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> event = Json.object(in);
        Next next = step(event);
        journal.info(
                "a release went a step",
                Map.of(
                        "release",
                        Json.text(event, "release"),
                        "unit",
                        Json.text(event, "unit"),
                        "step",
                        Json.text(event, "step"),
                        "next",
                        next.name()));
        Json.write(Map.of("next", next.name()), out);
    }

    private Next step(Map<String, Object> event) {
        String unit = Json.text(event, "unit");
        String release = Json.text(event, "release");
        return switch (Json.text(event, "step")) {
            case "BEGIN" -> steps.begin(unit, release);
            case "AWAIT" -> {
                steps.await(unit, release, new Waiting(Json.text(event, "token"), region));
                yield Next.WAIT;
            }
            case "DECIDED" -> steps.decided(unit, release, decision(Json.child(event, "decision")));
            case "SHIFT" -> steps.shift(unit, release);
            case "VERIFY" -> steps.verify(unit, release);
            case "ROLL_BACK" -> steps.rollBack(unit, release, fault(event));
            default -> throw new IllegalArgumentException("no step of a release: " + event.get("step"));
        };
    }

    private static Decision decision(Map<String, Object> answer) {
        return new Decision(
                Boolean.TRUE.equals(answer.get("approve")), Json.text(answer, "by"), Json.text(answer, "reason"));
    }

    private static @Nullable String fault(Map<String, Object> event) {
        return event.get("fault") instanceof String fault && !fault.isEmpty() ? fault : null;
    }
}
