package doubleeleven.bench;

import ai.onnxruntime.OrtException;
import doubleeleven.aws.Json;
import doubleeleven.payment.PaymentKind;
import doubleeleven.risk.FeatureSnapshot;
import doubleeleven.risk.Judgement;
import doubleeleven.risk.PaymentRisk;
import doubleeleven.risk.Recent;
import doubleeleven.risk.Subject;
import doubleeleven.risk.aws.CreditPolicyFile;
import doubleeleven.risk.aws.RuleFile;
import doubleeleven.risk.credit.Applicant;
import doubleeleven.risk.credit.Application;
import doubleeleven.risk.credit.Assessment;
import doubleeleven.risk.credit.CreditAssessor;
import doubleeleven.risk.model.Artefact;
import doubleeleven.risk.model.DefaultModel;
import doubleeleven.risk.model.Lane;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Decisions on made-up customers, another one in each call. Public because JMH's generated code calls it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Decisions {
    private static final Duration DEADLINE = Duration.ofMillis(20);
    private static final Instant NOW = Instant.parse("2025-11-11T12:00:00Z");
    private static final int CUSTOMERS = 1024;
    private static final int REMEMBERED = 20;
    private static final int MONTHS = 6;

    private final PaymentRisk payments = RuleFile.paymentRisk(Lane::onThreads);
    private final CreditAssessor credit = CreditPolicyFile.assessor(Lane::onThreads);
    private final List<DefaultModel> models = Stream.of("default-gbm", "default-scorecard", "default-gbm-challenger")
            .map(Decisions::model)
            .toList();
    private final ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();

    private final List<Subject> subjects = new ArrayList<>();
    private final List<FeatureSnapshot> features = new ArrayList<>();
    private final List<Application> applications = new ArrayList<>();
    /** By model and customer. */
    private final List<List<double[]>> values = new ArrayList<>();

    private int turn;

    static DefaultModel model(String name) {
        try (InputStream in = Decisions.class.getResourceAsStream("/models/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("no model " + name);
            }
            return Artefact.defaultModel(name, Json.object(in));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Setup
    public void makeUpCustomers() {
        Random random = new Random(1111);
        for (int i = 0; i < CUSTOMERS; i++) {
            subjects.add(new Subject(PaymentKind.PAYMENT, "14911", random.nextLong(1, 100_000), "GBP", NOW, false));
            features.add(new FeatureSnapshot.Known(Stream.generate(() -> new Recent(
                            NOW.minusSeconds(random.nextLong(1, 600_000)), random.nextLong(1, 100_000), "GBP"))
                    .limit(REMEMBERED)
                    .toList()));
            applications.add(new Application("GBP", random.nextLong(10_000, 600_000), 0, applicant(random)));
        }
        for (DefaultModel model : models) {
            values.add(applications.stream()
                    .map(each -> values(model, each.applicant()))
                    .toList());
        }
    }

    static Applicant applicant(Random random) {
        return new Applicant(
                random.nextLong(10_000, 800_000),
                months(random, -2, 4),
                months(random, -500, 400_000),
                months(random, 0, 50_000));
    }

    private static List<Long> months(Random random, long from, long to) {
        return Stream.generate(() -> random.nextLong(from, to)).limit(MONTHS).toList();
    }

    private double[] values(DefaultModel model, Applicant applicant) {
        var byName = credit.features(applicant);
        return model.features().stream()
                .mapToDouble(name -> byName.getOrDefault(name, Double.NaN))
                .toArray();
    }

    @TearDown
    public void close() {
        virtual.close();
    }

    private int next() {
        turn = (turn + 1) % CUSTOMERS;
        return turn;
    }

    /** Rules and the anomaly model, as a payment is judged once its payer's features are read. */
    @Benchmark
    public Judgement payment() {
        int i = next();
        return payments.judge(subjects.get(i), features.get(i), DEADLINE);
    }

    /** Champion, scorecard and challenger, with features, reasons and policy. */
    @Benchmark
    public Assessment credit() {
        return credit.assess(applications.get(next()), DEADLINE);
    }

    /** The three models of default one after the other, on the caller's thread. */
    @Benchmark
    public double threeInline() {
        int i = next();
        double sum = 0;
        for (int m = 0; m < models.size(); m++) {
            sum += models.get(m).score(values.get(m).get(i));
        }
        return sum;
    }

    /** The same at once on virtual threads, as a measure of what a fan-out costs. */
    @Benchmark
    public double threeOnVirtualThreads() throws InterruptedException, ExecutionException {
        int i = next();
        List<Future<Double>> scores = new ArrayList<>(models.size());
        for (int m = 0; m < models.size(); m++) {
            DefaultModel model = models.get(m);
            double[] of = values.get(m).get(i);
            scores.add(virtual.submit(() -> model.score(of)));
        }
        double sum = 0;
        for (Future<Double> score : scores) {
            sum += score.get();
        }
        return sum;
    }

    /** The champion's trees from flat arrays. */
    @Benchmark
    public double championFlat() {
        return models.getFirst()
                .probability(models.getFirst().score(values.getFirst().get(next())));
    }

    /** The same trees in ONNX Runtime. */
    @Benchmark
    public double championOnnx(Oracle oracle) throws OrtException {
        return oracle.onnx.probability(values.getFirst().get(next()));
    }

    /** Made only where it is asked for: its library is native. */
    @State(Scope.Benchmark)
    public static class Oracle {
        private final Onnx onnx;

        public Oracle() {
            try {
                onnx = new Onnx();
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        @TearDown
        public void close() throws OrtException {
            onnx.close();
        }
    }
}
