package doubleeleven.risk.credit;

import doubleeleven.risk.model.Answer;
import doubleeleven.risk.model.DefaultModel;
import doubleeleven.risk.model.Lane.Lanes;
import doubleeleven.risk.model.Model;
import doubleeleven.risk.model.Model.Reason;
import doubleeleven.risk.model.Panel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides on applications: the champion's probability of default and the scorecard's points, by a policy. Challengers are asked the same,
 * and decide nothing.
 */
public final class CreditAssessor {
    private static final int CHAMPION = 0;
    private static final int SCORECARD = 1;
    /** The models that decide. */
    private static final int DECIDING = 2;

    private final CreditPolicy policy;
    private final List<DefaultModel> models;
    private final List<Function<Applicant, double[]>> features;
    private final Panel<Applicant> panel;

    /**
     * Puts models and policy together.
     *
     * @throws IllegalArgumentException where a model takes features or gives reasons that are not known here
     */
    public CreditAssessor(
            CreditPolicy policy,
            DefaultModel champion,
            DefaultModel scorecard,
            List<? extends DefaultModel> challengers,
            Lanes lanes) {
        this.policy = policy;
        List<DefaultModel> all = new ArrayList<>(List.of(champion, scorecard));
        all.addAll(challengers);
        this.models = List.copyOf(all);
        this.features = models.stream().map(CreditFeatures.FORMULAS::of).toList();
        this.panel = new Panel<>(CreditFeatures.FORMULAS, models, lanes);
        models.forEach(model -> model.possibleReasons().forEach(reason -> AdverseReason.valueOf(reason.code())));
    }

    /**
     * Decides, whatever becomes of the models.
     *
     * @param left how long to wait for them
     */
    public Assessment assess(Application application, Duration left) {
        return assessment(application, panel.ask(application.applicant(), left));
    }

    /**
     * Decides again what was decided before; what was not known then is not known now.
     *
     * @throws Panel.NotReproducible where a model or the policy is another, or a model says something else
     */
    public Assessment assessAgain(Assessment before) {
        panel.requireSame(before.application().applicant(), before.answers());
        if (!before.policy().equals(policy.name())) {
            throw new Panel.NotReproducible("decided by " + before.policy() + ", this is " + policy.name());
        }
        return assessment(before.application(), before.answers());
    }

    private Assessment assessment(Application application, List<Answer> answers) {
        List<String> degradedBy = answers.subList(0, DECIDING).stream()
                .filter(Answer.Missed.class::isInstance)
                .map(each -> each.model() + ": " + ((Answer.Missed) each).cause())
                .toList();
        Decision decision = policy.decide(application, opinion(application.applicant(), answers));
        return new Assessment(application, answers, decision, policy.name(), degradedBy);
    }

    private Opinion opinion(Applicant applicant, List<Answer> answers) {
        Set<AdverseReason> reasons = new LinkedHashSet<>();
        for (int i = 0; i < DECIDING; i++) {
            if (answers.get(i) instanceof Answer.Scored) {
                for (Reason reason : models.get(i).reasons(features.get(i).apply(applicant))) {
                    reasons.add(AdverseReason.valueOf(reason.code()));
                }
            }
        }
        return new Opinion(
                probability(answers, CHAMPION),
                score(answers.get(SCORECARD)),
                reasons.stream().limit(Model.REASONS_MOST).toList());
    }

    private OptionalDouble probability(List<Answer> answers, int model) {
        OptionalDouble score = score(answers.get(model));
        return score.isPresent() ? OptionalDouble.of(models.get(model).probability(score.getAsDouble())) : score;
    }

    private static OptionalDouble score(Answer answer) {
        return answer instanceof Answer.Scored scored ? OptionalDouble.of(scored.score()) : OptionalDouble.empty();
    }

    /** How far each challenger's probability of default is from the champion's, by name; of those that answered. */
    public Map<String, Double> divergences(Assessment assessment) {
        Map<String, Double> divergences = new LinkedHashMap<>();
        OptionalDouble champion = probability(assessment.answers(), CHAMPION);
        for (int i = DECIDING; i < models.size() && champion.isPresent(); i++) {
            OptionalDouble challenger = probability(assessment.answers(), i);
            if (challenger.isPresent()) {
                divergences.put(models.get(i).name(), Math.abs(challenger.getAsDouble() - champion.getAsDouble()));
            }
        }
        return divergences;
    }

    /** The values of all features that a model takes, by name, without those that are missing. */
    public Map<String, Double> features(Applicant applicant) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 0; i < models.size(); i++) {
            double[] each = features.get(i).apply(applicant);
            for (int j = 0; j < each.length; j++) {
                if (!Double.isNaN(each[j])) {
                    values.put(models.get(i).features().get(j), each[j]);
                }
            }
        }
        return values;
    }
}
