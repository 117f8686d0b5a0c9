package doubleeleven.risk;

import doubleeleven.payment.DeclineReason;
import java.util.List;

/**
 * A decision with its reasons.
 *
 * @param reasons empty exactly when approved
 * @param policy the rules' name and version
 * @param degraded decided without features, by the stricter policy
 */
public record Verdict(List<DeclineReason> reasons, String policy, boolean degraded) {
    public Verdict {
        reasons = List.copyOf(reasons);
    }

    public boolean isApproved() {
        return reasons.isEmpty();
    }
}
