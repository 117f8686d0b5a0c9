package doubleeleven.risk.credit;

import java.util.List;

/** What becomes of an application. Limits are in minor units. */
public sealed interface Decision {
    /** A line up to that limit. */
    record Approved(long limit) implements Decision {}

    /**
     * A person decides.
     *
     * @param limitMost what may be granted at most
     * @param reasons what speaks against it; empty where nothing stands out
     */
    record Review(long limitMost, List<AdverseReason> reasons) implements Decision {
        public Review {
            reasons = List.copyOf(reasons);
        }
    }

    /** No line, and why: always with a reason. */
    record Declined(List<AdverseReason> reasons) implements Decision {
        public Declined {
            reasons = List.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("a decline names its reasons");
            }
        }
    }
}
