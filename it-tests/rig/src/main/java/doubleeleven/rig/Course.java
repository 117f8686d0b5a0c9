package doubleeleven.rig;

import doubleeleven.aws.Pause;
import doubleeleven.gateway.Racing;
import doubleeleven.gateway.RacingThreads;
import doubleeleven.testkit.ManualClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** How the parts of a world run: at once and in real time, or one at a time in a time of its own. */
public interface Course {
    List<Duration> ONCE_AND_AT_ONCE = List.of(Duration.ZERO);

    /** Carries every call of a service. */
    Bus bus();

    Clock clock();

    /**
     * The clock that a function or an execution reads; it need not be right.
     *
     * @param part such as {@code us-east-1/gateway}
     */
    default Clock clockOf(String part) {
        return clock();
    }

    /** Whether no two parts ever run at the same moment. */
    default boolean isOneAtATime() {
        return false;
    }

    /** Waits. */
    void pause(Duration pause);

    /** Runs branches of an execution. */
    List<Object> fork(List<Supplier<Object>> branches);

    /** Has one function's calls of others run beside each other, as a part of it. */
    Racing racing();

    /**
     * Runs what has a life of its own, a function or an execution, and waits for its end.
     *
     * @param part such as {@code RZ01-a/phase-two}
     * @param limit ends it, wherever it is
     * @throws Cut where it did not come to its end
     */
    <T> T run(String part, Duration limit, Supplier<T> work);

    /**
     * Waits no longer for the calls in it; they may take effect all the same.
     *
     * @throws Cut where the time was not enough
     */
    <T> T within(Duration limit, Supplier<T> calls);

    /**
     * An execution enters a state of its workflow.
     *
     * @param site where the state stands, such as {@code Try/1/Holds/0/Hold}
     */
    default void entered(String part, String site) {}

    /** One of a function's execution environments takes a call. */
    default void taken(String part, Object environment) {}

    /** A source has something to deliver from that moment on. */
    default void arrived(Source source, Instant at) {}

    /** How often and how much later a message or a record that was sent comes to that source. */
    default List<Duration> passage(String to) {
        return ONCE_AND_AT_ONCE;
    }

    /** What was waited for did not come to its end: its time was over, or it died. */
    final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Cut(String why) {
            super(why, null, false, false);
        }
    }

    /** Another course, with something beside it. */
    interface Beside extends Course {
        Course other();

        @Override
        default Bus bus() {
            return other().bus();
        }

        @Override
        default Clock clock() {
            return other().clock();
        }

        @Override
        default Clock clockOf(String part) {
            return other().clockOf(part);
        }

        @Override
        default boolean isOneAtATime() {
            return other().isOneAtATime();
        }

        @Override
        default void pause(Duration pause) {
            other().pause(pause);
        }

        @Override
        default List<Object> fork(List<Supplier<Object>> branches) {
            return other().fork(branches);
        }

        @Override
        default Racing racing() {
            return other().racing();
        }

        @Override
        default <T> T run(String part, Duration limit, Supplier<T> work) {
            return other().run(part, limit, work);
        }

        @Override
        default <T> T within(Duration limit, Supplier<T> calls) {
            return other().within(limit, calls);
        }

        @Override
        default void entered(String part, String site) {
            other().entered(part, site);
        }

        @Override
        default void taken(String part, Object environment) {
            other().taken(part, environment);
        }

        @Override
        default void arrived(Source source, Instant at) {
            other().arrived(source, at);
        }

        @Override
        default List<Duration> passage(String to) {
            return other().passage(to);
        }
    }

    /**
     * Everything takes effect at once, in the caller's own thread and in the time of the clock. Branches run one after the other, and so does
     * what races where the clock is one that is set by hand.
     */
    static Course direct(Bus bus, Clock clock) {
        return new Direct(bus, clock);
    }

    /** As it comes. */
    record Direct(Bus bus, Clock clock) implements Course {
        @Override
        public void pause(Duration pause) {
            Pause.of(pause);
        }

        @Override
        public List<Object> fork(List<Supplier<Object>> branches) {
            List<Object> results = new ArrayList<>(branches.size());
            branches.forEach(branch -> results.add(branch.get()));
            return results;
        }

        @Override
        public Racing racing() {
            return clock instanceof ManualClock manual ? new RacingInTime(manual) : new RacingThreads();
        }

        @Override
        public <T> T run(String part, Duration limit, Supplier<T> work) {
            return work.get();
        }

        @Override
        public <T> T within(Duration limit, Supplier<T> calls) {
            return calls.get();
        }
    }
}
