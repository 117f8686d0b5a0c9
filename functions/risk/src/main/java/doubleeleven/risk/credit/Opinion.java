package doubleeleven.risk.credit;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What the models that decide say of an applicant.
 *
 * @param probability of default, by the champion; empty where it did not answer in time
 * @param points of the scorecard, more is better; empty likewise
 * @param reasons what makes them bad, the champion's before the scorecard's, each once
 */
record Opinion(OptionalDouble probability, OptionalDouble points, List<AdverseReason> reasons) {
    Opinion {
        reasons = List.copyOf(reasons);
    }

    boolean isComplete() {
        return probability.isPresent() && points.isPresent();
    }
}
