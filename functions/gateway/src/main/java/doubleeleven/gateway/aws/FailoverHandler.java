package doubleeleven.gateway.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Pause;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.gateway.Prober;
import doubleeleven.gateway.failover.Failover;
import doubleeleven.gateway.failover.Failovers;
import doubleeleven.gateway.failover.Step;
import doubleeleven.gateway.failover.Turn;
import doubleeleven.gateway.operations.Publications;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** One step of {@code unit-failover} or {@code unit-failback}. */
public final class FailoverHandler implements RequestStreamHandler {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Failovers failovers;
    private final Log log;

    /** Called by Lambda. */
    public FailoverHandler() {
        this(Host.lambda(), Pause::of);
    }

    /** @param rest waits */
    public FailoverHandler(Host host, Consumer<Duration> rest) {
        Environment environment = host.environment();
        DynamoDbClient client = Clients.dynamoDb(host);
        String control = Tables.control(environment);
        String payments = Tables.payment(environment);
        this.failovers = new Failovers(
                new Publications(new DynamoDbRuleHistory(client, control)),
                new DynamoDbFailovers(client, control),
                unit -> DynamoDbBooks.open(client, payments, unit),
                new Prober(
                        new AwsUnits(new RegionalClients(host), ResourceNames.of(environment)),
                        PATIENCE,
                        host.random(),
                        host.clock()),
                rest,
                host.clock());
        this.log = host.log();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> event = Json.object(in);
        Step step = Step.valueOf(Json.text(event, "step"));
        Turn turn = failovers.take(step, FailoverJson.read(Json.child(event, "failover")));
        Failover failover = turn.failover();
        log.info(
                "A step of a failover",
                Map.of(
                        "failover", failover.id(),
                        "unit", failover.unit(),
                        "step", step.name(),
                        "next", turn.next().name(),
                        "state", failover.state().name(),
                        "seen", failover.notes().getLast().text()));
        Json.write(Map.of("next", turn.next().name(), "failover", FailoverJson.of(failover)), out);
    }
}
