package doubleeleven.risk.aws;

import doubleeleven.aws.Json;
import doubleeleven.payment.PaymentKind;
import doubleeleven.risk.RulePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The rule set that ships in the function's zip: changing a limit is a deployment, with its review and its way back. */
final class RuleFile {
    private RuleFile() {}

    static RulePolicy read() {
        try (InputStream in = RuleFile.class.getResourceAsStream("/rules.json")) {
            if (in == null) {
                throw new IllegalStateException("rules.json is not in the zip");
            }
            return policy(Json.object(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                velocities);
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
}
