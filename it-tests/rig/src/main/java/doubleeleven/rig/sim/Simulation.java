package doubleeleven.rig.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.it.audit.Snapshot;
import doubleeleven.rig.Bus;
import doubleeleven.rig.Clientele;
import doubleeleven.rig.Topology;
import doubleeleven.rig.World;
import doubleeleven.rig.regions.Distance;
import doubleeleven.rig.regions.GlobalTables;
import doubleeleven.rig.regions.Layout;
import doubleeleven.rig.sim.Faults.Kind;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * One world's long life. Rounds of many clients at once, with faults; after each the world comes to rest, everything is checked, and time
 * goes on by minutes, hours or days.
 */
final class Simulation implements AutoCloseable {
    /** Calls do what they say. */
    static final Defect SOUND = new Defect(_ -> Bus.DIRECT, UnaryOperator.identity());

    private static final long SECOND = 1_000_000;
    /** Between two publications of the routing rule, at most. */
    private static final long SWITCH = 3 * SECOND;
    /** Of a Region's clock, where rules are published. */
    private static final long SKEW_MILLIS = 2_000;

    private static final long SWEEP = 4 * SECOND;
    private static final int SWEEPS_TO_REST = 150;
    /** So soon that many payments are hedged: their two runs are to meet in every way. */
    private static final int HEDGE_MILLISECONDS = 100;

    private final Plan plan;
    private final Consumer<String> progress;
    private final Scheduler scheduler = new Scheduler();
    private final Trace trace = new Trace();
    private final Faults faults;
    private final Network network;
    private final GlobalTables tables;
    private final World world;
    private final Doors doors;
    private final Remembered remembered;
    private final Load load;
    private final Publishers publishers;
    private final Admissions admissions;
    private final Outages outages;
    private final Schedules schedules;
    private final Invariants invariants;
    private final SplittableRandom random;
    private final List<String> violations = new ArrayList<>();
    private int operations;

    /**
     * What to simulate. Equal plans are equal runs.
     *
     * @param defect {@link #SOUND}, or what a test wants to be caught
     * @param layout of the tables in the Regions
     * @param switches of the routing rule at least; where there are any, clocks are not right either
     */
    record Plan(
            Topology topology, int operations, int customers, long seed, Defect defect, Layout layout, int switches) {
        /** On tables that lie as they are deployed, by the rule that is deployed. */
        Plan(Topology topology, int operations, int customers, long seed, Defect defect) {
            this(topology, operations, customers, seed, defect, Layout.DEPLOYED, 0);
        }

        int round() {
            return Math.clamp(operations / 12, 60, 4_000);
        }
    }

    /**
     * What is wrong on purpose.
     *
     * @param calls makes of the tables what carries calls where they land
     * @param workflow makes the payment workflow that runs of the one that is deployed
     */
    record Defect(Function<DynamoDbClient, Bus> calls, UnaryOperator<String> workflow) {}

    /**
     * How it went.
     *
     * @param credit how many lines, loans, bills and repayments there were
     * @param unanswered publications of the routing rule that were not answered
     */
    record Result(
            int operations,
            long calls,
            Duration virtual,
            String digest,
            Map<Kind, Long> faults,
            long collisions,
            Map<String, Long> credit,
            RoutingCount routing,
            long unanswered) {}

    Simulation(Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
        SplittableRandom root = new SplittableRandom(plan.seed());
        this.random = root.split();
        this.faults = new Faults(root.split(), plan.switches() > 0);
        this.network = new Network(scheduler, faults, trace, root.split(), plan.topology());
        long[] ready = {0};
        World[] opened = new World[1];
        Random drawn = new Random(root.nextLong());
        this.tables = new GlobalTables(
                plan.topology().regions(),
                plan.layout().tables(),
                Distance.drawn(root.split(), plan.layout().longestLag()),
                scheduler.clock());
        Skew skew = new Skew(plan.topology(), plan.seed(), plan.switches() == 0 ? 0 : SKEW_MILLIS);
        this.admissions = new Admissions(
                new SimulatedCourse(scheduler, network, faults, skew),
                scheduler,
                plan.topology(),
                tables.whole(),
                plan.layout().longestLag());
        // What is deployed is deployed by functions, so it runs in the scheduler's time as well.
        scheduler.begin("deployment", 0, () -> {
            opened[0] = World.open(
                    plan.topology().hedgingAfter(HEDGE_MILLISECONDS),
                    admissions,
                    drawn,
                    new Ear(violations),
                    tables,
                    plan.defect().workflow());
            ready[0] = scheduler.micros();
        });
        scheduler.runDry();
        this.world = Objects.requireNonNull(opened[0]);
        Clientele clientele = new Clientele(world);
        this.doors = new Doors(
                world,
                clientele,
                network,
                scheduler,
                trace,
                random,
                tables.isStrong(Snapshot.ACCOUNT_TABLE)
                        ? Duration.ZERO
                        : plan.layout().longestLag(),
                violations::add);
        Population population = new Population(plan, clientele, doors, random);
        this.remembered = new Remembered(random);
        this.load = new Load(
                clientele,
                doors,
                population,
                new Borrowers(clientele, Population.CURRENCY, root.split(), doors),
                remembered,
                random);
        this.publishers = new Publishers(
                doors,
                root.split(),
                () -> scheduler.sleepUntil(scheduler.micros() + random.nextLong(SECOND / 10, 4 * SECOND)),
                admissions::ruleVersion,
                violations::add);
        this.outages = new Outages(world, scheduler, faults, network, tables, admissions, random);
        this.schedules = new Schedules(world, scheduler, network, trace);
        this.invariants = new Invariants(world, scheduler, remembered);
        network.landBy(plan.defect().calls().apply(world.tables()));
        scheduler.begin("opening", ready[0], population::openShops);
        scheduler.runDry();
        // A shop uses its key once every Region knows it.
        scheduler.runUntil(scheduler.micros() + micros(plan.layout().longestLag()));
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1000;
    }

    /** Runs to the end. */
    Result run() {
        long began = System.nanoTime();
        try {
            while (operations < plan.operations()) {
                round(Math.min(plan.round(), plan.operations() - operations));
                rest();
                check();
                double seconds = (double) (System.nanoTime() - began) / 1e9;
                progress.accept("seed %d: %,d operations, %.0f/s, %,d calls of services, %s of their time, faults %s"
                        .formatted(
                                plan.seed(),
                                operations,
                                operations / seconds,
                                network.carried(),
                                Duration.ofSeconds(scheduler.micros() / SECOND),
                                faults.happened()));
                timePasses();
            }
        } catch (IllegalStateException e) {
            StringWriter stack = new StringWriter();
            e.printStackTrace(new PrintWriter(stack));
            throw violation(List.of(stack.toString()), List.of());
        }
        return new Result(
                operations,
                doors.calls(),
                Duration.ofSeconds(scheduler.micros() / SECOND),
                trace.digest(),
                faults.happened(),
                tables.collisions(),
                invariants.credit(),
                admissions.count(),
                publishers.unanswered());
    }

    private void round(int count) {
        faults.set(true);
        long start = scheduler.micros();
        long at = start;
        int switches = switchesBy(operations + count) - Math.toIntExact(admissions.ruleVersion() - 1);
        long pace = Math.max(60_000, switches * SWITCH / count);
        for (int i = 0; i < count; i++) {
            at += random.nextLong(1, pace);
            int number = ++operations;
            scheduler.begin("client-" + number, at, () -> load.client(number));
        }
        long end = Math.max(at, publish(switches)) + 20 * SECOND;
        for (long sweep = start + SWEEP; sweep < end; sweep += SWEEP) {
            scheduler.at(sweep, schedules::sweep);
        }
        outages.strike(start, end);
        scheduler.begin("reconciliation", start + random.nextLong(1, end - start), schedules::reconcile);
        for (Topology.Unit unit : world.topology().units()) {
            scheduler.at(start + random.nextLong(1, end - start), () -> world.startCreditDay(unit.name()));
        }
        scheduler.runUntil(end);
    }

    /** Versions of the routing rule that are to have been published when so many operations have begun. */
    private int switchesBy(int begun) {
        return Math.toIntExact((long) plan.switches() * begun / plan.operations());
    }

    /** Has operators publish, more than one at a time now and then; answers when the last one begins. */
    private long publish(int switches) {
        long at = scheduler.micros();
        for (int i = 0; i < switches; i++) {
            at += random.nextLong(SECOND / 10, SWITCH);
            scheduler.begin("operator", at, publishers::publish);
        }
        if (switches > 0) {
            long upTo = admissions.ruleVersion() + switches;
            scheduler.begin("operator", at, () -> publishers.publishUpTo(upTo));
        }
        return at;
    }

    /** No more faults: everything that is under way comes to its end, or never does. */
    private void rest() {
        faults.set(false);
        scheduler.runDry();
        scheduler.begin("operator", scheduler.micros(), publishers::finish);
        scheduler.runDry();
        for (int sweeps = 0; sweeps < SWEEPS_TO_REST && !isAtRest(); sweeps++) {
            scheduler.runUntil(scheduler.micros() + SWEEP);
            schedules.sweep();
            world.redriveDecisions();
            scheduler.runDry();
        }
        if (!isAtRest()) {
            throw violation(
                    List.of("not terminal " + SWEEPS_TO_REST + " sweeps after the last fault: " + world.open() + ", "
                            + world.waiting() + " messages or workflows wait, failed " + world.failedDecisions()),
                    world.open());
        }
        world.expireReviews();
        world.topology().units().forEach(unit -> world.startCreditDay(unit.name()));
        scheduler.runDry();
        if (!world.failedCreditDays().isEmpty()) {
            throw violation(List.of("a day of credit failed without a fault: " + world.failedCreditDays()), List.of());
        }
        // What only reconciliation finds, it finds once it is overdue.
        scheduler.runUntil(scheduler.micros() + 16 * 60 * SECOND);
        scheduler.begin("reconciliation", scheduler.micros(), world::reconcile);
        scheduler.runDry();
    }

    private boolean isAtRest() {
        return world.open().isEmpty()
                && world.waiting() == 0
                && world.failedDecisions().isEmpty();
    }

    private void timePasses() {
        long minutes = switch (random.nextInt(4)) {
            case 0 -> 1;
            case 1 -> 60;
            case 2 -> 2L * 24 * 60;
            default -> 20L * 24 * 60;
        };
        scheduler.runUntil(scheduler.micros() + minutes * 60 * SECOND);
    }

    private void check() {
        List<String> wrong = invariants.violated();
        wrong.addAll(admissions.atRest(world::tables));
        wrong.addAll(violations);
        if (!wrong.isEmpty()) {
            throw violation(wrong, List.of());
        }
        remembered.endRound();
        trace.forget();
    }

    private Violation violation(List<String> wrong, List<String> orderHashes) {
        return Violation.of(plan, operations, trace, wrong, orderHashes);
    }

    @Override
    public void close() {
        world.close();
    }

    /** Listens to the log for what must never be said. */
    private static final class Ear extends PrintStream {
        private final List<String> violations;

        Ear(List<String> violations) {
            super(OutputStream.nullOutputStream(), false, UTF_8);
            this.violations = violations;
        }

        @Override
        public void println(String line) {
            if (line.contains("HoldMissing")) {
                violations.add("a committed payment's hold is missing: " + line);
            }
        }
    }
}
