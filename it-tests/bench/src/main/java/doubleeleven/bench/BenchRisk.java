package doubleeleven.bench;

import doubleeleven.it.command.Arguments;
import doubleeleven.it.command.Command;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** What a risk decision costs: the models beside ONNX Runtime, and the function as it is on a database. */
public final class BenchRisk {
    private static final String USAGE = """
            Measures risk decisions with all models, and the same trees in ONNX Runtime.

              --load        instead: the function on DynamoDB Local, called at a fixed rate whether or not it keeps up
              --rate N      calls a second of --load (default 200)
              --seconds N   of measurement: of each benchmark (default 5), of --load (default 60)
              --help        this text

            Only ratios of one run mean something: a machine is never the same twice. Exit code: 0, or 2 for wrong options.
            """;

    private static final int COLD_STARTS = 5;
    private static final double MEDIAN = 50;
    /** On threads with the usual stack, ONNX Runtime ends a forked process by a segmentation fault. */
    private static final String[] FORK = {
        "-Xss8m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"
    };

    private BenchRisk() {}

    private record Options(boolean load, int rate, int seconds) {
        static Options parse(Arguments arguments) throws Arguments.Invalid {
            boolean load = false;
            int rate = 200;
            int seconds = 0;
            while (arguments.hasNext()) {
                switch (arguments.next()) {
                    case "--load" -> load = true;
                    case "--rate" -> rate = arguments.count(10_000);
                    case "--seconds" -> seconds = arguments.count(3600);
                    default -> throw arguments.unknown();
                }
            }
            return new Options(load, rate, seconds > 0 ? seconds : load ? 60 : 5);
        }
    }

    public static void main(String[] arguments) {
        System.exit(new Command<>(USAGE, Options::parse, BenchRisk::run).run(System.out, System.err, arguments));
    }

    private static boolean run(PrintStream out, Options options) throws IOException, InterruptedException {
        if (options.load()) {
            new RiskLoad(options.rate(), options.seconds()).run(out);
        } else {
            measure(out, options.seconds());
        }
        return true;
    }

    private static void measure(PrintStream out, int seconds) {
        Map<String, Statistics> warm = run(new OptionsBuilder()
                .include(Decisions.class.getName() + "\\.")
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(1)
                .measurementTime(TimeValue.seconds(seconds)));
        Map<String, Statistics> cold = run(
                new OptionsBuilder().include(FirstScore.class.getName() + "\\.").forks(COLD_STARTS));
        out.printf("%-34s%10s%10s%10s%n", "microseconds", "p50", "p99", "p99.9");
        print(out, warm, "payment", "payment, all models");
        print(out, warm, "credit", "credit, all models and reasons");
        print(out, warm, "threeInline", "three models in turn");
        print(out, warm, "threeOnVirtualThreads", "three on virtual threads");
        print(out, warm, "championFlat", "champion's trees, flat arrays");
        print(out, warm, "championOnnx", "the same in ONNX Runtime");
        ratio(out, warm, "ONNX Runtime / flat arrays, warm", "championOnnx", "championFlat");
        ratio(out, cold, "the same, from nothing to the first score", "onnxFirst", "flatFirst");
        out.printf(
                "first score after %,.0f and %,.0f microseconds (median of %d starts)%n",
                at(cold, "onnxFirst", MEDIAN), at(cold, "flatFirst", MEDIAN), COLD_STARTS);
    }

    private static Map<String, Statistics> run(ChainedOptionsBuilder options) {
        try {
            Collection<RunResult> results = new Runner(options.verbosity(VerboseMode.SILENT)
                            .jvmArgsAppend(FORK)
                            .build())
                    .run();
            Map<String, Statistics> byName = new HashMap<>();
            for (RunResult result : results) {
                byName.put(
                        result.getPrimaryResult().getLabel(),
                        result.getPrimaryResult().getStatistics());
            }
            return byName;
        } catch (RunnerException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void print(PrintStream out, Map<String, Statistics> results, String benchmark, String what) {
        out.printf(
                "%-34s%10.1f%10.1f%10.1f%n",
                what, at(results, benchmark, MEDIAN), at(results, benchmark, 99), at(results, benchmark, 99.9));
    }

    private static void ratio(PrintStream out, Map<String, Statistics> results, String what, String onnx, String flat) {
        out.printf("%s: %.1f x%n", what, at(results, onnx, MEDIAN) / at(results, flat, MEDIAN));
    }

    private static double at(Map<String, Statistics> results, String benchmark, double percentile) {
        Statistics statistics = results.get(benchmark);
        if (statistics == null) {
            throw new IllegalStateException(benchmark + " did not run: " + results.keySet());
        }
        return statistics.getPercentile(percentile);
    }
}
