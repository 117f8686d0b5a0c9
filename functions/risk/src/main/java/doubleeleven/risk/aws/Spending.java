package doubleeleven.risk.aws;

import doubleeleven.aws.Json;
import doubleeleven.ids.AttemptId;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.risk.Features;
import doubleeleven.risk.Recent;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a payer spent by one attempt, as the features remember it, whether a message tells of it or the payment itself. */
record Spending(String payer, AttemptId attempt, Recent paid) {
    /**
     * Reads what is told of a payment.
     *
     * @param told a {@link doubleeleven.aws.dynamodb.DecidedMessage}
     * @return empty where it is not paid, or no customer's money leaves by it
     */
    static Optional<Spending> of(Map<String, Object> told) {
        boolean spent = PaymentStatus.valueOf(Json.text(told, "status")).isPaid()
                && PaymentKind.valueOf(Json.text(told, "kind")).spends();
        return spent
                ? Optional.of(new Spending(
                        Json.text(told, "payer"),
                        new AttemptId(Json.text(told, "attempt")),
                        new Recent(
                                Instant.ofEpochMilli(Json.integer(told, "decidedAt")),
                                Json.integer(told, "amount"),
                                Json.text(told, "currency"))))
                : Optional.empty();
    }

    void rememberIn(Features features) {
        features.remember(payer, attempt, paid);
    }
}
