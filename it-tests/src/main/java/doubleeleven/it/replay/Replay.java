package doubleeleven.it.replay;

import doubleeleven.it.audit.Conservation;
import doubleeleven.it.audit.Journal;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Pause;
import doubleeleven.it.client.Receiver;
import doubleeleven.it.client.Stack;
import doubleeleven.it.command.Command;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The main job: replays real orders against a deployed stack and proves what came of them. */
public final class Replay {
    /** A dead unit's payments are finished within a minute; this is for a slow machine. */
    private static final Duration UNTIL_CLOSED = Duration.ofMinutes(5);

    private static final Duration UNTIL_POSTED = Duration.ofSeconds(60);

    private static final Duration UNTIL_TOLD = Duration.ofMinutes(2);

    private Replay() {}

    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    static int run(PrintStream out, PrintStream err, String... args) {
        return new Command<>(Options.USAGE, Options::parse, Replay::replay).run(out, err, args);
    }

    private static boolean replay(PrintStream out, Options options) throws IOException {
        Stack stack = Stack.fromEnvironment();
        List<String> regions = options.regions().isEmpty() ? stack.regions() : options.regions();
        regions.forEach(stack::door);
        Plan plan = Planner.plan(Line.read(options.data()), options.orders());
        String run = Long.toString(Instant.now().getEpochSecond(), 36);
        out.printf(
                "Replaying %d payments and %d refunds of %d customers through %s, run %s%n",
                plan.purchases().size(), plan.returns().size(), plan.customers().size(), regions, run);

        try (Receiver receiver = Receiver.open()) {
            Replayer replayer = new Replayer(stack, plan, regions, options.parallel(), Optional.of(receiver), run);
            boolean fine = replay(out, options, stack, plan, receiver, replayer);
            replayer.wantNoNotifications();
            return fine;
        }
    }

    private static boolean replay(
            PrintStream out, Options options, Stack stack, Plan plan, Receiver receiver, Replayer replayer) {
        replayer.open(new Progress(
                out, "opening", plan.customers().size() + plan.merchants().size()));
        long began = System.nanoTime();
        Progress progress = new Progress(out, "replaying", plan.events().size());
        Optional<Drill.Course> drill = Optional.empty();
        List<Outcome> outcomes;
        if (options.calm()) {
            outcomes = replayer.replay(progress, _ -> {});
        } else {
            Drill drills = new Drill(stack);
            CompletableFuture<Drill.Course> course = drills.begin();
            outcomes = replayer.replay(
                    progress, event -> drills.await(event, plan.events().size()));
            out.println("Waiting until the release has ended");
            drill = Optional.of(course.join());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        out.println("Waiting until no payment is open");
        Report.Credits credits = new Report.Credits(replayer.lending(), outcomes);
        Optional<Answer> bill = credits.borrower().flatMap(replayer.lending()::billOf);
        Pause.until(
                UNTIL_TOLD,
                Duration.ofSeconds(1),
                () -> Notices.of(receiver, outcomes).missing().isEmpty());
        Audit audit = Audit.of(outcomes, settled(stack), journal(stack));
        out.println();
        Report report = new Report(plan, outcomes, audit, Notices.of(receiver, outcomes), took, credits, bill, drill);
        out.print(report.text());
        return report.isFine();
    }

    /** The tables once nothing is open and everything is posted, or as they are when the wait is over: the audit then says so. */
    private static Snapshot settled(Stack stack) {
        Snapshot[] last = {read(stack)};
        Pause.until(UNTIL_CLOSED, Duration.ofSeconds(1), () -> {
            last[0] = last[0].open().isEmpty() ? last[0] : read(stack);
            return last[0].open().isEmpty();
        });
        Pause.until(UNTIL_POSTED, Duration.ofSeconds(1), () -> {
            last[0] = read(stack);
            return Conservation.unposted(last[0]).isEmpty();
        });
        return last[0];
    }

    private static Snapshot read(Stack stack) {
        return Snapshot.read(stack.dynamoDb(stack.regions().getFirst()));
    }

    private static Journal journal(Stack stack) {
        String region = stack.regions().getFirst();
        return Journal.read(stack.dynamoDb(region), stack.streams(region));
    }
}
