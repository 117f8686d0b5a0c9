package doubleeleven.risk.aws;

import doubleeleven.aws.Json;
import doubleeleven.risk.credit.AdverseReason;
import doubleeleven.risk.credit.Applicant;
import doubleeleven.risk.credit.Application;
import doubleeleven.risk.credit.Assessment;
import doubleeleven.risk.credit.Decision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** An assessment as it is stored with the application: the raw columns, so that it can be taken again by these or other models. */
final class CreditSnapshot {
    private static final int MONTHS = 6;

    private CreditSnapshot() {}

    static Map<String, Object> write(Assessment assessment, Map<String, Double> features) {
        Application application = assessment.application();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("currency", application.currency());
        json.put("requestedLimit", application.requestedLimit());
        json.put("currentLimit", application.currentLimit());
        json.put("applicant", write(application.applicant()));
        json.put("features", features);
        json.put("models", Answers.write(assessment.answers()));
        json.put("policy", assessment.policy());
        json.put("degradedBy", assessment.degradedBy());
        json.putAll(write(assessment.decision()));
        return json;
    }

    static Assessment read(Map<String, Object> json) {
        return new Assessment(
                application(json),
                Answers.read(json, "models"),
                decision(json),
                Json.text(json, "policy"),
                Json.texts(json, "degradedBy"));
    }

    /** Outcome, limit (what may be granted at most, where a person decides) and reasons. */
    static Map<String, Object> write(Decision decision) {
        return switch (decision) {
            case Decision.Approved approved -> decision("APPROVE", approved.limit(), List.of());
            case Decision.Review review -> decision("REVIEW", review.limitMost(), review.reasons());
            case Decision.Declined declined -> decision("DECLINE", 0, declined.reasons());
        };
    }

    private static Map<String, Object> decision(String outcome, long limit, List<AdverseReason> reasons) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("outcome", outcome);
        json.put("limit", limit);
        json.put("reasons", reasons.stream().map(Enum::name).toList());
        return json;
    }

    private static Decision decision(Map<String, Object> json) {
        long limit = Json.integer(json, "limit");
        List<AdverseReason> reasons =
                Json.texts(json, "reasons").stream().map(AdverseReason::valueOf).toList();
        return switch (Json.text(json, "outcome")) {
            case "APPROVE" -> new Decision.Approved(limit);
            case "REVIEW" -> new Decision.Review(limit, reasons);
            case "DECLINE" -> new Decision.Declined(reasons);
            default -> throw new IllegalArgumentException("no outcome: " + json.get("outcome"));
        };
    }

    /** An application as it is asked for and stored; its current limit may be left out. */
    static Application application(Map<String, Object> json) {
        Map<String, Object> applicant = Json.child(json, "applicant");
        return new Application(
                Json.text(json, "currency"),
                Json.integer(json, "requestedLimit"),
                json.containsKey("currentLimit") ? Json.integer(json, "currentLimit") : 0,
                new Applicant(
                        Json.integer(applicant, "limitBal"),
                        months(applicant, "pay"),
                        months(applicant, "billAmt"),
                        months(applicant, "payAmt")));
    }

    private static List<Long> months(Map<String, Object> applicant, String name) {
        return IntStream.range(0, MONTHS)
                .mapToObj(month -> Json.integer(applicant, Applicant.column(name, month)))
                .toList();
    }

    private static Map<String, Object> write(Applicant applicant) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("limitBal", applicant.limitBal());
        putMonths(json, "pay", applicant.pay());
        putMonths(json, "billAmt", applicant.billAmt());
        putMonths(json, "payAmt", applicant.payAmt());
        return json;
    }

    private static void putMonths(Map<String, Object> json, String name, List<Long> values) {
        for (int month = 0; month < MONTHS; month++) {
            json.put(Applicant.column(name, month), values.get(month));
        }
    }
}
