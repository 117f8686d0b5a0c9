package doubleeleven.risk;

import doubleeleven.payment.DeclineReason;
import java.util.List;

/**
 * A decision with its reasons.
 *
 * @param reasons empty exactly when approved
 * @param policy the rules' name and version
 * @param degradedBy what was not known in time, so that the stricter policy decided; empty where all was
 */
public record Verdict(List<DeclineReason> reasons, String policy, List<String> degradedBy) {
    public Verdict {
        reasons = List.copyOf(reasons);
        degradedBy = List.copyOf(degradedBy);
    }

    public boolean isApproved() {
        return reasons.isEmpty();
    }

    public boolean isDegraded() {
        return !degradedBy.isEmpty();
    }
}
