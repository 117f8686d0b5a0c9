package doubleeleven.it.chaos;

import doubleeleven.it.audit.Conservation;
import doubleeleven.it.audit.Journal;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.chaos.Load.Call;
import doubleeleven.it.client.Pause;
import doubleeleven.it.client.Sandbox;
import doubleeleven.it.client.Stack;
import doubleeleven.it.replay.Outcome;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Runs scenarios one after the other on one load. */
final class Experiment {
    private static final Duration OFTEN = Duration.ofSeconds(1);
    private static final Duration UNTIL_POSTED = Duration.ofSeconds(60);

    private final Stack stack;
    private final String home;
    private final Load load;
    private final Sandbox sandbox;
    private final Timing timing;
    private final PrintStream out;
    private Verdict known;

    /** Prepares the first one; what is wrong with the tables already will not be counted. */
    Experiment(Stack stack, Sandbox sandbox, Load load, Timing timing, PrintStream out) {
        this.stack = stack;
        this.home = stack.regions().getFirst();
        this.sandbox = sandbox;
        this.load = load;
        this.timing = timing;
        this.out = out;
        this.known = verdict(List.of(), read());
    }

    /** Lets the stack become warm; the load goes on. */
    void warmUp() {
        Duration most = timing.warmUp().most();
        if (most.isZero()) {
            return;
        }
        load.resume();
        boolean warm = Pause.until(most, OFTEN, () -> WarmUp.isWarm(load.calls(), System.nanoTime()));
        say("warm-up", (warm ? "over" : "cut off") + " after " + load.calls().size() + " calls");
    }

    /**
     * Runs one scenario.
     *
     * @param target what it is to break, where it has a choice
     */
    Row run(Scenario scenario, String target, RandomGenerator chance) {
        int before = load.calls().size();
        say(scenario, "load, " + load.left() + " payments and refunds are left");
        load.resume();
        Pause.millis(timing.before().toMillis());

        Optional<Processors> processors = Processors.read();
        long began = System.nanoTime();
        say(scenario, target.isEmpty() ? "the fault begins" : "the fault begins, at " + target);
        Trouble trouble = scenario.begin(new Scene(stack, sandbox, load, target, chance, what -> say(scenario, what)));
        Pause.millis(timing.fault().toMillis());
        SortedMap<String, Long> hits = trouble.end();
        long ended = System.nanoTime();
        say(scenario, "the fault is over, it hit " + hits);
        processors
                .flatMap(Processors::takenUntilNow)
                .ifPresent(percent -> say(
                        scenario,
                        "meanwhile the host gave " + percent + " % of the processors' time to other machines"));

        Watch watch = watch(began, ended);
        List<Call> all =
                load.calls().stream().skip(before).filter(Call::wasMade).toList();
        List<Call> touched =
                all.stream().filter(call -> call.touches(began, ended)).toList();
        int inFlight =
                (int) touched.stream().filter(call -> call.began() < began).count();
        Verdict verdict = judge(all);
        Row row = new Row(
                scenario,
                hits,
                inFlight,
                touched.size() - inFlight,
                Row.Answers.of(touched),
                verdict.lost(),
                verdict.doubled(),
                watch.stuck(),
                watch.open(),
                watch.seconds(),
                Waiting.Phases.of(all, began, ended));
        say(scenario, row.faults().isEmpty() ? "all is well" : String.join("; ", row.faults()));
        return row;
    }

    private Watch watch(long began, long ended) {
        Watch watch = new Watch(ended);
        while (true) {
            if (System.nanoTime() - ended > timing.after().toNanos()) {
                load.pause();
            }
            boolean idle = load.isIdle();
            Set<String> touched = load.calls().stream()
                    .filter(call -> call.touches(began, ended))
                    .map(Call::order)
                    .collect(Collectors.toSet());
            Map<String, String> unfinished = Watch.unfinished(Snapshot.readOpen(dynamoDb()), touched, idle);
            if (idle && unfinished.isEmpty()) {
                unfinished = Watch.unfinished(read(), touched, true);
            }
            watch.see(System.nanoTime(), idle, unfinished);
            if (watch.isOver()) {
                return watch;
            }
            Pause.millis(OFTEN.toMillis());
        }
    }

    /** Once all messages have arrived and everything is posted; what is still in motion then is said by the audit. */
    private Verdict judge(List<Call> calls) {
        Pause.until(UNTIL_POSTED, OFTEN, () -> sandbox.copiesOnTheWay() == 0);
        List<Outcome> outcomes =
                calls.stream().map(Call::outcome).filter(Objects::nonNull).toList();
        Snapshot[] tables = {read()};
        Pause.until(UNTIL_POSTED, OFTEN, () -> {
            tables[0] = read();
            return Conservation.unposted(tables[0]).isEmpty()
                    && Conservation.of(tables[0]).holds();
        });
        Verdict all = verdict(outcomes, tables[0]);
        Verdict fresh = all.without(known);
        known = all;
        return fresh;
    }

    private Verdict verdict(List<Outcome> outcomes, Snapshot tables) {
        return Verdict.of(outcomes, tables, Journal.read(dynamoDb(), stack.streams(home)));
    }

    private Snapshot read() {
        return Snapshot.read(dynamoDb());
    }

    private DynamoDbClient dynamoDb() {
        return stack.dynamoDb(home);
    }

    private void say(Scenario scenario, String what) {
        say(scenario.title(), what);
    }

    private void say(String title, String what) {
        out.printf("%-15s %s%n", title, what);
    }
}
