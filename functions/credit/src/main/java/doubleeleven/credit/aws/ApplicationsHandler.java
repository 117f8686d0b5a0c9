package doubleeleven.credit.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.credit.Application.Status;
import doubleeleven.credit.applications.Assessment;
import doubleeleven.credit.applications.Decisions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/** The steps of the workflow that decides on an application: REVIEW, APPROVE or DECLINE. */
public final class ApplicationsHandler implements RequestStreamHandler {
    private final Decisions decisions;
    private final Log log;
    private final Metrics metrics;

    public ApplicationsHandler() {
        this(Host.lambda());
    }

    public ApplicationsHandler(Host host) {
        this.decisions = new Decisions(Wiring.applications(host), host.clock());
        this.log = host.log();
        this.metrics = host.metrics();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> input = Json.object(in);
        Map<String, Object> application = child(input, "application");
        String customer = Json.text(application, "customer");
        String number = Json.text(application, "application");
        Assessment assessment = assessment(child(input, "assessment"));
        String step = Json.text(input, "step");
        Status status = switch (step) {
            case "REVIEW" -> decisions.review(customer, number, assessment, Json.text(input, "token"));
            case "APPROVE" ->
                decisions.approve(
                        customer,
                        number,
                        new Assessment.Verdict(assessment, review(input)),
                        Money.ofMinor(
                                CurrencyUnit.of(Json.text(application, "currency")), Json.integer(input, "limit")));
            case "DECLINE" -> decisions.decline(customer, number, new Assessment.Verdict(assessment, review(input)));
            default -> throw new IllegalArgumentException("step must be REVIEW, APPROVE or DECLINE: " + step);
        };
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("application", number);
        line.put("step", step);
        line.put("status", status.name());
        line.put("reasons", assessment.reasons());
        line.put("degraded", assessment.degraded());
        log.info("Application", line);
        metrics.count("Applications", 1, Map.of("status", status.name()));
        Json.write(Map.of("status", status.name()), out);
    }

    private static Assessment assessment(Map<String, Object> json) {
        Object reasons = json.getOrDefault("reasons", List.of());
        return new Assessment(
                reasons instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : List.of(),
                Json.text(json, "policy"),
                Boolean.TRUE.equals(json.get("degraded")),
                Json.write(json.getOrDefault("snapshot", Map.of())));
    }

    private static Assessment.@Nullable Review review(Map<String, Object> input) {
        Map<String, Object> review = child(input, "review");
        if (review.isEmpty()) {
            return null;
        }
        return new Assessment.Review(Json.text(review, "reviewer"), Json.text(review, "reason"));
    }

    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    private static Map<String, Object> child(Map<String, Object> object, String name) {
        if (object.get(name) instanceof Map<?, ?> child) {
            return (Map<String, Object>) child;
        }
        throw new IllegalArgumentException("no object in field " + name);
    }
}
