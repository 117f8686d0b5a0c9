package doubleeleven.risk.credit;

import doubleeleven.risk.credit.Decision.Approved;
import doubleeleven.risk.credit.Decision.Declined;
import doubleeleven.risk.credit.Decision.Review;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Who gets credit, and how much. What is not complete is decided more strictly: never for more than the degraded limit, which is at most
 * that of the worst band, and never for more than a customer has already.
 *
 * @param name recorded with each decision
 * @param declinedFrom probability of default from which an application is declined
 * @param pointsLeast below so many points it is declined
 * @param pointsApproved from so many points on it may be approved
 * @param bands by probability of default, the best first; above the last a person decides
 * @param paymentsMost how many times the applicant's mean monthly payment a limit may be
 * @param pointsDegraded from so many points on the scorecard alone carries an approval
 * @param currencies those that are served
 */
public record CreditPolicy(
        String name,
        double declinedFrom,
        double pointsLeast,
        double pointsApproved,
        List<Double> bands,
        long paymentsMost,
        double pointsDegraded,
        Map<String, Terms> currencies) {

    /**
     * Limits in minor units of one currency.
     *
     * @param minorPerUnit what one unit of the training set's money counts for
     * @param limits the most in each band
     * @param limitLeast below it no line is worth opening
     * @param limitDegraded the most where not all models answered
     * @param step limits are multiples of it
     */
    public record Terms(long minorPerUnit, List<Long> limits, long limitLeast, long limitDegraded, long step) {
        public Terms {
            limits = List.copyOf(limits);
            require(minorPerUnit > 0 && minorPerUnit <= 10_000, "minorPerUnit must be from 1 to 10000");
            require(!limits.isEmpty() && isFalling(limits), "limits must fall from band to band");
            require(limitLeast > 0, "limitLeast must be above 0");
            require(step > 0, "step must be above 0");
            require(
                    limitLeast <= limitDegraded && limitDegraded <= limits.getLast(),
                    "limitDegraded must be from limitLeast to the worst band's limit");
        }

        private static boolean isFalling(List<Long> limits) {
            return IntStream.range(1, limits.size()).allMatch(i -> limits.get(i) <= limits.get(i - 1));
        }
    }

    public CreditPolicy {
        bands = List.copyOf(bands);
        currencies = Map.copyOf(currencies);
        require(!bands.isEmpty() && isRising(bands), "bands must rise, from above 0");
        require(declinedFrom >= bands.getLast() && declinedFrom <= 1, "declinedFrom must be from the last band to 1");
        require(
                pointsLeast <= pointsApproved && pointsApproved <= pointsDegraded,
                "pointsLeast, pointsApproved and pointsDegraded must rise");
        require(paymentsMost > 0 && paymentsMost <= 120, "paymentsMost must be from 1 to 120");
        for (Map.Entry<String, Terms> each : currencies.entrySet()) {
            require(
                    each.getValue().limits().size() == bands.size(),
                    "currencies." + each.getKey() + ".limits must be one for each band");
        }
    }

    private static boolean isRising(List<Double> bands) {
        return bands.getFirst() > 0 && IntStream.range(1, bands.size()).allMatch(i -> bands.get(i) > bands.get(i - 1));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("credit policy: " + what);
        }
    }

    /** The same application and opinion give the same decision, always. */
    Decision decide(Application application, Opinion opinion) {
        Terms terms = currencies.get(application.currency());
        if (terms == null) {
            return new Declined(List.of(AdverseReason.CURRENCY_NOT_SERVED));
        }
        if (application.requestedLimit() < terms.limitLeast()) {
            return new Declined(List.of(AdverseReason.REQUEST_BELOW_LEAST));
        }
        if (opinion.probability().orElse(0) >= declinedFrom || opinion.points().orElse(pointsLeast) < pointsLeast) {
            return new Declined(orOverall(opinion));
        }
        long most = most(application, opinion, terms);
        if (most < terms.limitLeast()) {
            return new Declined(List.of(AdverseReason.LOW_PAYMENTS));
        }
        if (isApproved(application, opinion)) {
            return new Approved(most);
        }
        boolean keeps = !opinion.isComplete() && application.currentLimit() > 0;
        return new Review(keeps ? Math.min(most, application.currentLimit()) : most, opinion.reasons());
    }

    private boolean isApproved(Application application, Opinion opinion) {
        double points = opinion.points().orElse(Double.NEGATIVE_INFINITY);
        if (opinion.isComplete()) {
            return opinion.probability().orElseThrow() < bands.getLast() && points >= pointsApproved;
        }
        boolean raises = application.currentLimit() > 0 && application.requestedLimit() > application.currentLimit();
        return opinion.probability().isEmpty() && points >= pointsDegraded && !raises;
    }

    private long most(Application application, Opinion opinion, Terms terms) {
        long paid = application.applicant().payAmt().stream()
                .mapToLong(Long::longValue)
                .sum();
        // Below 2^63: the applicant's amounts and the policy's factors are bounded.
        long affordable = paid * paymentsMost / Applicant.MONTHS * terms.minorPerUnit();
        long most = Math.min(Math.min(application.requestedLimit(), affordable), band(opinion, terms));
        return most - most % terms.step();
    }

    private long band(Opinion opinion, Terms terms) {
        if (!opinion.isComplete()) {
            return terms.limitDegraded();
        }
        double probability = opinion.probability().orElseThrow();
        for (int i = 0; i < bands.size(); i++) {
            if (probability < bands.get(i)) {
                return terms.limits().get(i);
            }
        }
        return terms.limits().getLast();
    }

    private static List<AdverseReason> orOverall(Opinion opinion) {
        return opinion.reasons().isEmpty() ? List.of(AdverseReason.OVERALL_RISK) : opinion.reasons();
    }
}
