package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.ids.Shard;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.LocalTables;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionResponse;

/** Calls that arrive at a unit which neither owns the shard nor stands by for it. */
class MisroutedTest {
    private static final int CALLS = 10_000;
    /** A gateway obeys three times. */
    private static final int EACH = 4;

    private final Map<String, Integer> outcomes = new HashMap<>();
    private RoutingRule rule;
    private boolean misroutes;
    private World world;
    private Clientele clientele;
    private Shop shop;
    private List<Customer> customers;

    @BeforeEach
    void open() {
        Topology topology = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
        rule = RoutingDocument.read(topology.rule());
        world = World.open(topology, Course.direct(this::carry, Clock.systemUTC()), new Random(7), World.SILENT);
        clientele = new Clientele(world);
        shop = clientele.openShop("tea", "GBP", 1);
        customers = IntStream.range(0, 20)
                .mapToObj(i -> clientele.openCustomer("c" + i, "GBP", 1_000_000))
                .toList();
        world.drain();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void tenThousandAreRefusedAndChangeNothing() {
        List<?> before = money();
        misroutes = true;

        for (int i = 0; i < CALLS / EACH; i++) {
            Answer answer = pay(i);
            assertThat(answer.problem()).isEqualTo("unit-unreachable");
        }
        world.drain();

        assertThat(outcomes).isEqualTo(Map.of("MISROUTED", CALLS));
        assertThat(money()).isEqualTo(before);
    }

    /** What refuses them is the route that the unit reads: without it any unit serves anybody. */
    @Test
    void withoutRoutesTheyWouldBeServed() {
        for (int shard = 0; shard < 100; shard++) {
            AttributeValue route = AttributeValue.fromS("ROUTE#%02d".formatted(shard));
            world.tables()
                    .deleteItem(delete -> delete.tableName(LocalTables.CONTROL)
                            .key(Map.of("pk", route, "sk", AttributeValue.fromS("CURRENT"))));
        }
        misroutes = true;

        assertThat(pay(1).status()).isEqualTo(201);
        assertThat(outcomes).isEqualTo(Map.of("PAID", 1));
    }

    private Answer pay(int number) {
        Customer payer = customers.get(number % customers.size());
        return clientele.pay(
                "us-east-1", shop, clientele.signed(payer, shop, "o" + number, 1 + number % 7), "k" + number);
    }

    private List<?> money() {
        return List.of(LocalTables.ACCOUNT, LocalTables.PAYMENT, LocalTables.CREDIT).stream()
                .map(table -> world.tables().scanPaginator(scan -> scan.tableName(table)).items().stream()
                        .toList())
                .toList();
    }

    /** Sends each call for a unit to the one unit that is neither its shard's owner nor the owner's standby. */
    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        if (!misroutes || !(call.request() instanceof StartSyncExecutionRequest request)) {
            return effect.get();
        }
        StartSyncExecutionResponse answer = world.workflows().startSyncExecution(elsewhere(request));
        outcomes.merge(Json.text(Json.object(answer.output()), "outcome"), 1, Integer::sum);
        return answer;
    }

    private StartSyncExecutionRequest elsewhere(StartSyncExecutionRequest request) {
        Map<String, Object> input = Json.object(request.input());
        Map<String, Object> payment = Json.child(input, "payment");
        Unit owner = rule.owner(new Shard(Integer.parseInt(Json.text(payment, "shard"))));
        Unit stranger = rule.units().values().stream()
                .filter(unit -> !unit.equals(owner) && !unit.name().equals(owner.standby()))
                .findFirst()
                .orElseThrow();
        payment.put("unit", stranger.name());
        String arn = "arn:aws:states:%s:000000000000:stateMachine:double11-%s-a-payment-tcc"
                .formatted(stranger.region(), stranger.name().toLowerCase(Locale.ROOT));
        return request.toBuilder().stateMachineArn(arn).input(Json.write(input)).build();
    }
}
