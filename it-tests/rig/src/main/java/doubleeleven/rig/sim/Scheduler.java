package doubleeleven.rig.sim;

import doubleeleven.rig.Course.Cut;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Discrete events in a time of their own. What runs, runs on a thread of its own, but only one at a time and only until it waits; who is
 * next follows from the times alone, so that a run is repeated by its seed.
 */
final class Scheduler {
    private static final Instant BEGINNING = Instant.parse("2026-11-11T00:00:00Z");

    /** Threads that a task's own code starts act for the task. */
    @SuppressWarnings("ThreadLocalUsage") // of one world; its threads end with it
    private final InheritableThreadLocal<Task> current = new InheritableThreadLocal<>();

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::micros).thenComparingLong(Event::number));
    /** Functions and executions under way. */
    private final Set<Task> apart = new LinkedHashSet<>();

    private final Semaphore baton = new Semaphore(0);
    private long micros;
    private long number;
    private int running;
    private @Nullable Throwable broken;

    /** Something to happen, unless it has become moot by then: then its time does not even come. */
    private record Event(long micros, long number, BooleanSupplier moot, Runnable happens) {}

    /** Something that runs and waits. */
    static final class Task {
        private final String name;
        private final Semaphore turn = new Semaphore(0);
        private final Task root;
        private final List<Task> children = new ArrayList<>();
        private long waits;
        private boolean waiting;
        private boolean stopped;
        private boolean ended;
        private long limit = Long.MAX_VALUE;
        private @Nullable Task waiter;
        private @Nullable Object result;
        private @Nullable Throwable failure;

        private Task(String name, @Nullable Task root) {
            this.name = name;
            this.root = root == null ? this : root;
        }

        String name() {
            return name;
        }

        boolean isEnded() {
            return ended;
        }
    }

    /** Ends a task wherever it is, as a process ends: no code of ours may catch it. */
    static final class Stopped extends Error {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("stopped", null, false, false);
        }
    }

    Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException("this clock has one zone");
            }
        };
    }

    Instant now() {
        return BEGINNING.plusNanos(micros * 1000);
    }

    long micros() {
        return micros;
    }

    long microsAt(Instant instant) {
        return Duration.between(BEGINNING, instant).toNanos() / 1000;
    }

    /** Tasks that were begun and have not ended. */
    int running() {
        return running;
    }

    void at(long when, Runnable happens) {
        at(when, () -> false, happens);
    }

    private void at(long when, BooleanSupplier moot, Runnable happens) {
        events.add(new Event(Math.max(when, micros), ++number, moot, happens));
    }

    /** Lets everything happen that is to happen by then. */
    void runUntil(long end) {
        while (!events.isEmpty() && events.peek().micros() <= end) {
            step();
        }
        micros = Math.max(micros, end);
    }

    /** Lets everything happen until nothing is left to happen. */
    void runDry() {
        while (!events.isEmpty()) {
            step();
        }
    }

    private void step() {
        Event event = events.remove();
        if (event.moot().getAsBoolean()) {
            return;
        }
        micros = Math.max(micros, event.micros());
        event.happens().run();
        Throwable cause = broken;
        if (cause != null) {
            throw new IllegalStateException("the simulation itself broke", cause);
        }
    }

    /** Begins a task at that time; nobody need wait for it. */
    Task begin(String name, long when, Runnable work) {
        return begin(new Task(name, null), when, () -> {
            work.run();
            return null;
        });
    }

    private Task begin(Task task, long when, Supplier<? extends @Nullable Object> work) {
        running++;
        at(when, () -> {
            Thread thread = Thread.ofVirtual().name(task.name).unstarted(() -> life(task, work));
            pass(thread::start);
        });
        return task;
    }

    private void life(Task task, Supplier<? extends @Nullable Object> work) {
        current.set(task);
        try {
            if (task.stopped) {
                throw new Stopped();
            }
            task.result = work.get();
        } catch (Throwable e) {
            task.failure = e;
            if (task.waiter == null && !(e instanceof Stopped)) {
                broken = e;
            }
        }
        task.ended = true;
        apart.remove(task);
        running--;
        Task waiter = task.waiter;
        if (waiter != null) {
            wake(waiter, micros);
        }
        baton.release();
    }

    /** Lets one thread run until it waits or ends. */
    private void pass(Runnable go) {
        go.run();
        baton.acquireUninterruptibly();
    }

    /** The task of the calling thread. */
    Task current() {
        Task task = current.get();
        if (task == null) {
            throw new IllegalStateException("called by a thread that is no task");
        }
        return task;
    }

    /** The function, execution or client that the calling task is part of. */
    Task life() {
        return current().root;
    }

    private void wake(Task task, long when) {
        long wait = task.waits;
        at(when, () -> !task.waiting || task.waits != wait, () -> {
            task.waiting = false;
            pass(task.turn::release);
        });
    }

    /** Waits to be woken. What wakes it must have been arranged before. */
    private void park(Task task) {
        baton.release();
        task.turn.acquireUninterruptibly();
        if (task.stopped) {
            throw new Stopped();
        }
    }

    /** Waits until then, or no longer than the task may. */
    void sleepUntil(long when) {
        Task task = current();
        check(task);
        boolean cut = when > task.limit;
        prepare(task);
        wake(task, cut ? task.limit : when);
        park(task);
        if (cut) {
            throw new Cut("no answer in time");
        }
    }

    private static void prepare(Task task) {
        task.waits++;
        task.waiting = true;
    }

    static void check(Task task) {
        if (task.stopped) {
            throw new Stopped();
        }
    }

    /** Ends a task and what it forked. */
    void stop(Task task) {
        task.stopped = true;
        task.children.forEach(this::stop);
        if (task.waiting) {
            wake(task, micros);
        }
    }

    /** Ends the function or execution that the calling task is part of. */
    Stopped die() {
        stop(current().root);
        return new Stopped();
    }

    /** Ends every function and execution of that kind, wherever it is. */
    void stopAll(Predicate<String> named) {
        List.copyOf(apart).stream().filter(task -> named.test(task.name)).forEach(this::stop);
    }

    /** Runs work that goes on when its caller does not, and waits for it. */
    <T> T runApart(String name, long limitMicros, Supplier<T> work) {
        Task caller = current();
        check(caller);
        Task task = new Task(name, null);
        task.waiter = caller;
        apart.add(task);
        begin(task, micros, work);
        at(micros + limitMicros, () -> task.ended, () -> stop(task));
        awaitEnd(caller, List.of(task), false);
        return resultOf(task);
    }

    /** Runs branches of one life beside each other; the first that fails ends the others. */
    List<Object> fork(List<Supplier<Object>> branches) {
        Task caller = current();
        check(caller);
        List<Task> tasks = branches.stream().map(this::beside).toList();
        try {
            awaitEnd(caller, tasks, true);
            return tasks.stream().map(task -> this.<Object>resultOf(task)).toList();
        } finally {
            tasks.forEach(this::leave);
        }
    }

    /** Begins work of the caller's life beside it. */
    Task beside(Supplier<? extends @Nullable Object> work) {
        Task caller = current();
        check(caller);
        Task task = new Task(caller.name, caller.root);
        task.waiter = caller;
        task.limit = caller.limit;
        caller.children.add(task);
        return begin(task, micros, work);
    }

    /** Waits until one of those has ended, which it answers; no longer than until then. */
    Optional<Task> awaitFirst(List<Task> tasks, long until) {
        Task caller = current();
        check(caller);
        while (tasks.stream().noneMatch(task -> task.ended) && micros < until) {
            prepare(caller);
            wake(caller, Math.min(until, caller.limit));
            park(caller);
            if (micros >= caller.limit) {
                throw new Cut("no answer in time");
            }
        }
        return tasks.stream().filter(task -> task.ended).findFirst();
    }

    /** Ends what was begun beside the calling task, where it has not ended. */
    void leave(Task task) {
        if (!task.ended) {
            stop(task);
        }
        current().children.remove(task);
    }

    private void awaitEnd(Task caller, List<Task> tasks, boolean untilFailure) {
        while (!tasks.stream().allMatch(task -> task.ended)
                && !(untilFailure && tasks.stream().anyMatch(task -> task.failure != null))) {
            prepare(caller);
            if (caller.limit != Long.MAX_VALUE) {
                wake(caller, caller.limit);
            }
            park(caller);
            if (micros >= caller.limit && !tasks.stream().allMatch(task -> task.ended)) {
                throw new Cut("no answer in time");
            }
        }
    }

    /** What the task's own work answered. */
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
    <T> T resultOf(Task task) {
        Throwable failure = task.failure;
        if (failure == null) {
            return (T) task.result;
        }
        if (failure instanceof Stopped) {
            throw new Cut(task.name + " died");
        }
        if (failure instanceof RuntimeException cause) {
            throw cause;
        }
        broken = failure;
        throw new Stopped();
    }

    /** Lets the calling task wait no longer than so for the calls in it. */
    <T> T within(long limitMicros, Supplier<T> calls) {
        Task task = current();
        long before = task.limit;
        task.limit = Math.min(before, micros + limitMicros);
        try {
            return calls.get();
        } finally {
            task.limit = before;
        }
    }
}
