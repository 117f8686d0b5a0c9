package doubleeleven.risk;

import doubleeleven.risk.model.Formulas;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * A payment beside the payer's earlier ones: the inputs of the anomaly model, as {@code training/FEATURES.md} defines them. NaN where
 * nothing is known, which makes nothing unusual. Country and basket are no part of a payment here.
 *
 * @param amountMinor sums, mean and deviation too are in minor units, and of the payment's own currency
 */
record Behaviour(
        double amountMinor,
        double hourUtc,
        double countHour,
        double countDay,
        double countWeek,
        double sumHour,
        double sumDay,
        double sumWeek,
        double mean,
        double deviation,
        double countryUsual,
        double lines,
        double quantity) {
    static final Formulas<Behaviour> FORMULAS = new Formulas<>(Map.ofEntries(
            Map.entry("amount", Behaviour::amountMinor),
            Map.entry("amount_z", each -> (each.amountMinor() - each.mean()) / each.deviation()),
            Map.entry("hour", Behaviour::hourUtc),
            Map.entry("count_1h", Behaviour::countHour),
            Map.entry("count_24h", Behaviour::countDay),
            Map.entry("count_7d", Behaviour::countWeek),
            Map.entry("sum_1h", Behaviour::sumHour),
            Map.entry("sum_24h", Behaviour::sumDay),
            Map.entry("sum_7d", Behaviour::sumWeek),
            Map.entry("country_usual", Behaviour::countryUsual),
            Map.entry("lines", Behaviour::lines),
            Map.entry("quantity", Behaviour::quantity)));

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    /** A payer's own mean says something only after a few payments. */
    private static final int KNOWN_LEAST = 3;

    static Behaviour of(Subject subject, FeatureSnapshot features) {
        return switch (features) {
            case FeatureSnapshot.Known known -> of(subject, known);
            case FeatureSnapshot.Missing _ -> unknown(subject);
        };
    }

    private static Behaviour unknown(Subject subject) {
        double none = Double.NaN;
        return new Behaviour(
                subject.amountMinor(), hour(subject), none, none, none, none, none, none, none, none, none, none, none);
    }

    private static Behaviour of(Subject subject, FeatureSnapshot.Known known) {
        double[] amounts = known.recent().stream()
                .filter(each -> each.currency().equals(subject.currency()))
                .mapToDouble(Recent::amountMinor)
                .toArray();
        double mean = Double.NaN;
        double deviation = Double.NaN;
        if (amounts.length >= KNOWN_LEAST) {
            double sum = 0;
            for (double amount : amounts) {
                sum += amount;
            }
            mean = sum / amounts.length;
            double squares = 0;
            for (double amount : amounts) {
                squares += (amount - mean) * (amount - mean);
            }
            deviation = squares == 0 ? Double.NaN : Math.sqrt(squares / amounts.length);
        }
        return new Behaviour(
                subject.amountMinor(),
                hour(subject),
                known.countWithin(HOUR, subject.at()),
                known.countWithin(DAY, subject.at()),
                known.countWithin(WEEK, subject.at()),
                known.sumWithin(HOUR, subject.at(), subject.currency()),
                known.sumWithin(DAY, subject.at(), subject.currency()),
                known.sumWithin(WEEK, subject.at(), subject.currency()),
                mean,
                deviation,
                Double.NaN,
                Double.NaN,
                Double.NaN);
    }

    private static int hour(Subject subject) {
        return subject.at().atOffset(ZoneOffset.UTC).getHour();
    }
}
