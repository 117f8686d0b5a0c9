package doubleeleven.risk.aws;

import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.risk.model.Answer;
import java.util.List;
import java.util.Map;

/** Tells operators which models did not answer, and how far a challenger is from the champion. */
final class ModelReports {
    private ModelReports() {}

    static void missed(List<Answer> answers, Log log, Metrics metrics) {
        for (Answer answer : answers) {
            if (answer instanceof Answer.Missed missed) {
                log.warn(
                        "Model missed",
                        Map.of(
                                "model", missed.model(),
                                "version", missed.version(),
                                "cause", missed.cause().name(),
                                "detail", missed.detail()));
                metrics.count("RiskModelMissed", 1, Map.of("model", missed.model()));
            }
        }
    }

    static void diverged(String challenger, double divergence, Metrics metrics) {
        metrics.value("RiskDivergence", divergence, Map.of("model", challenger));
    }

    /** How far scores of challengers are from the champion's, the first. */
    static void diverged(List<Answer> answers, Metrics metrics) {
        if (answers.getFirst() instanceof Answer.Scored champion) {
            for (Answer answer : answers.subList(1, answers.size())) {
                if (answer instanceof Answer.Scored challenger) {
                    diverged(challenger.model(), Math.abs(challenger.score() - champion.score()), metrics);
                }
            }
        }
    }
}
