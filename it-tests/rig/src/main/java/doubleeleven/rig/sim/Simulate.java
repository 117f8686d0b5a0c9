package doubleeleven.rig.sim;

import doubleeleven.it.command.Arguments;
import doubleeleven.it.command.Command;
import doubleeleven.rig.Topology;
import doubleeleven.rig.regions.Consistency;
import doubleeleven.rig.regions.Layout;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** The long random simulation as a command. */
public final class Simulate {
    private static final String USAGE = """
            Simulates payments, shared orders, transfers, refunds, top-ups and retries of clients in virtual time, with faults at random, and checks every invariant.

              --operations N   in all (default 20000)
              --customers N    in each world (default 10000)
              --seed N         of the first world; equal seeds are equal runs (default: drawn)
              --worlds N       simulated side by side (default: one for each core)
              --switches N     of the routing rule in all, while clocks are wrong, functions stand still and rules cannot be read (default 0)
              --lag SECONDS    until a write is seen in another Region, at most (default 30)
              --eventual TABLE account or payment: lies in an eventual table against the design, and loses money
              --topology FILE  what is deployed (default cdk/topologies/sandbox.json)
              --help           this text

            Exit code: 0 if every invariant held, 1 if one was violated, 2 for wrong options.
            """;

    private Simulate() {}

    private record Options(
            int operations, int customers, long seed, int worlds, Path topology, Layout layout, int switches) {
        static Options parse(Arguments arguments) throws Arguments.Invalid {
            int operations = 20_000;
            int customers = 10_000;
            long seed = ThreadLocalRandom.current().nextLong(1_000_000_000);
            int worlds = Runtime.getRuntime().availableProcessors();
            Path topology = Topology.SANDBOX;
            Layout layout = Layout.DEPLOYED;
            int switches = 0;
            while (arguments.hasNext()) {
                switch (arguments.next()) {
                    case "--operations" -> operations = arguments.count(100_000_000);
                    case "--customers" -> customers = arguments.count(99_999);
                    case "--seed" -> seed = arguments.number();
                    case "--worlds" -> worlds = arguments.count(256);
                    case "--switches" -> switches = arguments.count(1_000_000);
                    case "--lag" -> layout = layout.lagging(Duration.ofSeconds(arguments.count(300)));
                    case "--eventual" ->
                        layout = layout.with("double11-" + arguments.oneOf("account", "payment"), Consistency.EVENTUAL);
                    case "--topology" -> topology = arguments.file();
                    default -> throw arguments.unknown();
                }
            }
            return new Options(operations, customers, seed, worlds, topology, layout, switches);
        }
    }

    public static void main(String[] arguments) {
        System.exit(new Command<>(USAGE, Options::parse, Simulate::run).run(System.out, System.err, arguments));
    }

    private static boolean run(PrintStream out, Options options) throws InterruptedException {
        int each = Math.ceilDiv(options.operations(), options.worlds());
        out.printf(
                "%,d operations in %d worlds, seeds from %d%n", options.operations(), options.worlds(), options.seed());
        Topology topology = Topology.read(options.topology());
        List<Callable<Simulation.Result>> worlds = new ArrayList<>();
        Consumer<String> say = out::println;
        for (int world = 0; world < options.worlds(); world++) {
            Simulation.Plan plan = new Simulation.Plan(
                    topology,
                    each,
                    options.customers(),
                    options.seed() + world,
                    Simulation.SOUND,
                    options.layout(),
                    Math.ceilDiv(options.switches(), options.worlds()));
            worlds.add(() -> {
                try (Simulation simulation = new Simulation(plan, say)) {
                    Simulation.Result result = simulation.run();
                    say.accept("seed %d: trace %s, credit %s"
                            .formatted(plan.seed(), result.digest(), new TreeMap<>(result.credit())));
                    return result;
                }
            });
        }
        long began = System.nanoTime();
        int operations = 0;
        long calls = 0;
        long collisions = 0;
        Map<Faults.Kind, Long> faults = new EnumMap<>(Faults.Kind.class);
        Map<String, Long> credit = new TreeMap<>();
        RoutingCount routing = RoutingCount.NONE;
        boolean well = true;
        try (ExecutorService executor = Executors.newFixedThreadPool(options.worlds())) {
            for (Future<Simulation.Result> future : executor.invokeAll(worlds)) {
                try {
                    Simulation.Result result = future.get();
                    operations += result.operations();
                    calls += result.calls();
                    collisions += result.collisions();
                    routing = routing.plus(result.routing());
                    result.faults().forEach((kind, times) -> faults.merge(kind, times, Long::sum));
                    result.credit().forEach((kind, number) -> credit.merge(kind, number, Long::sum));
                } catch (ExecutionException e) {
                    well = false;
                    if (e.getCause() instanceof Violation violation) {
                        out.println(violation.getMessage());
                    } else {
                        StringWriter stack = new StringWriter();
                        e.printStackTrace(new PrintWriter(stack));
                        out.println(stack);
                    }
                }
            }
        }
        double seconds = (double) (System.nanoTime() - began) / 1e9;
        out.printf(
                "%,d operations, %,d calls of the API in %.0f s: %.0f operations/s%ncredit %s%nrouting %s%nfaults %s, %,d collisions of Regions%n%s%n",
                operations,
                calls,
                seconds,
                operations / seconds,
                credit,
                routing.summary(),
                faults,
                collisions,
                well ? "Every invariant held after every round." : "An invariant was violated.");
        return well;
    }
}
