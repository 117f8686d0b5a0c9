package doubleeleven.rig.sim;

import doubleeleven.rig.Topology;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** The long random simulation as a command. */
public final class Simulate {
    private static final String USAGE =
            "options: --operations N (20000), --customers N (10000), --seed N (fresh), --worlds N (one per core), --topology FILE";

    private Simulate() {}

    private record Options(int operations, int customers, long seed, int worlds, Path topology) {
        static Options parse(List<String> arguments) {
            int operations = 20_000;
            int customers = 10_000;
            long seed = ThreadLocalRandom.current().nextLong(1_000_000_000);
            int worlds = Runtime.getRuntime().availableProcessors();
            Path topology = Path.of("cdk/topologies/sandbox.json");
            for (int i = 0; i < arguments.size(); i += 2) {
                if (i + 1 == arguments.size()) {
                    throw new IllegalArgumentException(arguments.get(i) + " takes a value");
                }
                String value = arguments.get(i + 1);
                switch (arguments.get(i)) {
                    case "--operations" -> operations = number(arguments.get(i), value, 1, 100_000_000);
                    case "--customers" -> customers = number(arguments.get(i), value, 1, 99_999);
                    case "--seed" -> seed = Long.parseLong(value);
                    case "--worlds" -> worlds = number(arguments.get(i), value, 1, 256);
                    case "--topology" -> topology = Path.of(value);
                    default -> throw new IllegalArgumentException("no such option: " + arguments.get(i));
                }
            }
            return new Options(operations, customers, seed, worlds, topology);
        }

        private static int number(String option, String value, int least, int most) {
            try {
                int number = Integer.parseInt(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Told below, with what is allowed.
            }
            throw new IllegalArgumentException(
                    option + " is a number from " + least + " to " + most + ", not " + value);
        }
    }

    @SuppressWarnings("SystemOut") // a command talks to whoever called it
    public static void main(String[] arguments) throws InterruptedException {
        Options options;
        try {
            options = Options.parse(Arrays.asList(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            System.exit(2);
            return;
        }
        System.exit(run(options) ? 0 : 1);
    }

    @SuppressWarnings("SystemOut")
    private static boolean run(Options options) throws InterruptedException {
        int each = Math.ceilDiv(options.operations(), options.worlds());
        System.out.printf(
                "%,d operations in %d worlds, seeds from %d%n", options.operations(), options.worlds(), options.seed());
        Topology topology = Topology.read(options.topology());
        List<Callable<Simulation.Result>> worlds = new ArrayList<>();
        Consumer<String> say = System.out::println;
        for (int world = 0; world < options.worlds(); world++) {
            Simulation.Plan plan =
                    new Simulation.Plan(topology, each, options.customers(), options.seed() + world, Simulation.SOUND);
            worlds.add(() -> {
                try (Simulation simulation = new Simulation(plan, say)) {
                    Simulation.Result result = simulation.run();
                    say.accept("seed " + plan.seed() + ": trace " + result.digest());
                    return result;
                }
            });
        }
        long began = System.nanoTime();
        int operations = 0;
        long calls = 0;
        Map<Faults.Kind, Long> faults = new EnumMap<>(Faults.Kind.class);
        boolean well = true;
        try (ExecutorService executor = Executors.newFixedThreadPool(options.worlds())) {
            for (Future<Simulation.Result> future : executor.invokeAll(worlds)) {
                try {
                    Simulation.Result result = future.get();
                    operations += result.operations();
                    calls += result.calls();
                    result.faults().forEach((kind, times) -> faults.merge(kind, times, Long::sum));
                } catch (ExecutionException e) {
                    well = false;
                    if (e.getCause() instanceof Violation violation) {
                        System.out.println(violation.getMessage());
                    } else {
                        StringWriter stack = new StringWriter();
                        e.printStackTrace(new PrintWriter(stack));
                        System.out.println(stack);
                    }
                }
            }
        }
        double seconds = (double) (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%,d operations, %,d calls of the API in %.0f s: %.0f operations/s%nfaults %s%n%s%n",
                operations,
                calls,
                seconds,
                operations / seconds,
                faults,
                well ? "Every invariant held after every round." : "An invariant was violated.");
        return well;
    }
}
