package doubleeleven.gateway.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Pause;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.gateway.Prober;
import doubleeleven.gateway.operations.Publications;
import doubleeleven.gateway.watch.Finding;
import doubleeleven.gateway.watch.TrafficReports;
import doubleeleven.gateway.watch.Watcher;
import doubleeleven.health.Heard;
import doubleeleven.routing.Deployed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Looks at the units again and again until the next scheduled run is due: a schedule fires once a minute at best. Where nothing is said of how
 * often, each run looks once.
 */
public final class HealthWatcherHandler implements RequestStreamHandler {
    private static final Duration RUN = Duration.ofMinutes(1);

    private final Watcher watcher;
    private final AwsJournal journal;
    private final Duration every;
    private final Clock clock;

    /** Called by Lambda. */
    public HealthWatcherHandler() {
        this(Host.lambda());
    }

    public HealthWatcherHandler(Host host) {
        Environment environment = host.environment();
        ResourceNames names = ResourceNames.of(environment);
        String region = environment.region();
        String control = Tables.control(environment);
        DynamoDbClient client = Clients.dynamoDb(host);
        RegionalClients clients = new RegionalClients(host);
        TrafficReports traffic = new DynamoDbTraffic(client, Tables.platform(environment), region);
        this.journal = new AwsJournal(host.log(), host.metrics());
        this.every = Duration.ofSeconds(Long.parseLong(environment.require("LOOK_EVERY_SECONDS")));
        this.clock = host.clock();
        this.watcher = new Watcher(
                new Publications(new DynamoDbRuleHistory(client, control)),
                new DynamoDbBoard(client, control),
                (unit, colour) -> told(traffic, unit, colour),
                new Prober(
                        new AwsUnits(clients, names),
                        Duration.ofMillis(Long.parseLong(environment.require("PATIENCE_MILLISECONDS"))),
                        host.random(),
                        clock),
                new DynamoDbFailovers(client, control),
                new StepFunctionsFailovers(clients, names),
                Deployed.of(RoutingDocument.read(environment.require("TOPOLOGY")))
                        .regions(),
                region,
                clock);
    }

    /** Customers' payments add to what is seen; without them synthetic ones are what there is. */
    private Heard told(TrafficReports traffic, String unit, String colour) {
        try {
            return traffic.of(unit, colour);
        } catch (RuntimeException e) {
            journal.error("what gateways told cannot be read", Map.of("unit", unit, "colour", colour), e);
            return Heard.NONE;
        }
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Instant end = clock.instant().plus(RUN);
        @Nullable RuntimeException failed = null;
        int looks = 0;
        Instant next = clock.instant();
        do {
            next = next.plus(every);
            try {
                say(watcher.look());
                looks++;
                failed = null;
            } catch (RuntimeException e) {
                journal.error("a look at the units failed, and nothing was done", Map.of(), e);
                failed = e;
            }
        } while (pause(next, end));
        if (failed != null) {
            throw failed;
        }
        Json.write(Map.of("looks", looks), out);
    }

    private void say(List<Finding> findings) {
        journal.metrics().count("Watched", 1);
        for (Finding finding : findings) {
            journal.count("UnitDown", "unit", finding.unit());
            Map<String, String> fields = Map.of("unit", finding.unit(), "evidence", finding.evidence());
            switch (finding) {
                case Finding.Begun begun ->
                    journal.warn("a unit is taken out of service", with(fields, "failover", begun.failover()));
                case Finding.Kept kept ->
                    withheld(
                            kept.unit(),
                            "a unit is down and stays in service until somebody decides",
                            with(fields, "why", kept.why().why()));
                case Finding.NotStarted start ->
                    withheld(
                            start.unit(),
                            "the failover of a unit that is down could not be started",
                            with(fields, "failover", start.failover()));
                case Finding.LeftToOthers _ -> journal.warn("a unit is down", fields);
            }
        }
    }

    private void withheld(String unit, String message, Map<String, String> fields) {
        journal.count("FailoverWithheld", "unit", unit);
        journal.error(message, fields, null);
    }

    private static Map<String, String> with(Map<String, String> fields, String name, String value) {
        Map<String, String> more = new HashMap<>(fields);
        more.put(name, value);
        return more;
    }

    private boolean pause(Instant next, Instant end) {
        if (every.isZero() || !next.isBefore(end)) {
            return false;
        }
        Pause.of(Duration.between(clock.instant(), next));
        return true;
    }
}
