package doubleeleven.risk.aws;

import doubleeleven.aws.Json;
import doubleeleven.risk.credit.CreditAssessor;
import doubleeleven.risk.credit.CreditPolicy;
import doubleeleven.risk.model.Lane.Lanes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The credit policy that ships in the function's zip, and the models whose scores it is for. */
public final class CreditPolicyFile {
    private CreditPolicyFile() {}

    public static CreditAssessor assessor(Lanes lanes) {
        Map<String, Object> file = ModelFiles.read("credit-policy.json");
        Map<String, Object> models = Json.child(file, "models");
        return new CreditAssessor(
                policy(file),
                ModelFiles.defaultModel(Json.child(models, "champion")),
                ModelFiles.defaultModel(Json.child(models, "scorecard")),
                Json.objects(models, "challengers").stream()
                        .map(ModelFiles::defaultModel)
                        .toList(),
                lanes);
    }

    static CreditPolicy policy() {
        return policy(ModelFiles.read("credit-policy.json"));
    }

    private static CreditPolicy policy(Map<String, Object> file) {
        Map<String, Object> byCurrency = Json.child(file, "currencies");
        Map<String, CreditPolicy.Terms> currencies = new LinkedHashMap<>();
        for (String currency : byCurrency.keySet()) {
            currencies.put(currency, terms(Json.child(byCurrency, currency)));
        }
        return new CreditPolicy(
                Json.text(file, "name"),
                Json.number(file, "declinedFrom"),
                Json.number(file, "pointsLeast"),
                Json.number(file, "pointsApproved"),
                numbers(file, "bands").stream().map(Number::doubleValue).toList(),
                Json.integer(file, "paymentsMost"),
                Json.number(file, "pointsDegraded"),
                currencies);
    }

    private static CreditPolicy.Terms terms(Map<String, Object> terms) {
        return new CreditPolicy.Terms(
                Json.integer(terms, "minorPerUnit"),
                numbers(terms, "limits").stream().map(Number::longValue).toList(),
                Json.integer(terms, "limitLeast"),
                Json.integer(terms, "limitDegraded"),
                Json.integer(terms, "step"));
    }

    private static List<Number> numbers(Map<String, Object> object, String field) {
        return object.get(field) instanceof List<?> list
                ? list.stream().map(Number.class::cast).toList()
                : List.of();
    }
}
