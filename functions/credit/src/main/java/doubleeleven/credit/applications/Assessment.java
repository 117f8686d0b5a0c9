package doubleeleven.credit.applications;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What models and policy said of an application.
 *
 * @param reasons why not, in order of weight
 * @param degraded a model was missing
 * @param snapshot all that the decision can be repeated from, as JSON
 */
public record Assessment(List<String> reasons, String policy, boolean degraded, String snapshot) {
    public Assessment {
        reasons = List.copyOf(reasons);
    }

    /**
     * Who decided by hand, and why.
     *
     * @param reviewer id of the operator's key
     */
    public record Review(String reviewer, String reason) {}

    /** A verdict on an application; the review is null where nobody looked at it. */
    public record Verdict(Assessment assessment, @Nullable Review review) {}
}
