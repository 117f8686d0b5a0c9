package doubleeleven.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.risk.aws.FeaturesHandler;
import doubleeleven.risk.aws.ScoreRiskHandler;
import doubleeleven.testkit.LocalTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.crac.Core;

/**
 * The risk function as it is, with its own client, on DynamoDB Local in the same process. Calls come at a fixed rate, whether or not it
 * keeps up, and each is timed from the moment when it should have begun: whoever waits in line is counted.
 */
final class RiskLoad {
    private static final int WARM_UP_SECONDS = 10;
    /** Execution environments; each takes one call at a time. */
    private static final int ENVIRONMENTS = 8;

    private static final int PAYERS = 200;
    private static final int REMEMBERED = 10;
    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Context CONTEXT = (Context)
            Proxy.newProxyInstance(Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, _, _) -> 3_000);
    /** What production waits for; see its topology. */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "AWS_REGION", "us-east-1",
            "POWERTOOLS_SERVICE_NAME", "risk",
            "FEATURE_TABLE", LocalTables.FEATURE,
            "FEATURE_READ_MILLISECONDS", "12",
            "RISK_DEADLINE_MILLISECONDS", "20");

    private final int rate;
    private final int seconds;
    private final Random random = new Random(1111);
    private final BlockingQueue<ScoreRiskHandler> idle = new ArrayBlockingQueue<>(ENVIRONMENTS);

    RiskLoad(int rate, int seconds) {
        this.rate = rate;
        this.seconds = seconds;
    }

    void run(PrintStream out) throws IOException, InterruptedException {
        try (LocalTables tables = LocalTables.start()) {
            // Where the function's own client looks, as on AWS in its environment.
            System.setProperty("aws.endpointUrl", tables.endpoint().toString());
            System.setProperty("aws.accessKeyId", "local");
            System.setProperty("aws.secretAccessKey", "local");
            Host host = quiet(Host.with(new Environment(ENVIRONMENT)));
            rememberPayers(host);
            for (int i = 0; i < ENVIRONMENTS; i++) {
                ScoreRiskHandler handler = new ScoreRiskHandler(host);
                handler.beforeCheckpoint(Core.getGlobalContext());
                idle.add(handler);
            }
            call(WARM_UP_SECONDS);
            print(out, call(seconds));
        }
    }

    private record Result(Histogram latencies, long degraded) {}

    private Result call(int lasting) throws InterruptedException {
        Histogram latencies = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
        AtomicLong degraded = new AtomicLong();
        long calls = (long) rate * lasting;
        try (ExecutorService environments = Executors.newFixedThreadPool(ENVIRONMENTS)) {
            long began = System.nanoTime();
            for (long i = 0; i < calls; i++) {
                long due = began + i * NANOS / rate;
                byte[] payment = payment(i);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                environments.execute(() -> {
                    byte[] answer = judge(payment);
                    latencies.recordValue(System.nanoTime() - due);
                    if (Boolean.TRUE.equals(
                            Json.object(new String(answer, UTF_8)).get("degraded"))) {
                        degraded.incrementAndGet();
                    }
                });
            }
        }
        return new Result(latencies, degraded.get());
    }

    private byte[] judge(byte[] payment) {
        ScoreRiskHandler handler = idle.remove();
        try {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(payment), answer, CONTEXT);
            return answer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            idle.add(handler);
        }
    }

    private void print(PrintStream out, Result result) {
        Histogram latencies = result.latencies();
        out.printf(
                "%,d calls at %d/s on DynamoDB Local, features included, from when each should have begun:%n",
                latencies.getTotalCount(), rate);
        out.printf(
                "p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms; degraded %.2f%%%n",
                millis(latencies.getValueAtPercentile(50)),
                millis(latencies.getValueAtPercentile(99)),
                millis(latencies.getValueAtPercentile(99.9)),
                millis(latencies.getMaxValue()),
                100.0 * result.degraded() / latencies.getTotalCount());
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private byte[] payment(long number) {
        Map<String, Object> command = Map.of(
                "kind",
                "PAYMENT",
                "payer",
                payer(random.nextInt(PAYERS)),
                "amount",
                random.nextLong(1, 100_000),
                "currency",
                "GBP",
                "trace",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "branches",
                List.of());
        return Json.write(Map.of("payment", Map.of("pk", "order-" + number, "attempt", "a", "command", command)))
                .getBytes(UTF_8);
    }

    /** By the function that remembers what was paid, as the queue tells it. */
    private void rememberPayers(Host host) throws IOException {
        FeaturesHandler handler = new FeaturesHandler(host);
        for (int payer = 0; payer < PAYERS; payer++) {
            List<Object> messages = new ArrayList<>();
            for (int i = 0; i < REMEMBERED; i++) {
                OrderHash order = OrderHash.ofOrder("gifts", payer + "-" + i);
                Map<String, Object> decided = Map.of(
                        "status",
                        "COMMITTED",
                        "kind",
                        "PAYMENT",
                        "payer",
                        payer(payer),
                        "attempt",
                        AttemptId.of(order, "k", "f").value(),
                        "decidedAt",
                        Clock.systemUTC().millis() - random.nextLong(600_000_000),
                        "amount",
                        random.nextLong(1, 100_000),
                        "currency",
                        "GBP");
                messages.add(Map.of("messageId", Integer.toString(i), "body", Json.write(decided)));
            }
            byte[] batch = Json.write(Map.of("Records", messages)).getBytes(UTF_8);
            handler.handleRequest(new ByteArrayInputStream(batch), OutputStream.nullOutputStream(), CONTEXT);
        }
    }

    private static String payer(int number) {
        return Integer.toString(10_000 + number);
    }

    /** Log lines are made, and go nowhere. */
    private static Host quiet(Host host) {
        return new Host(
                host.environment(),
                host.services(),
                host.clock(),
                host.random(),
                new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
    }
}
