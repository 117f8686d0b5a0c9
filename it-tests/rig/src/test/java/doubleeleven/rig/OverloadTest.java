package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.ids.Shard;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.RuleDocument;
import doubleeleven.testkit.ManualClock;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;

/** A unit that is asked for five times what its limit is, in virtual time. */
class OverloadTest {
    private static final String DOOR = "us-east-1";
    private static final String UNIT = "RZ01";
    private static final String STANDBY = "RZ02";
    private static final int LIMIT = 10;
    private static final int OFFERED = 5 * LIMIT;
    private static final int SECONDS = 20;

    private final ManualClock clock = new ManualClock();
    private World world;
    private RoutingRule rule;
    private Clientele clientele;
    private Shop shop;
    private List<Customer> customers;
    private boolean lost;
    private int carriedByStandby;

    @BeforeEach
    void open() {
        Topology topology = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
        rule = RoutingDocument.read(topology.rule());
        world = World.open(topology, Course.direct(this::carry, clock), new Random(7), World.SILENT);
        clientele = new Clientele(world);
        shop = clientele.openShop("tea", "GBP", 4);
        customers = customersOf(UNIT);
        world.drain();
    }

    private List<Customer> customersOf(String unit) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "c" + i)
                .filter(id -> rule.owner(Shard.of(id)).name().equals(unit))
                .limit(4 * OFFERED)
                .map(id -> clientele.openCustomer(id, "GBP", 100_000))
                .toList();
    }

    /** Counts what the standby is asked to carry; a unit that is lost refuses connections. */
    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        if (call.request() instanceof StartSyncExecutionRequest request) {
            if (lost && runsAt(request, UNIT)) {
                throw SdkClientException.create("no connection", new ConnectException("Connection refused"));
            }
            if (runsAt(request, STANDBY)) {
                carriedByStandby++;
            }
        }
        return effect.get();
    }

    private static boolean runsAt(StartSyncExecutionRequest request, String unit) {
        return request.stateMachineArn().contains("double11-" + unit.toLowerCase(Locale.ROOT) + "-");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void limit() {
        Map<String, Object> document = new LinkedHashMap<>(RuleDocument.of(rule));
        Map<String, Integer> flow = Map.of("ratePerSecond", LIMIT, "burst", LIMIT);
        document.put("flows", Map.of("environments", 1, "unit", flow));
        Answer published = clientele.post(
                DOOR,
                world.operatorKey(),
                "/operations/routing-rule",
                null,
                Map.of("document", document, "expectedVersion", 1, "reason", "the eleventh of November"));
        assertThat(published.status()).as(published.text()).isEqualTo(201);
        clock.pass(Duration.ofSeconds(11));
    }

    private Answer pay(int number) {
        return pay(customers.get(number % customers.size()), number);
    }

    private Answer pay(Customer payer, int number) {
        return clientele.pay(DOOR, shop, clientele.signed(payer, shop, "o" + number, 1 + number % 7), "k" + number);
    }

    @Test
    void whatTheLimitAllowsIsPaidTheRestLeavesNothingAndRefundsGoOn() {
        Answer early = pay(1_000_000);
        clock.pass(Duration.ofSeconds(30));
        world.drain();
        limit();

        List<Answer> answers = new ArrayList<>();
        int refunded = 0;
        for (int second = 0; second < SECONDS; second++) {
            for (int i = 0; i < OFFERED; i++) {
                answers.add(pay(answers.size()));
                clock.pass(Duration.ofSeconds(1).dividedBy(OFFERED));
            }
            if (second == SECONDS / 2) {
                refunded = clientele
                        .refund(DOOR, shop, early.text("id"), "back", 1, "back")
                        .status();
            }
            world.drain();
        }
        clock.pass(Duration.ofMinutes(1));
        world.recover();
        world.drain();

        long paid = answers.stream().filter(Answer::isPaid).count();
        assertThat(refunded).isEqualTo(201);
        assertThat(paid).isBetween(LIMIT * SECONDS * 95L / 100, (long) LIMIT * SECONDS + LIMIT);
        assertThat(answers)
                .allMatch(answer -> answer.isPaid() || answer.problem().equals("too-many-requests"));
        Snapshot books = Snapshot.read(world.tables());
        // Each that was paid, the one before and its refund; of those that were refused there is not even a claim.
        assertThat(books.payments()).hasSize(Math.toIntExact(paid) + 2);
        assertThat(world.open()).isEmpty();
        assertThat(books.funds())
                .allMatch(fund -> fund.holds().isEmpty() && fund.incoming().isEmpty());
        assertThat(world.deadLetters()).isEmpty();
        Books.assertMoneyIsConserved(world);
    }

    /** With a unit lost and its own customers at five times its limit, the standby carries what it can carry, and no more. */
    @Test
    void aStandbyOfALostUnitIsNotOverrunByBoth() {
        limit();
        List<Customer> own = customersOf(STANDBY);
        world.drain();
        lost = true;
        carriedByStandby = 0;

        List<Answer> answers = new ArrayList<>();
        for (int number = 0; number < OFFERED * SECONDS; number++) {
            List<Customer> theirs = number % 2 == 0 ? own : customers;
            Customer payer = theirs.get(number % theirs.size());
            answers.add(pay(payer, number));
            clock.pass(Duration.ofSeconds(1).dividedBy(OFFERED));
            if (number % OFFERED == 0) {
                world.drain();
            }
        }
        world.drain();

        long paid = answers.stream().filter(Answer::isPaid).count();
        assertThat(paid).isBetween(LIMIT * SECONDS * 95L / 100, (long) LIMIT * SECONDS + LIMIT);
        assertThat(carriedByStandby).isEqualTo(Math.toIntExact(paid));
        assertThat(answers)
                .allMatch(answer -> answer.isPaid() || answer.problem().equals("too-many-requests"));
        assertThat(Snapshot.read(world.tables()).payments()).hasSize(Math.toIntExact(paid));
        assertThat(world.open()).isEmpty();
        Books.assertMoneyIsConserved(world);
    }

    /** Whoever waits for as long as it is told is taken on, all of them after the shortest time in which the limit allows it. */
    @Test
    void whoComesAgainWhenToldToIsPaidInTheEnd() {
        limit();
        Map<Integer, Long> waiting = new LinkedHashMap<>();
        IntStream.range(0, OFFERED).forEach(number -> waiting.put(number, 0L));

        int seconds = 0;
        while (!waiting.isEmpty() && seconds < 60) {
            for (int number : List.copyOf(waiting.keySet())) {
                if (waiting.get(number) <= seconds) {
                    Answer answer = pay(number);
                    if (answer.isPaid()) {
                        waiting.remove(number);
                    } else {
                        waiting.put(
                                number,
                                seconds
                                        + Long.parseLong(
                                                answer.header("Retry-After").orElseThrow()));
                    }
                }
            }
            clock.pass(Duration.ofSeconds(1));
            seconds++;
            world.drain();
        }

        assertThat(waiting).isEmpty();
        assertThat(seconds).isLessThanOrEqualTo(OFFERED / LIMIT + 2);
    }
}
