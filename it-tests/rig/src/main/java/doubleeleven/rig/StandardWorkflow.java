package doubleeleven.rig;

import doubleeleven.rig.Execution.Deployed;
import doubleeleven.testkit.asl.StateFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;

/**
 * A Standard workflow of one unit and colour, or of one Region. Each answer of a task is on record, so an execution goes on where it was, whatever died under
 * it: it is run again from its beginning, and tasks with an answer on record are not called.
 */
final class StandardWorkflow implements Source {
    private final String arn;
    private final String region;
    private final Deployed deployed;
    private final Compiled compiled;
    private final Course course;
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final Deque<Run> ready = new ArrayDeque<>();

    StandardWorkflow(String arn, String region, Deployed deployed, Compiled compiled, Course course) {
        this.arn = arn;
        this.region = region;
        this.deployed = deployed;
        this.compiled = compiled;
        this.course = course;
    }

    /** How far an execution is. */
    private enum Status {
        RUNNING,
        WAITING,
        SUCCEEDED,
        FAILED
    }

    /** What a task answered, or how it failed. */
    private record Outcome(
            @Nullable Object answer, @Nullable StateFailed failure) {
        Object get() {
            if (failure != null) {
                throw failure;
            }
            return Objects.requireNonNull(answer);
        }
    }

    /** One execution. */
    private static final class Run {
        private final String name;
        private final Map<String, Object> input;
        /** Outcomes of the calls at each site, in turn. */
        private final Map<String, List<Outcome>> history = new HashMap<>();
        /** Until when which site waits for its token, or just waits. */
        private final Map<String, Instant> tokens = new HashMap<>();

        private final Set<String> sleeping = new HashSet<>();

        private Status status = Status.RUNNING;
        private String lastSite = "";
        private int entered;
        private Object output = "";

        private Run(String name, Map<String, Object> input) {
            this.name = name;
            this.input = input;
        }

        private @Nullable Outcome recorded(String site, int turn) {
            List<Outcome> outcomes = history.getOrDefault(site, List.of());
            return turn < outcomes.size() ? outcomes.get(turn) : null;
        }

        private void record(String site, Outcome outcome) {
            history.computeIfAbsent(site, _ -> new ArrayList<>()).add(outcome);
            tokens.remove(site);
            sleeping.remove(site);
            lastSite = site;
        }
    }

    /** The execution waits for somebody with its token, or for a time to come. */
    private static final class Parked extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Parked() {
            super("waits", null, false, false);
        }
    }

    @Override
    public String name() {
        return deployed.name();
    }

    @Override
    public String region() {
        return region;
    }

    /**
     * Starts an execution, which runs as soon as it is delivered; one that runs already is that one.
     *
     * @throws ExecutionAlreadyExistsException where one of that name has ended, or runs with another input
     */
    synchronized void start(String name, Map<String, Object> input) {
        Run known = runs.get(name);
        if (known != null) {
            if (known.input.equals(input) && (known.status == Status.RUNNING || known.status == Status.WAITING)) {
                return;
            }
            throw ExecutionAlreadyExistsException.builder()
                    .message("there is an execution " + name)
                    .statusCode(400)
                    .build();
        }
        Run run = new Run(name, input);
        runs.put(name, run);
        makeReady(run);
    }

    /** Ends the task that waits for the token. */
    synchronized void succeed(String name, String site, Object output) {
        Run run = runs.get(name);
        Instant until = run == null ? null : run.tokens.get(site);
        if (run == null || until == null || !until.isAfter(course.clock().instant())) {
            throw TaskTimedOutException.builder()
                    .message("nothing waits for that token")
                    .statusCode(400)
                    .build();
        }
        run.record(site, new Outcome(output, null));
        if (run.status == Status.WAITING) {
            makeReady(run);
        }
    }

    /** Runs one execution as far as it goes. */
    @Override
    public int poll() {
        Run run = take();
        if (run == null) {
            return 0;
        }
        try {
            Object output =
                    course.run(deployed.name(), compiled.limit(), () -> compiled.run(run.input, new Durable(run)));
            end(run, Status.SUCCEEDED, output);
        } catch (Parked e) {
            park(run);
        } catch (StateFailed e) {
            end(run, Status.FAILED, String.valueOf(e.getMessage()));
        } catch (Course.Cut e) {
            makeReady(run);
        }
        return 1;
    }

    /** Executions that are not parked and have not ended. */
    synchronized int running() {
        return Math.toIntExact(runs.values().stream()
                .filter(run -> run.status == Status.RUNNING)
                .count());
    }

    /** What an execution came to; nothing where it has not, or failed. */
    @SuppressWarnings("unchecked") // JSON objects have texts as names
    synchronized Optional<Map<String, Object>> output(String name) {
        return Optional.ofNullable(runs.get(name))
                .filter(run -> run.status == Status.SUCCEEDED)
                .map(run -> (Map<String, Object>) run.output);
    }

    /** Executions that failed, with what failed them. */
    synchronized List<String> failures() {
        return runs.values().stream()
                .filter(run -> run.status == Status.FAILED)
                .map(this::failure)
                .toList();
    }

    /** How the execution that was started last failed; nothing where it did not. */
    synchronized Optional<String> lastFailure() {
        return runs.values().stream()
                .reduce((_, later) -> later)
                .filter(run -> run.status == Status.FAILED)
                .map(this::failure);
    }

    private String failure(Run run) {
        return name() + " " + run.name + ": " + run.output;
    }

    /** Lets what failed go on at the state that failed. */
    synchronized void redrive() {
        runs.values().stream().filter(run -> run.status == Status.FAILED).forEach(run -> {
            run.history.remove(run.lastSite);
            makeReady(run);
        });
    }

    /** Has those run on that waited too long. */
    synchronized void expire() {
        if (runs.values().stream().anyMatch(this::isOverdue)) {
            course.arrived(this, course.clock().instant());
        }
    }

    /** What the token of a task names: its execution and its site. */
    String token(String name, String site) {
        return arn + "|" + name + "|" + site;
    }

    private synchronized @Nullable Run take() {
        runs.values().stream().filter(this::isOverdue).toList().forEach(run -> {
            String site = run.tokens.keySet().iterator().next();
            run.record(
                    site,
                    run.sleeping.contains(site)
                            ? new Outcome(Map.of(), null)
                            : new Outcome(null, new StateFailed(StateFailed.TIMEOUT, site)));
            makeReady(run);
        });
        return ready.poll();
    }

    private boolean isOverdue(Run run) {
        Instant now = course.clock().instant();
        return run.status == Status.WAITING && run.tokens.values().stream().noneMatch(now::isBefore);
    }

    private synchronized void makeReady(Run run) {
        run.status = Status.RUNNING;
        ready.add(run);
        course.arrived(this, course.clock().instant());
    }

    /** Parks an execution, unless its answer came before that. */
    private synchronized void park(Run run) {
        if (run.tokens.isEmpty()) {
            makeReady(run);
        } else {
            run.status = Status.WAITING;
        }
    }

    private synchronized void end(Run run, Status status, Object output) {
        run.status = status;
        run.output = output;
        if (status == Status.SUCCEEDED) {
            run.history.clear();
        }
    }

    private final class Durable extends Execution {
        private final Run run;
        private final Map<String, Integer> turns = new HashMap<>();
        private boolean isReplay = true;
        private int entered;

        Durable(Run run) {
            super(deployed, compiled, course);
            this.run = run;
        }

        @Override
        public Object call(Call call) {
            String site = call.site();
            int turn = turns.merge(site, 1, Integer::sum) - 1;
            Outcome before = recorded(site, turn);
            if (before != null) {
                return before.get();
            }
            isReplay = false;
            Outcome outcome;
            try {
                outcome = new Outcome(super.call(call), null);
            } catch (StateFailed e) {
                outcome = new Outcome(null, e);
            }
            synchronized (StandardWorkflow.this) {
                // Whoever was asked may have answered already.
                Outcome meanwhile = run.recorded(site, turn);
                if (meanwhile != null) {
                    return meanwhile.get();
                }
                if (call.waitsForToken() && outcome.failure() == null) {
                    throw new Parked();
                }
                run.record(site, outcome);
            }
            return outcome.get();
        }

        private @Nullable Outcome recorded(String site, int turn) {
            synchronized (StandardWorkflow.this) {
                return run.recorded(site, turn);
            }
        }

        /** Told once, however often the way there is gone. */
        @Override
        public void entered(String site, String state) {
            if (++entered > run.entered) {
                run.entered = entered;
                super.entered(site, state);
            }
        }

        /** Nobody waits again for what is past. */
        @Override
        public void pause(Duration pause) {
            if (!isReplay) {
                super.pause(pause);
            }
        }

        /** As long as it takes, whatever else runs meanwhile. */
        @Override
        public void sleep(String site, Duration time) {
            int turn = turns.merge(site, 1, Integer::sum) - 1;
            if (recorded(site, turn) != null) {
                return;
            }
            isReplay = false;
            synchronized (StandardWorkflow.this) {
                run.sleeping.add(site);
                Instant until = run.tokens.computeIfAbsent(
                        site, _ -> course.clock().instant().plus(time));
                course.arrived(StandardWorkflow.this, until);
            }
            throw new Parked();
        }

        @Override
        public String token(String site) {
            synchronized (StandardWorkflow.this) {
                // What was answered before waits for nobody.
                if (run.recorded(site, turns.getOrDefault(site, 0)) == null) {
                    String state = site.substring(site.lastIndexOf('/') + 1);
                    run.tokens.putIfAbsent(site, course.clock().instant().plus(compiled.limitOf(state)));
                }
            }
            return StandardWorkflow.this.token(run.name, site);
        }
    }
}
