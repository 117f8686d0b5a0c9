package doubleeleven.gateway.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.CreditTerms;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.DynamoDbPayments;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.gateway.Gateway;
import doubleeleven.gateway.Journal;
import doubleeleven.gateway.Racing;
import doubleeleven.gateway.RacingThreads;
import doubleeleven.gateway.Rules;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.crac.Core;
import org.crac.Resource;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Receives every call of the API in its Region. */
public final class GatewayHandler implements RequestStreamHandler, Resource {
    /** A caller waits for it, and nobody needs it. */
    private static final Duration COUNT = Duration.ofSeconds(1);
    /** Longer than the shadow's gateway may take to answer, short enough to leave this function time to. */
    private static final Duration SHADOW = Duration.ofSeconds(23);

    private final Gateway gateway;
    private final Journal journal;
    private final Drawn drawn;

    /** Called by Lambda. */
    public GatewayHandler() {
        this(Host.lambda());
    }

    public GatewayHandler(Host host) {
        this(host, new RacingThreads());
    }

    /** Has its calls of units race otherwise. */
    public GatewayHandler(Host host, Racing racing) {
        Environment environment = host.environment();
        this.journal = new AwsJournal(host.log(), host.metrics());
        DynamoDbClient client = Clients.dynamoDb(host);
        DynamoDbEnhancedClient enhanced = DynamoDbEnhancedClient.builder()
                .dynamoDbClient(client)
                .extensions(List.of())
                .build();
        DynamoDbPayments payments = new DynamoDbPayments(enhanced, Tables.payment(environment));
        this.drawn = new Drawn(environment.region(), host.random());
        Rules rules = new Rules(
                RoutingDocument.read(environment.require("TOPOLOGY")),
                new DynamoDbRules(client, Tables.control(environment), drawn),
                e -> journal.error("the routing rule cannot be read", Map.of(), e),
                host.clock());
        DynamoDbClient counts = Clients.build(
                DynamoDbClient.class, DynamoDbClient::builder, host, Region.of(environment.region()), COUNT, COUNT);
        this.gateway = new Gateway(new Gateway.Ports(
                environment.region(),
                new DynamoDbKeys(client, Tables.platform(environment)),
                new DynamoDbAccounts(client, Tables.account(environment)),
                new DynamoDbEndpoints(client, Tables.platform(environment)),
                environment.find("LOOPBACK_ENDPOINTS").filter("true"::equals).isPresent(),
                payments::find,
                new DynamoDbCredits(client, Tables.credit(environment)),
                rules,
                new AwsUnits(new RegionalClients(host), ResourceNames.of(environment)),
                racing,
                Duration.ofMillis(Long.parseLong(environment.require("HEDGE_MILLISECONDS"))),
                new DynamoDbTallies(counts, Tables.platform(environment), environment.region(), host.clock()),
                new DynamoDbTraffic(counts, Tables.platform(environment), environment.region()),
                CreditTerms.read(),
                environment.traffic(),
                new DynamoDbStressTests(client, Tables.control(environment)),
                environment
                        .find("SHADOW_GATEWAY")
                        .map(function -> new LambdaShadowGateway(Clients.functions(host, SHADOW), function)),
                journal,
                host.random(),
                host.clock()));
        Core.getGlobalContext().register(this);
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Json.write(ProxyEvent.response(gateway.answer(ProxyEvent.request(Json.object(in)))), out);
    }

    /** Loads the classes of the hot path into the snapshot, by reads alone. */
    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        gateway.prime();
    }

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {
        // What was read before the snapshot is dated and is read again when it is too old.
        drawn.forget();
    }
}
