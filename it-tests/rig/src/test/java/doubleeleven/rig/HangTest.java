package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.ids.Shard;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.routing.RoutingRule;
import doubleeleven.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;

/** A unit that accepts calls and does not answer, in virtual time and with service times as they are on AWS. */
class HangTest {
    private static final String UNIT = "RZ01";
    private static final int PAYMENTS = 300;
    private static final Duration APART = Duration.ofMillis(40);
    private static final Duration PROMISED = Duration.ofSeconds(1);

    private final ManualClock clock = new ManualClock();
    private final Random random = new Random(11);
    private final List<Supplier<Object>> asleep = new ArrayList<>();
    private final List<Duration> latencies = new ArrayList<>();
    private World world;
    private RoutingRule rule;
    private Clientele clientele;
    private Shop shop;
    private List<Customer> customers;
    private boolean hangs;
    private long slowMillis;
    private int runs;
    private int left = Integer.MAX_VALUE;

    @BeforeEach
    void open() {
        Topology topology = Topology.read(Path.of("../../cdk/topologies/production.json"));
        rule = RoutingDocument.read(topology.rule());
        world = World.open(topology, Course.direct(this::carry, clock), new Random(7), World.SILENT);
        clientele = new Clientele(world);
        shop = clientele.openShop("tea", "GBP", 4);
        customers = IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "c" + i)
                .filter(id -> rule.owner(Shard.of(id)).name().equals(UNIT))
                .limit(40)
                .map(id -> clientele.openCustomer(id, "GBP", 100))
                .toList();
        world.drain();
        runs = 0;
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        if (call.request() instanceof StartSyncExecutionRequest request) {
            runs++;
            clock.pass(Duration.ofMillis(slowMillis + random.nextInt(15, 40)));
            return hangs && runsAt(request, UNIT) ? hang(request, effect) : effect.get();
        }
        if (call.caller().endsWith("/payment-tcc")) {
            if (left-- <= 0) {
                throw new Course.Cut(call.caller() + " hangs");
            }
            clock.pass(serviceTime());
        }
        return effect.get();
    }

    private static boolean runsAt(StartSyncExecutionRequest request, String unit) {
        return request.stateMachineArn().contains("double11-" + unit.toLowerCase(Locale.ROOT) + "-");
    }

    /** Most calls of a table take a few milliseconds, one in a hundred ten times as long. */
    private Duration serviceTime() {
        return Duration.ofMillis(random.nextInt(100) == 0 ? random.nextInt(30, 90) : random.nextInt(3, 9));
    }

    /** It never begins; or it stops anywhere; or it ends and nobody is told; or it wakes up when its caller has long been answered. */
    private Object hang(StartSyncExecutionRequest request, Supplier<Object> effect) {
        Instant began = clock.instant();
        switch (random.nextInt(4)) {
            case 0 -> {}
            case 1 -> asleep.add(effect);
            default -> {
                left = random.nextInt(12);
                happen(effect);
                left = Integer.MAX_VALUE;
            }
        }
        Duration patience =
                request.overrideConfiguration().orElseThrow().apiCallTimeout().orElseThrow();
        clock.set(began.plus(patience));
        throw ApiCallTimeoutException.builder().message("no answer").build();
    }

    /** Nobody waits for what it comes to. */
    private static void happen(Supplier<Object> effect) {
        var _ = effect.get();
    }

    private Answer pay(int number) {
        String door = world.topology().regions().get(number % 3);
        Customer payer = customers.get(number % customers.size());
        Instant began = clock.instant();
        // Some have not got as much: a payment may be declined as well.
        Answer answer =
                clientele.pay(door, shop, clientele.signed(payer, shop, "o" + number, 1 + number % 30), "k" + number);
        latencies.add(Duration.between(began, clock.instant()));
        clock.pass(APART);
        asleep.forEach(HangTest::happen);
        asleep.clear();
        return answer;
    }

    private List<Answer> payAll() {
        List<Answer> answers = IntStream.range(0, PAYMENTS).mapToObj(this::pay).toList();
        latencies.sort(null);
        return answers;
    }

    @Test
    void fromTheFirstCallerOnNobodyWaitsForAUnitThatHangs() {
        hangs = true;

        List<Answer> answers = payAll();

        assertThat(answers).allMatch(answer -> answer.status() == 201 || answer.status() == 200);
        assertThat(latencies.get(PAYMENTS * 99 / 100)).isLessThan(PROMISED);
        assertThat(latencies.getLast()).isLessThan(PROMISED);
        settled(answers);
    }

    private void settled(List<Answer> answers) {
        hangs = false;
        for (int minute = 0; minute < 2; minute++) {
            clock.pass(Duration.ofMinutes(1));
            world.drain();
            world.recover();
            world.drain();
        }
        Snapshot books = Snapshot.read(world.tables());
        assertThat(world.open()).isEmpty();
        assertThat(books.payments()).hasSize(PAYMENTS);
        assertThat(books.funds())
                .allMatch(fund -> fund.holds().isEmpty() && fund.incoming().isEmpty());
        assertThat(answers.stream().filter(Answer::isPaid)).isNotEmpty();
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).isNotEmpty();
        assertThat(world.deadLetters()).isEmpty();
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void whileAllIsWellEveryPaymentIsRunOnce() {
        payAll();

        assertThat(runs).isEqualTo(PAYMENTS);
    }

    /** Twice the work for everybody is how a slow system is brought down. */
    @Test
    void whereEverythingIsSlowFewAreRunTwice() {
        slowMillis = 2_000;

        List<Answer> answers = payAll();

        int doors = world.topology().regions().size();
        assertThat(runs).isBetween(PAYMENTS + 1, PAYMENTS + PAYMENTS * 5 / 100 + 6 * doors);
        settled(answers);
    }
}
