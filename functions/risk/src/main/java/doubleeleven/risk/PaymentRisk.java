package doubleeleven.risk;

import doubleeleven.risk.model.Answer;
import doubleeleven.risk.model.Lane.Lanes;
import doubleeleven.risk.model.Model;
import doubleeleven.risk.model.Panel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Judges payments by rules and by how unusual they are. Challengers are asked the same, and decide nothing. */
public final class PaymentRisk {
    private final RulePolicy policy;
    private final Panel<Behaviour> panel;

    public PaymentRisk(RulePolicy policy, Model champion, List<? extends Model> challengers, Lanes lanes) {
        this.policy = policy;
        List<Model> models = new ArrayList<>(challengers);
        models.addFirst(champion);
        this.panel = new Panel<>(Behaviour.FORMULAS, models, lanes);
    }

    /**
     * Judges a payment, whatever becomes of the models.
     *
     * @param left how long to wait for them
     */
    public Judgement judge(Subject subject, FeatureSnapshot features, Duration left) {
        List<Answer> answers = panel.ask(Behaviour.of(subject, features), left);
        return judgement(subject, features, answers);
    }

    /**
     * Judges again what was judged before; what was not known then is not known now.
     *
     * @throws Panel.NotReproducible where a model is another or says something else
     */
    public Judgement judgeAgain(Judgement before) {
        panel.requireSame(Behaviour.of(before.subject(), before.features()), before.answers());
        if (!before.verdict().policy().equals(policy.name())) {
            throw new Panel.NotReproducible("decided by " + before.verdict().policy() + ", these are " + policy.name());
        }
        return judgement(before.subject(), before.features(), before.answers());
    }

    private Judgement judgement(Subject subject, FeatureSnapshot features, List<Answer> answers) {
        return new Judgement(subject, features, answers, policy.decide(subject, features, answers.getFirst()));
    }
}
