package doubleeleven.risk.aws;

import doubleeleven.aws.Json;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.PaymentKind;
import doubleeleven.risk.FeatureSnapshot;
import doubleeleven.risk.Judgement;
import doubleeleven.risk.Recent;
import doubleeleven.risk.Subject;
import doubleeleven.risk.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A judgement as it is stored, in the decision's log line: what was read of the payer goes with it as it was, 22 bytes for each payment
 * remembered, so that other rules and models can be tried on it too. Who pays is no part of it: nothing is decided by that.
 */
final class PaymentSnapshot {
    private PaymentSnapshot() {}

    static Map<String, Object> write(Judgement judgement) {
        Subject subject = judgement.subject();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", subject.kind().name());
        json.put("amount", subject.amountMinor());
        json.put("currency", subject.currency());
        json.put("at", subject.at().toString());
        json.put("onCredit", subject.onCredit());
        switch (judgement.features()) {
            case FeatureSnapshot.Known known -> json.put("recent", byCurrency(known));
            case FeatureSnapshot.Missing missing -> json.put("missing", missing.cause());
        }
        json.put("models", Answers.write(judgement.answers()));
        json.put("policy", judgement.verdict().policy());
        json.put(
                "reasons",
                judgement.verdict().reasons().stream().map(Enum::name).toList());
        json.put("degradedBy", judgement.verdict().degradedBy());
        return json;
    }

    static Judgement read(Map<String, Object> json) {
        Subject subject = new Subject(
                PaymentKind.valueOf(Json.text(json, "kind")),
                "",
                Json.integer(json, "amount"),
                Json.text(json, "currency"),
                Instant.parse(Json.text(json, "at")),
                Boolean.TRUE.equals(json.get("onCredit")));
        FeatureSnapshot features = json.containsKey("missing")
                ? new FeatureSnapshot.Missing(Json.text(json, "missing"))
                : new FeatureSnapshot.Known(recent(Json.child(json, "recent")));
        Verdict verdict = new Verdict(
                Json.texts(json, "reasons").stream().map(DeclineReason::valueOf).toList(),
                Json.text(json, "policy"),
                Json.texts(json, "degradedBy"));
        return new Judgement(subject, features, Answers.read(json, "models"), verdict);
    }

    /** Milliseconds and amounts in turn. Each currency keeps its order, so that every sum is added up as before. */
    private static Map<String, List<Long>> byCurrency(FeatureSnapshot.Known known) {
        Map<String, List<Long>> byCurrency = new LinkedHashMap<>();
        for (Recent each : known.recent()) {
            List<Long> numbers = byCurrency.computeIfAbsent(each.currency(), _ -> new ArrayList<>());
            numbers.add(each.at().toEpochMilli());
            numbers.add(each.amountMinor());
        }
        return byCurrency;
    }

    private static List<Recent> recent(Map<String, Object> byCurrency) {
        List<Recent> recent = new ArrayList<>();
        byCurrency.forEach((currency, value) -> {
            List<?> numbers = (List<?>) value;
            for (int i = 0; i < numbers.size(); i += 2) {
                recent.add(new Recent(
                        Instant.ofEpochMilli(((Number) numbers.get(i)).longValue()),
                        ((Number) numbers.get(i + 1)).longValue(),
                        currency));
            }
        });
        return recent;
    }
}
