package doubleeleven.risk.credit;

import doubleeleven.risk.model.Answer;
import java.util.List;

/**
 * A decision on an application with all that it rests on: it can be taken again from it, by the same models and policy.
 *
 * @param answers of the champion, the scorecard, and the challengers
 * @param policy its name and version
 * @param degradedBy models that decide and did not answer in time, with the cause; empty where all did
 */
public record Assessment(
        Application application, List<Answer> answers, Decision decision, String policy, List<String> degradedBy) {
    public Assessment {
        answers = List.copyOf(answers);
        degradedBy = List.copyOf(degradedBy);
    }

    public boolean isDegraded() {
        return !degradedBy.isEmpty();
    }
}
