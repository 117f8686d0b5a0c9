package doubleeleven.risk;

import doubleeleven.risk.model.Answer;
import java.util.List;

/**
 * A decision with all that it rests on: it can be taken again from it, by the same models and rules.
 *
 * @param answers of the model that decides, first, and of those that only look on
 */
public record Judgement(Subject subject, FeatureSnapshot features, List<Answer> answers, Verdict verdict) {
    public Judgement {
        answers = List.copyOf(answers);
    }
}
