package doubleeleven.bench;

import ai.onnxruntime.OrtException;
import doubleeleven.risk.model.DefaultModel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A cold start: from nothing to the champion's first score. Public because JMH's generated code calls it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FirstScore {
    @Benchmark
    public double flatFirst() {
        DefaultModel model = Decisions.model("default-gbm");
        return model.score(new double[model.features().size()]);
    }

    @Benchmark
    public double onnxFirst() throws OrtException {
        try (Onnx onnx = new Onnx()) {
            return onnx.probability(new double[onnx.features()]);
        }
    }
}
