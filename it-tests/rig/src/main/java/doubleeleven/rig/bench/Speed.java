package doubleeleven.rig.bench;

import doubleeleven.it.command.Arguments;
import doubleeleven.it.command.Command;
import doubleeleven.rig.Topology;
import doubleeleven.rig.bench.Crowd.Times;
import doubleeleven.testkit.LocalTables;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How fast payments are in the rig, beside the bare database. All of it comes from one run and is compared within it, because a machine is
 * never the same twice.
 */
public final class Speed {
    private static final int ROUNDS = 3;
    private static final String USAGE = """
            Measures payments in the rig, from the call at the door until the money is posted, beside the same calls of the database alone.

              --payments N     in each measurement (default 900)
              --callers a,b,c  how many at once (default 1,8,32)
              --topology FILE  what is deployed (default cdk/topologies/sandbox.json)
              --help           this text

            Only ratios of one run mean something. Exit code: 0, or 2 for wrong options.
            """;

    private final Options options;
    private final Topology topology;
    private final PrintStream out;

    private Speed(PrintStream out, Options options) {
        this.out = out;
        this.options = options;
        this.topology = Topology.read(options.topology());
    }

    private record Options(int payments, List<Integer> callers, Path topology) {
        static Options parse(Arguments arguments) throws Arguments.Invalid {
            int payments = 900;
            List<Integer> callers = List.of(1, 8, 32);
            Path topology = Topology.SANDBOX;
            while (arguments.hasNext()) {
                switch (arguments.next()) {
                    case "--payments" -> payments = arguments.count(1_000_000);
                    case "--callers" -> callers = arguments.counts(1_000);
                    case "--topology" -> topology = arguments.file();
                    default -> throw arguments.unknown();
                }
            }
            return new Options(payments, callers, topology);
        }
    }

    public static void main(String[] arguments) {
        System.exit(new Command<>(USAGE, Options::parse, Speed::run).run(System.out, System.err, arguments));
    }

    private static boolean run(PrintStream out, Options options) throws IOException, InterruptedException {
        new Speed(out, options).measure();
        return true;
    }

    private void measure() throws IOException, InterruptedException {
        out.printf(
                "%,d payments in each of %d rounds, %d processors%n",
                options.payments(), ROUNDS, Runtime.getRuntime().availableProcessors());
        Recorded recorded = Town.record(topology, options.payments());
        out.printf("%.1f calls of the database for each payment%n%n", recorded.callsOfEach());
        out.println(
                "The raw mix is sent by the client that DynamoDB Local comes with, and by the rig's shorter way to it.");
        out.println("callers  payments/s  p50 ms  p99 ms  raw mix/s  efficiency  shorter/s  efficiency  UpdateItem/s"
                + "  TransactWriteItems/s");
        // Once for nothing: the compiler has to see it all.
        compare(recorded, 4);
        for (int callers : options.callers()) {
            Comparison all = compare(recorded, callers);
            for (int round = 1; round < ROUNDS; round++) {
                all = all.and(compare(recorded, callers));
            }
            out.printf(
                    "%7d  %10.0f  %6.2f  %6.2f  %9.0f  %9.0f%%  %9.0f  %9.0f%%  %12.0f  %20.0f%n",
                    callers,
                    all.rig().perSecond(),
                    all.rig().percentileMillis(50),
                    all.rig().percentileMillis(99),
                    all.raw().perSecond(),
                    all.efficiency(all.raw()),
                    all.shorter().perSecond(),
                    all.efficiency(all.shorter()),
                    all.updates().perSecond(),
                    all.transactions().perSecond());
        }
        profile(options.callers().getLast());
    }

    private void profile(int callers) throws IOException, InterruptedException {
        try (Town town = Town.warm(topology, ROUNDS * options.payments(), callers);
                Profile profile = new Profile()) {
            town.pay(callers);
            Map<String, Long> samples = profile.stop();
            long all = samples.values().stream().mapToLong(Long::longValue).sum();
            out.printf("%nProcessor time of payments by %d callers%n", callers);
            samples.forEach((part, some) -> out.printf("  %3.0f%% %s%n", 100.0 * some / all, part));
        }
    }

    private record Comparison(Times rig, Times raw, Times shorter, Times updates, Times transactions) {
        /** In percent. */
        double efficiency(Times mix) {
            return 100 * rig.perSecond() / mix.perSecond();
        }

        Comparison and(Comparison next) {
            return new Comparison(
                    rig.and(next.rig),
                    raw.and(next.raw),
                    shorter.and(next.shorter),
                    updates.and(next.updates),
                    transactions.and(next.transactions));
        }
    }

    private Comparison compare(Recorded recorded, int callers) throws InterruptedException {
        try (Town town = Town.warm(topology, options.payments(), callers)) {
            return new Comparison(
                    town.pay(callers),
                    Bare.mix(recorded, callers, LocalTables::usualClient),
                    Bare.mix(recorded, callers, LocalTables::client),
                    Bare.updates(options.payments(), callers),
                    Bare.transactions(options.payments(), callers));
        }
    }
}
