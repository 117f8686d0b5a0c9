package doubleeleven.gateway.release;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Payments of one colour, drawn a second at a time: so many to each ending, with latencies around a median. Numbers that are large are drawn
 * by the normal approximation, others one by one.
 *
 * @param lost share that fails
 * @param declined share that a source declines
 * @param risk share that risk declines
 * @param medianMillis of a latency whose logarithm is normal
 */
record Traffic(double lost, double declined, double risk, double medianMillis) {
    static final Traffic USUAL = new Traffic(0.0001, 0.03, 0.02, 60);

    private static final double SPREAD = 0.5;
    private static final int ONE_BY_ONE = 200;

    Traffic losing(double share) {
        return new Traffic(share, declined, risk, medianMillis);
    }

    Traffic declining(double share) {
        return new Traffic(lost, share, risk, medianMillis);
    }

    Traffic doubting(double share) {
        return new Traffic(lost, declined, share, medianMillis);
    }

    Traffic taking(double millis) {
        return new Traffic(lost, declined, risk, millis);
    }

    /** What so many payments come to. */
    Tally draw(long payments, Random random) {
        long failed = some(payments, lost, random);
        long left = payments - failed;
        long refused = some(left, declined, random);
        long doubted = some(left - refused, risk, random);
        Map<Ending, Long> endings = new EnumMap<>(Ending.class);
        endings.put(Ending.FAILED, failed);
        endings.put(Ending.DECLINED, refused);
        endings.put(Ending.RISK_DECLINED, doubted);
        endings.put(Ending.PAID, left - refused - doubted);
        return new Tally(endings, latencies(left, random));
    }

    private List<Long> latencies(long answers, Random random) {
        List<Long> latencies = new ArrayList<>(Tally.NONE.latencies());
        if (answers <= ONE_BY_ONE) {
            for (long i = 0; i < answers; i++) {
                double millis = medianMillis * Math.exp(SPREAD * random.nextGaussian());
                int bucket = Latencies.bucket(Duration.ofMillis(Math.round(millis)));
                latencies.set(bucket, latencies.get(bucket) + 1);
            }
            return latencies;
        }
        long left = answers;
        double before = 0;
        for (int i = 0; i < Latencies.BUCKETS && left > 0; i++) {
            double below = i == Latencies.BUCKETS - 1 ? 1 : below(Latencies.belowMillis(i));
            long here = before >= 1 ? left : some(left, (below - before) / (1 - before), random);
            latencies.set(i, here);
            left -= here;
            before = below;
        }
        return latencies;
    }

    private double below(long millis) {
        double deviation = Math.log((double) millis / medianMillis) / SPREAD;
        return NormalDistribution.of(0, 1).cumulativeProbability(deviation);
    }

    /** How many of all, each with that probability. */
    static long some(long all, double share, Random random) {
        double variance = (double) all * share * (1 - share);
        if (variance < 25) {
            return rare(all, share, random);
        }
        return Math.clamp(Math.round((double) all * share + Math.sqrt(variance) * random.nextGaussian()), 0, all);
    }

    /** By the gaps between those it meets, whose lengths are geometric: of a rare kind there are few to draw. */
    private static long rare(long all, double share, Random random) {
        if (share > 0.5) {
            return all - rare(all, 1 - share, random);
        }
        if (share <= 0) {
            return 0;
        }
        long met = 0;
        double at = gap(share, random);
        while (at <= (double) all) {
            met++;
            at += gap(share, random);
        }
        return met;
    }

    private static double gap(double share, Random random) {
        return Math.ceil(Math.log(1 - random.nextDouble()) / Math.log1p(-share));
    }
}
