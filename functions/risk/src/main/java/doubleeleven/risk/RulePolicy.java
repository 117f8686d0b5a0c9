package doubleeleven.risk;

import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.PaymentKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The first rule set: how much one payment may move, and how many and how much a payer may move within a window.
 *
 * @param name recorded with each decision
 * @param judged the kinds the rules speak about; every other kind is approved, because no customer's money leaves by it
 * @param amountMax by currency, in minor units; a currency without a limit is not served
 * @param amountMaxDegraded the same where nothing is known of the payer
 * @param velocities how often and how much within a window
 */
public record RulePolicy(
        String name,
        Set<PaymentKind> judged,
        Map<String, Long> amountMax,
        Map<String, Long> amountMaxDegraded,
        List<Velocity> velocities) {

    /** The most a payer may do within a window; the sum is in minor units of the payment's own currency. */
    public record Velocity(Duration window, long countMax, long sumMaxMinor) {}

    public RulePolicy {
        judged = Set.copyOf(judged);
        amountMax = Map.copyOf(amountMax);
        amountMaxDegraded = Map.copyOf(amountMaxDegraded);
        velocities = List.copyOf(velocities);
    }

    /** The same subject and snapshot give the same verdict, always. */
    public Verdict decide(Subject subject, FeatureSnapshot features) {
        boolean degraded = features instanceof FeatureSnapshot.Missing;
        if (!judged.contains(subject.kind())) {
            return new Verdict(List.of(), name, degraded);
        }
        List<DeclineReason> reasons = new ArrayList<>();
        long max = (degraded ? amountMaxDegraded : amountMax).getOrDefault(subject.currency(), 0L);
        if (subject.amountMinor() > max) {
            reasons.add(DeclineReason.RISK_AMOUNT_LIMIT);
        }
        if (features instanceof FeatureSnapshot.Known known) {
            addVelocity(subject, known, reasons);
        }
        return new Verdict(reasons, name, degraded);
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
