package doubleeleven.gateway.stress;

import doubleeleven.gateway.stress.Run.State;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a run but for the load itself. Each reads how far the run is and may be repeated, whatever died under it: a slice is looked
 * at once, however often it is handed in.
 */
public final class RunSteps {
    private final Runs runs;
    private final Admissions admissions;
    private final Function<Instant, Live> live;
    private final Clock clock;

    /**
     * The steps by these means.
     *
     * @param live live traffic now; overdue is what was claimed since the given time
     */
    public RunSteps(Runs runs, Admissions admissions, Function<Instant, Live> live, Clock clock) {
        this.runs = runs;
        this.admissions = admissions;
        this.live = live;
        this.clock = clock;
    }

    /** What the workflow does next. */
    public enum Next {
        PREPARE,
        WAIT,
        LOAD,
        END
    }

    /**
     * Where a run goes on.
     *
     * @param more what the workflow needs for it
     */
    public record Turn(Next next, Map<String, Object> more) {}

    /** Hands out the plan, before anything is opened or sent. */
    public Turn begin(String test) {
        Run run = stopWhereClosed(find(test));
        admissions.watch(test);
        return next(run);
    }

    private static Turn prepare(Run run) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("plan", run.plan().toJson());
        more.put("openers", IntStream.range(0, run.plan().openers()).boxed().toList());
        more.put("baselineSeconds", run.plan().baselineSeconds());
        return new Turn(Next.PREPARE, more);
    }

    /** Live traffic from now on is what the load's time is held against: the gateways that took the preparing calls count it. */
    public Turn watch(String test) {
        Run run = stopWhereClosed(find(test));
        return next(run.state() == State.BEGUN ? save(run.watching(live.apply(run.at()))) : run);
    }

    /** Begins with the load, where live traffic is well. */
    public Turn ready(String test) {
        Run run = stopWhereClosed(find(test));
        if (run.state() != State.WATCHING) {
            return next(run);
        }
        Live now = live.apply(run.at());
        Live before = now.since(run.live().first());
        Optional<String> unwell = new Judgement(run.plan().conditions(), before).unwell();
        return next(save(
                unwell.isPresent() ? run.decided(State.LIVE_UNWELL, unwell.get()) : run.loading(before, now, now())));
    }

    /**
     * Looks at a slice.
     *
     * @param loads what each worker sent
     */
    public Turn look(String test, Slice slice, List<Load> loads) {
        Run run = find(test);
        if (run.state() != State.LOADING || !slice.equals(current(run))) {
            return next(run);
        }
        Load sent = loads.stream().reduce(new Load(), Load::plus);
        Live now = live.apply(run.at());
        Stage stage = run.stages().getLast();
        Live sinceStep = now.since(run.live().stepBegan());
        Load step = stage.load().plus(sent);
        boolean over = stage.slices() + 1 == run.plan().slices();
        Verdict verdict = new Judgement(run.plan().conditions(), run.before())
                .at(sent, step, List.of(now.since(run.live().last()), sinceStep), over);
        boolean open = admissions.isRunning(test, now());
        Stage seen = new Stage(
                stage.step(),
                stage.begunAt(),
                stage.slices() + 1,
                step,
                sinceStep,
                now(),
                open ? name(verdict) : "STOPPED");
        Run looked = run.looked(seen, now);
        if (!open) {
            return next(save(stopped(looked)));
        }
        return next(save(
                switch (verdict) {
                    case Verdict.GoOn _ -> looked;
                    case Verdict.Held _ ->
                        stage.step() == run.plan().steps().size() - 1
                                ? looked.decided(State.REACHED, "every step held")
                                : looked.nextStep(now());
                    case Verdict.LiveSuffers(String why) -> looked.decided(State.LIVE_SUFFERED, why);
                    case Verdict.NotHeld(String why) -> looked.decided(State.NOT_HELD, why);
                }));
    }

    /**
     * Closes the test, whatever it came to: its marks open no door any more.
     *
     * @param fault what broke, where it was no verdict
     */
    public Turn end(String test, @Nullable String fault) {
        admissions.close(test, now());
        Run run = find(test);
        if (run.endedAt() == null) {
            Run decided = run.state().isDecided()
                    ? run
                    : run.decided(State.BROKEN, fault == null ? "nobody said why" : fault);
            save(decided.ended(now()));
        }
        return new Turn(Next.END, Map.of());
    }

    private Run stopWhereClosed(Run run) {
        return run.state().isDecided() || admissions.isRunning(run.test(), now()) ? run : save(stopped(run));
    }

    private static Run stopped(Run run) {
        return run.decided(State.STOPPED, "the test was stopped, or its time was over");
    }

    private static Turn next(Run run) {
        return switch (run.state()) {
            case BEGUN -> prepare(run);
            case WATCHING -> new Turn(Next.WAIT, Map.of());
            case LOADING -> new Turn(Next.LOAD, Map.of("slice", current(run).toJson()));
            case REACHED, NOT_HELD, LIVE_SUFFERED, LIVE_UNWELL, STOPPED, BROKEN -> new Turn(Next.END, Map.of());
        };
    }

    private static Slice current(Run run) {
        Stage stage = run.stages().getLast();
        return new Slice(stage.step(), stage.slices(), run.plan().workers(stage.step()));
    }

    private static String name(Verdict verdict) {
        return switch (verdict) {
            case Verdict.GoOn _ -> "GO_ON";
            case Verdict.Held _ -> "HELD";
            case Verdict.LiveSuffers _ -> "LIVE_SUFFERS";
            case Verdict.NotHeld _ -> "NOT_HELD";
        };
    }

    private Run find(String test) {
        return runs.find(test).orElseThrow(() -> new IllegalStateException("stress test " + test + " has no run"));
    }

    private Run save(Run run) {
        Run revised = run.revised();
        if (!runs.save(revised)) {
            throw new IllegalStateException("the run of stress test " + run.test() + " was changed by another one");
        }
        return revised;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
