package doubleeleven.payment;

import java.util.List;

/** What the risk branch answered, as recorded with the decision. */
public record RiskVerdict(String decision, List<String> reasons, String policy, boolean degraded, long elapsedMicros) {}
