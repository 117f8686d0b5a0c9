package doubleeleven.gateway.stress;

import doubleeleven.gateway.release.Latencies;
import doubleeleven.gateway.release.Tally;
import doubleeleven.gateway.stress.Plan.Conditions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Judges by figures. Live traffic comes first, in this order; each stops the test:
 *
 * <ol>
 *   <li>The door that live callers share refuses a call, once: nobody but the door's own limit does that.
 *   <li>Phase two of live payments gave something up.
 *   <li>Of live payments more failed, or are overdue, than the plan lets and chance explains; the door broke for more calls than that.
 *   <li>Of live payments 5 in 100 more than before take longer than twice what 90 in 100 took before the test.
 *   <li>The shadow's own payments fail, or are slow: in the middle of a step where chance does not explain it, at its end by the figure itself.
 * </ol>
 *
 * <p>Live figures are looked at since the step began and since the last look: a long good time excuses no bad moment.
 */
record Judgement(Conditions conditions, Live before) {
    /** What a system that just keeps to a limit comes to in one look of a hundred is no chance. */
    static final double CHANCE = 0.01;

    private static final double PER_THOUSAND = 1000;
    private static final double SLOWEST_SHARE = 0.01;
    private static final double SLOW_QUANTILE = 0.9;
    private static final double SLOW_MARGIN = 0.05;
    private static final int FEWEST_FOR_LATENCY = 20;

    /** Whether live traffic is well enough to begin at all. */
    Optional<String> unwell() {
        if (before.deadLetters() > 0) {
            return Optional.of("phase two gave up %,d live messages".formatted(before.deadLetters()));
        }
        return failures(before).or(() -> overdue(before));
    }

    /**
     * What a look says.
     *
     * @param slice load since the last look
     * @param step load since the step began
     * @param live live traffic since the last look, and since the step began
     * @param over whether the step has no more slices
     */
    Verdict at(Load slice, Load step, List<Live> live, boolean over) {
        Optional<String> suffering = Optional.<String>empty()
                .or(() -> slice.of(Outcome.DOOR_BUSY) > 0
                        ? Optional.of("the door refused %,d calls, and live callers use the same"
                                .formatted(slice.of(Outcome.DOOR_BUSY)))
                        : Optional.empty());
        for (Live window : live) {
            suffering = suffering
                    .or(() -> deadLetters(window))
                    .or(() -> failures(window))
                    .or(() -> overdue(window))
                    .or(() -> latency(window.tally()));
        }
        suffering = suffering.or(() -> moreThan(
                conditions.liveFailuresPerThousand() / PER_THOUSAND,
                step.of(Outcome.DOOR_FAILED),
                step.sent(),
                "calls broke at the door, which live callers share"));
        if (suffering.isPresent()) {
            return new Verdict.LiveSuffers(suffering.get());
        }
        Optional<String> failing = over ? notHeld(step) : failing(step);
        if (failing.isPresent()) {
            return new Verdict.NotHeld(failing.get());
        }
        return over ? new Verdict.Held() : new Verdict.GoOn();
    }

    private static Optional<String> deadLetters(Live window) {
        return window.deadLetters() > 0
                ? Optional.of("phase two gave up %,d live messages".formatted(window.deadLetters()))
                : Optional.empty();
    }

    private Optional<String> failures(Live window) {
        return moreThan(liveLimit(), window.tally().lost(), window.tally().payments(), "live payments failed");
    }

    private Optional<String> overdue(Live window) {
        return moreThan(
                liveLimit(),
                window.overdue(),
                Math.max(window.overdue(), window.tally().payments()),
                "live payments are decided and not finished in time");
    }

    private Optional<String> latency(Tally now) {
        long ours = now.answered();
        long theirs = before.tally().answered();
        if (ours < FEWEST_FOR_LATENCY || theirs < FEWEST_FOR_LATENCY) {
            return Optional.empty();
        }
        int limit = before.tally().quantile(SLOW_QUANTILE) + Latencies.DOUBLE;
        double allowed = (before.tally().slowerThan(limit) + 1.0) / (theirs + 2.0) + SLOW_MARGIN;
        return moreThan(
                Math.min(1, allowed),
                now.slowerThan(limit),
                ours,
                "live payments take longer than twice the %,d ms that 90 in 100 kept to before"
                        .formatted(Latencies.belowMillis(limit - Latencies.DOUBLE)));
    }

    private Optional<String> failing(Load step) {
        return moreThan(
                        conditions.failuresPerThousand() / PER_THOUSAND,
                        step.failed(),
                        step.due(),
                        "payments of the test failed")
                .or(() -> moreThan(
                        SLOWEST_SHARE,
                        step.slowerThan(conditions.p99Millis()),
                        step.sent(),
                        "payments of the test took longer than %,d ms".formatted(conditions.p99Millis())));
    }

    private Optional<String> notHeld(Load step) {
        if (step.failed() * PER_THOUSAND > (double) conditions.failuresPerThousand() * step.due()) {
            return Optional.of("%s payments of the test failed; %s are let"
                    .formatted(of(step.failed(), step.due()), share(conditions.failuresPerThousand() / PER_THOUSAND)));
        }
        return step.p99Millis() > conditions.p99Millis()
                ? Optional.of("99 in 100 payments of the test took up to %,d ms; %,d are let"
                        .formatted(step.p99Millis(), conditions.p99Millis()))
                : Optional.empty();
    }

    private double liveLimit() {
        return conditions.liveFailuresPerThousand() / PER_THOUSAND;
    }

    /** So many, or more, where each comes with the share that is let: no chance. */
    private static Optional<String> moreThan(double let, long some, long all, String what) {
        if (some == 0
                || BinomialDistribution.of(Math.toIntExact(all), let).survivalProbability(Math.toIntExact(some) - 1)
                        >= CHANCE) {
            return Optional.empty();
        }
        return Optional.of("%s %s; %s are let".formatted(of(some, all), what, share(let)));
    }

    private static String of(long some, long all) {
        return String.format(Locale.ROOT, "%,d of %,d", some, all);
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
