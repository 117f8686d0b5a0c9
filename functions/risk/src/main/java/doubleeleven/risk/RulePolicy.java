package doubleeleven.risk;

import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.PaymentKind;
import doubleeleven.risk.model.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much one payment may move, how many and how much a payer may move within a window, and from which amount on a payment must not be
 * too unusual for its payer.
 *
 * @param name recorded with each decision
 * @param judged the kinds the rules speak about; every other kind is approved, because no customer's money leaves by it
 * @param amountMax by currency, in minor units; a currency without a limit is not served
 * @param amountMaxDegraded the same where the payer's payments or the model's score are not known
 * @param velocities how often and how much within a window
 * @param anomaly what a payment may score, from an amount on
 * @param anomalyOnCredit the same where a part is paid from a credit line
 */
public record RulePolicy(
        String name,
        Set<PaymentKind> judged,
        Map<String, Long> amountMax,
        Map<String, Long> amountMaxDegraded,
        List<Velocity> velocities,
        Anomaly anomaly,
        Anomaly anomalyOnCredit) {

    /** The most a payer may do within a window; the sum is in minor units of the payment's own currency. */
    public record Velocity(Duration window, long countMax, long sumMaxMinor) {}

    /**
     * What is unusual is not dishonest: only a large amount is declined for it, and the larger the sooner.
     *
     * @param tiers by currency, in minor units; a currency that the model was not trained on has none
     */
    public record Anomaly(Map<String, List<Tier>> tiers) {
        public Anomaly {
            tiers = Map.copyOf(tiers);
        }

        boolean declines(Subject subject, double score) {
            return tiers.getOrDefault(subject.currency(), List.of()).stream()
                    .anyMatch(tier -> subject.amountMinor() >= tier.amountLeast() && score >= tier.declinedFrom());
        }
    }

    /** From that amount on, a payment that scores so much is declined. */
    public record Tier(long amountLeast, double declinedFrom) {}

    public RulePolicy {
        judged = Set.copyOf(judged);
        amountMax = Map.copyOf(amountMax);
        amountMaxDegraded = Map.copyOf(amountMaxDegraded);
        velocities = List.copyOf(velocities);
    }

    /** The same subject, snapshot and answer of the model give the same verdict, always. */
    public Verdict decide(Subject subject, FeatureSnapshot features, Answer unusual) {
        List<String> degradedBy = new ArrayList<>();
        if (features instanceof FeatureSnapshot.Missing missing) {
            degradedBy.add("features: " + missing.cause());
        }
        if (unusual instanceof Answer.Missed missed) {
            degradedBy.add(missed.model() + ": " + missed.cause());
        }
        if (!judged.contains(subject.kind())) {
            return new Verdict(List.of(), name, degradedBy);
        }
        List<DeclineReason> reasons = new ArrayList<>();
        long max = (degradedBy.isEmpty() ? amountMax : amountMaxDegraded).getOrDefault(subject.currency(), 0L);
        if (subject.amountMinor() > max) {
            reasons.add(DeclineReason.RISK_AMOUNT_LIMIT);
        }
        if (features instanceof FeatureSnapshot.Known known) {
            addVelocity(subject, known, reasons);
        }
        if (unusual instanceof Answer.Scored scored
                && (subject.onCredit() ? anomalyOnCredit : anomaly).declines(subject, scored.score())) {
            reasons.add(DeclineReason.RISK_ANOMALY);
        }
        return new Verdict(reasons, name, degradedBy);
    }

    private void addVelocity(Subject subject, FeatureSnapshot.Known known, List<DeclineReason> reasons) {
        boolean tooMany = false;
        boolean tooMuch = false;
        for (Velocity velocity : velocities) {
            tooMany |= known.countWithin(velocity.window(), subject.at()) >= velocity.countMax();
            long sum = known.sumWithin(velocity.window(), subject.at(), subject.currency());
            tooMuch |= sum > velocity.sumMaxMinor() - subject.amountMinor();
        }
        if (tooMany) {
            reasons.add(DeclineReason.RISK_VELOCITY_COUNT);
        }
        if (tooMuch) {
            reasons.add(DeclineReason.RISK_VELOCITY_AMOUNT);
        }
    }
}
