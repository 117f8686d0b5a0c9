package doubleeleven.risk.aws;

import doubleeleven.aws.Json;
import doubleeleven.payment.PaymentKind;
import doubleeleven.risk.PaymentRisk;
import doubleeleven.risk.RulePolicy;
import doubleeleven.risk.model.Lane.Lanes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The rule set that ships in the function's zip, and the models it is for. */
public final class RuleFile {
    private static final String FILE = "rules.json";

    private RuleFile() {}

    static RulePolicy read() {
        return policy(ModelFiles.read(FILE));
    }

    public static PaymentRisk paymentRisk(Lanes lanes) {
        Map<String, Object> rules = ModelFiles.read(FILE);
        Map<String, Object> models = Json.child(rules, "models");
        return new PaymentRisk(
                policy(rules),
                ModelFiles.model(Json.child(models, "champion")),
                Json.objects(models, "challengers").stream()
                        .map(ModelFiles::model)
                        .toList(),
                lanes);
    }

    private static RulePolicy policy(Map<String, Object> rules) {
        List<RulePolicy.Velocity> velocities = Json.objects(rules, "velocities").stream()
                .map(each -> new RulePolicy.Velocity(
                        Duration.ofSeconds(Json.integer(each, "windowSeconds")),
                        Json.integer(each, "countMax"),
                        Json.integer(each, "sumMaxMinor")))
                .toList();
        return new RulePolicy(
                Json.text(rules, "name"),
                judged(rules),
                limits(rules, "amountMax"),
                limits(rules, "amountMaxDegraded"),
                velocities,
                anomaly(rules, "anomaly"),
                anomaly(rules, "anomalyOnCredit"));
    }

    private static Set<PaymentKind> judged(Map<String, Object> rules) {
        return ((List<?>) rules.getOrDefault("judged", List.of()))
                .stream().map(String::valueOf).map(PaymentKind::valueOf).collect(Collectors.toSet());
    }

    private static Map<String, Long> limits(Map<String, Object> rules, String name) {
        Map<String, Long> limits = new LinkedHashMap<>();
        ((Map<?, ?>) rules.getOrDefault(name, Map.of()))
                .forEach((currency, max) -> limits.put((String) currency, ((Number) max).longValue()));
        return limits;
    }

    private static RulePolicy.Anomaly anomaly(Map<String, Object> rules, String name) {
        Map<String, Object> byCurrency = Json.child(rules, name);
        Map<String, List<RulePolicy.Tier>> tiers = new LinkedHashMap<>();
        for (String currency : byCurrency.keySet()) {
            tiers.put(
                    currency,
                    Json.objects(byCurrency, currency).stream()
                            .map(each -> new RulePolicy.Tier(
                                    Json.integer(each, "amountLeast"), Json.number(each, "declinedFrom")))
                            .toList());
        }
        return new RulePolicy.Anomaly(tiers);
    }
}
