package doubleeleven.gateway.release;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One release of a unit's colour, as far as it is.
 *
 * @param to the colour that is given more and more
 * @param from the colour that served before
 * @param by id of the operator's API key
 * @param weight the new colour's, as this release published it last; null before
 * @param intended the weight that is being published; null where none is
 * @param next index of the step to be shifted to next
 * @param looks at all steps together
 * @param since when figures began to be counted for the step
 * @param before the colours as they stood then
 * @param warm the colours as they stood at the first look
 * @param waiting who answers for the operator whose approval is waited for
 * @param stopped an operator wants it to be rolled back: who and why
 * @param why how it came to its end
 * @param revision grows with each change
 */
public record Release(
        String unit,
        String id,
        String to,
        String from,
        Plan plan,
        String reason,
        String by,
        Instant at,
        State state,
        @Nullable Integer weight,
        @Nullable Integer intended,
        int next,
        long looks,
        Instant since,
        Map<String, Standing> before,
        Map<String, Tally> warm,
        List<Stage> stages,
        @Nullable Waiting waiting,
        @Nullable Decision decision,
        @Nullable Decision stopped,
        @Nullable String why,
        @Nullable Instant endedAt,
        long revision) {
    /** How far a release is. */
    public enum State {
        /** Nothing was shifted yet. */
        BEGUN,
        AWAITING_APPROVAL,
        SHIFTING,
        VERIFYING,
        ROLLING_BACK,
        SUCCEEDED,
        ROLLED_BACK,
        /** An operator said no. */
        REJECTED,
        /** Somebody else changed these weights, or took the unit out: nothing was touched. */
        OVERTAKEN,
        /** Too few payments came, and the weights stay. */
        STARVED,
        /** It ended before anything was shifted. */
        FAILED;

        public boolean isOver() {
            return compareTo(SUCCEEDED) >= 0;
        }
    }

    /** A task of the workflow that ends with its token. */
    public record Waiting(String token, String region) {}

    /** What an operator said. */
    public record Decision(boolean approved, String by, String reason) {}

    public Release {
        before = Map.copyOf(before);
        warm = Map.copyOf(warm);
        stages = List.copyOf(stages);
    }

    /** One that was asked for now. */
    public static Release asked(
            String unit, String id, String to, String from, Plan plan, String reason, String by, Instant at) {
        return new Release(
                unit,
                id,
                to,
                from,
                plan,
                reason,
                by,
                at,
                State.BEGUN,
                null,
                null,
                0,
                0,
                at,
                Map.of(),
                Map.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                0);
    }

    /** The same, to be rolled back at its next look. */
    public Release stoppedBy(Decision decision) {
        return change().stopped(decision).release();
    }

    int target() {
        return plan.steps().get(next);
    }

    boolean isLastStep() {
        return next == plan.steps().size() - 1;
    }

    Changed change() {
        return new Changed(this);
    }

    /** The same release a step further; what is not said stays. */
    static final class Changed {
        private final Release old;
        private State state;
        private @Nullable Integer weight;
        private @Nullable Integer intended;
        private int next;
        private long looks;
        private Instant since;
        private Map<String, Standing> before;
        private Map<String, Tally> warm;
        private List<Stage> stages;
        private @Nullable Waiting waiting;
        private @Nullable Decision decision;
        private @Nullable Decision stopped;
        private @Nullable String why;
        private @Nullable Instant endedAt;

        private Changed(Release old) {
            this.old = old;
            this.state = old.state;
            this.weight = old.weight;
            this.intended = old.intended;
            this.next = old.next;
            this.looks = old.looks;
            this.since = old.since;
            this.before = old.before;
            this.warm = old.warm;
            this.stages = old.stages;
            this.waiting = old.waiting;
            this.decision = old.decision;
            this.stopped = old.stopped;
            this.why = old.why;
            this.endedAt = old.endedAt;
        }

        Changed to(State changed) {
            state = changed;
            return this;
        }

        Changed intending(int changed) {
            intended = changed;
            return this;
        }

        Changed published(int changed) {
            weight = changed;
            intended = null;
            return this;
        }

        Changed next(int changed) {
            next = changed;
            return this;
        }

        Changed counting(Instant from, Map<String, Standing> standings) {
            since = from;
            before = standings;
            warm = Map.of();
            return this;
        }

        Changed warm(Map<String, Tally> tallies) {
            warm = tallies;
            return this;
        }

        Changed looked() {
            looks++;
            return this;
        }

        Changed stages(List<Stage> changed) {
            stages = changed;
            return this;
        }

        Changed waiting(@Nullable Waiting changed) {
            waiting = changed;
            return this;
        }

        Changed decision(Decision changed) {
            decision = changed;
            return this;
        }

        Changed stopped(Decision changed) {
            stopped = changed;
            return this;
        }

        Changed because(String changed) {
            why = changed;
            return this;
        }

        Changed ended(State how, Instant at) {
            state = how;
            endedAt = at;
            intended = null;
            waiting = null;
            return this;
        }

        Release release() {
            return new Release(
                    old.unit,
                    old.id,
                    old.to,
                    old.from,
                    old.plan,
                    old.reason,
                    old.by,
                    old.at,
                    state,
                    weight,
                    intended,
                    next,
                    looks,
                    since,
                    before,
                    warm,
                    stages,
                    waiting,
                    decision,
                    stopped,
                    why,
                    endedAt,
                    old.revision + 1);
        }
    }
}
