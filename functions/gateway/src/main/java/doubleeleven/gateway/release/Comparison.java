package doubleeleven.gateway.release;

import java.util.List;
import java.util.Locale;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Holds a new colour against the one that served before, over the same time.
 *
 * <p>Each look asks five questions. That an equal colour fails any of them at any look of its whole release has at most the probability
 * {@link #FALSE_ALARM}: look <i>n</i> of a release spends a share of 1 / n (n + 1) of it, a fifth of that on each question, and the
 * probabilities add up whatever the looks have in common. So one may look as often as one likes and act on each look.
 *
 * <ul>
 *   <li>Failures, and settlements that are overdue: any difference to the worse counts. Fisher's exact test, one-sided.
 *   <li>Declines, by a source and by risk, two-sided: a colour that declines nobody is broken too. A customer sees one colour and may try
 *       again and again, so payments of one customer are no independent draws, and the customers of the two colours are not the same: a
 *       difference counts from one point in a hundred on, and its error is taken as double.
 *   <li>Latency: whether more than 5 in 100 payments beyond those of the other colour take longer than twice its 90th percentile. An exact
 *       binomial test; what a colour answers before its first look at a step is left out, because cold is not slow.
 * </ul>
 */
record Comparison(Sample green, Sample blue) {
    /** Probability that a release of an equal colour is rolled back. */
    static final double FALSE_ALARM = 0.01;

    /** Below it nobody goes on before more is seen. */
    private static final double DOUBT = 0.05;

    /** Of losses, which are compared without a margin: one of three thousand payments is no reason to wait for the next. */
    private static final double MATTERS = 0.01;

    private static final double DECLINE_MARGIN = 0.01;
    private static final double DECLINE_ERROR_FACTOR = 2;
    private static final int FEWEST_FOR_DECLINES = 100;
    private static final double SLOW_QUANTILE = 0.9;
    private static final double SLOW_MARGIN = 0.05;
    private static final int FEWEST_FOR_LATENCY = 20;
    /** Where so many of the old colour's payments fail, the unit is in trouble and nobody can tell whose fault it is. */
    private static final double TROUBLE = 0.05;

    /**
     * One colour since a step began.
     *
     * @param warm what was answered since the first look at the step
     * @param deadLetters more than there were
     */
    record Sample(Tally tally, Tally warm, long overdue, long deadLetters) {}

    /**
     * How unlikely it is that an equal colour comes to such a figure.
     *
     * @param probability at most
     * @param matters whether it would be too much, if it stayed like that
     * @param figure in words
     */
    private record Answer(double probability, boolean matters, String figure) {
        String inWords() {
            return figure + String.format(Locale.ROOT, "; by chance with a probability of %.1e at most", probability);
        }
    }

    /**
     * What the figures say. A figure that matters and that one equal colour in twenty comes to is no reason to roll back, and none to go on:
     * more payments will tell.
     *
     * @param look number of the look in its release, from 1 on
     * @param least payments of each colour that are enough; 0 where the old one serves nobody any more and no more will come
     * @param soaked what began with the step had time to be finished
     */
    Verdict at(long look, long least, boolean soaked) {
        if (green.deadLetters() > 0) {
            return new Verdict.RollBack("its phase two gave up %,d messages".formatted(green.deadLetters()));
        }
        List<Answer> answers = List.of(
                failures(),
                overdue(),
                declines(Ending.DECLINED, "declined"),
                declines(Ending.RISK_DECLINED, "declined by risk"),
                latency());
        double alpha = FALSE_ALARM / ((double) look * (look + 1)) / answers.size();
        for (Answer answer : answers) {
            if (answer.probability() < alpha) {
                return new Verdict.RollBack(answer.inWords());
            }
        }
        for (Answer answer : answers) {
            if (least > 0 && answer.matters() && answer.probability() < DOUBT) {
                return new Verdict.NotEnough("in doubt: " + answer.inWords());
            }
        }
        Tally old = blue.tally();
        if (old.lost() > TROUBLE * old.payments()) {
            return new Verdict.NotEnough("the unit is in trouble: " + share(old.lost(), old.payments())
                    + " of the payments fail by the other colour too");
        }
        if (!soaked || green.tally().payments() < least || old.payments() < least) {
            return new Verdict.NotEnough("%,d payments, and %,d of the other colour; %,d of each are enough"
                    .formatted(green.tally().payments(), old.payments(), least));
        }
        return new Verdict.GoOn(compared("failed", green.tally().lost(), old.lost()));
    }

    private Answer failures() {
        return moreThanByChance(
                green.tally().lost(),
                green.tally().payments(),
                blue.tally().lost(),
                blue.tally().payments(),
                compared("failed", green.tally().lost(), blue.tally().lost()));
    }

    private Answer overdue() {
        return moreThanByChance(
                green.overdue(),
                Math.max(green.overdue(), green.tally().answered()),
                blue.overdue(),
                Math.max(blue.overdue(), blue.tally().answered()),
                "%,d of its payments are decided and not finished in time, against %,d"
                        .formatted(green.overdue(), blue.overdue()));
    }

    private Answer declines(Ending ending, String what) {
        String figure = compared(what, green.tally().of(ending), blue.tally().of(ending));
        long one = green.tally().answered();
        long other = blue.tally().answered();
        if (one < FEWEST_FOR_DECLINES || other < FEWEST_FOR_DECLINES) {
            return new Answer(1, false, figure);
        }
        // One more of each kind keeps the error of a share of nothing, or of all, from being none.
        double ours = (green.tally().of(ending) + 1.0) / (one + 2.0);
        double theirs = (blue.tally().of(ending) + 1.0) / (other + 2.0);
        double error =
                DECLINE_ERROR_FACTOR * Math.sqrt(ours * (1 - ours) / (one + 2) + theirs * (1 - theirs) / (other + 2));
        double distance = (Math.abs(ours - theirs) - DECLINE_MARGIN) / error;
        return new Answer(2 * NormalDistribution.of(0, 1).survivalProbability(Math.max(0, distance)), true, figure);
    }

    private Answer latency() {
        long ours = green.warm().answered();
        long theirs = blue.warm().answered();
        int limit = blue.warm().quantile(SLOW_QUANTILE) + Latencies.DOUBLE;
        long slow = green.warm().slowerThan(limit);
        String figure = "%s of its payments take longer than twice the other colour's 90th percentile of %,d ms"
                .formatted(share(slow, ours), Latencies.belowMillis(limit - Latencies.DOUBLE));
        if (ours < FEWEST_FOR_LATENCY || theirs < FEWEST_FOR_LATENCY) {
            return new Answer(1, false, figure);
        }
        double allowed = Math.min(1, (blue.warm().slowerThan(limit) + 1.0) / (theirs + 2.0) + SLOW_MARGIN);
        return new Answer(
                BinomialDistribution.of(Math.toIntExact(ours), allowed).survivalProbability(Math.toIntExact(slow) - 1),
                true,
                figure);
    }

    /** So many, or more, of all that happened, where who serves makes no difference. */
    private static Answer moreThanByChance(long ours, long ourAll, long theirs, long theirAll, String figure) {
        if (ours == 0) {
            return new Answer(1, false, figure);
        }
        double probability = HypergeometricDistribution.of(
                        Math.toIntExact(ourAll + theirAll), Math.toIntExact(ours + theirs), Math.toIntExact(ourAll))
                .survivalProbability(Math.toIntExact(ours) - 1);
        double difference = ours / (double) ourAll - (theirAll == 0 ? 0 : theirs / (double) theirAll);
        return new Answer(probability, difference > MATTERS, figure);
    }

    private String compared(String what, long ours, long theirs) {
        return what + " " + of(ours, green.tally().payments()) + " against "
                + of(theirs, blue.tally().payments());
    }

    private static String of(long some, long all) {
        return String.format(Locale.ROOT, "%,d of %,d (%s)", some, all, share(some, all));
    }

    private static String share(long some, long all) {
        return String.format(Locale.ROOT, "%.2f %%", all == 0 ? 0 : 100.0 * some / all);
    }
}
