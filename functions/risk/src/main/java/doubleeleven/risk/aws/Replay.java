package doubleeleven.risk.aws;

import doubleeleven.aws.Json;
import doubleeleven.risk.Judgement;
import doubleeleven.risk.PaymentRisk;
import doubleeleven.risk.credit.Assessment;
import doubleeleven.risk.credit.CreditAssessor;
import doubleeleven.risk.model.Lane;
import doubleeleven.risk.model.Panel;

/** Takes decisions again from what was stored of them, with the models and policies of this zip. */
public final class Replay {
    private final PaymentRisk payments = RuleFile.paymentRisk(Lane::onCaller);
    private final CreditAssessor credit = CreditPolicyFile.assessor(Lane::onCaller);

    /**
     * Judges a payment again.
     *
     * @param snapshot from the decision's log line, as JSON
     * @throws Panel.NotReproducible where it comes out differently, or is of other models or rules than these
     */
    public Judgement payment(String snapshot) {
        Judgement before = PaymentSnapshot.read(Json.object(snapshot));
        Judgement again = payments.judgeAgain(before);
        requireEqual(before, again);
        return again;
    }

    /** The same for an application for credit, from the handler's answer. */
    public Assessment credit(String snapshot) {
        Assessment before = CreditSnapshot.read(Json.object(snapshot));
        Assessment again = credit.assessAgain(before);
        requireEqual(before, again);
        return again;
    }

    private static void requireEqual(Record before, Record again) {
        if (!before.equals(again)) {
            throw new Panel.NotReproducible("was " + before + ", is " + again);
        }
    }
}
