package doubleeleven.risk.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.payment.PaymentKind;
import doubleeleven.risk.FeatureSnapshot;
import doubleeleven.risk.Features;
import doubleeleven.risk.RulePolicy;
import doubleeleven.risk.Subject;
import doubleeleven.risk.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.crac.Core;
import org.crac.Resource;

/** The risk branch of Try: one feature read, one decision. */
public final class ScoreRiskHandler implements RequestStreamHandler, Resource {
    private final RulePolicy policy;
    private final Features features;
    private final Clock clock;
    private final Log log;
    private final Metrics metrics;

    public ScoreRiskHandler() {
        this(Host.lambda());
    }

    public ScoreRiskHandler(Host host) {
        this(RuleFile.read(), Wiring.featureReads(host), host.clock(), host.log(), host.metrics());
        Core.getGlobalContext().register(this);
    }

    ScoreRiskHandler(RulePolicy policy, Features features, Clock clock, Log log, Metrics metrics) {
        this.policy = policy;
        this.features = features;
        this.clock = clock;
        this.log = log;
        this.metrics = metrics;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Instant began = clock.instant();
        Map<String, Object> payment = child(Json.object(in), "payment");
        Map<String, Object> command = child(payment, "command");
        Subject subject = new Subject(
                PaymentKind.valueOf(Json.text(command, "kind")),
                Json.text(command, "payer"),
                Json.integer(command, "amount"),
                Json.text(command, "currency"),
                clock.instant());
        FeatureSnapshot snapshot = features.of(subject.payer());
        Verdict verdict = policy.decide(subject, snapshot);
        long micros = began.until(clock.instant(), ChronoUnit.MICROS);
        report(payment, command, verdict, snapshot, micros);
        Json.write(answer(verdict, snapshot, micros), out);
    }

    private static Map<String, Object> answer(Verdict verdict, FeatureSnapshot snapshot, long micros) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("decision", verdict.isApproved() ? "APPROVE" : "DECLINE");
        answer.put("reasons", verdict.reasons().stream().map(Enum::name).toList());
        answer.put("policy", verdict.policy());
        answer.put("degraded", verdict.degraded());
        answer.put("elapsedMicros", micros);
        answer.put(
                "features",
                switch (snapshot) {
                    case FeatureSnapshot.Known known ->
                        Map.of("recent", known.recent().size());
                    case FeatureSnapshot.Missing missing -> Map.of("missing", missing.cause());
                });
        return answer;
    }

    private void report(
            Map<String, Object> payment,
            Map<String, Object> command,
            Verdict verdict,
            FeatureSnapshot snapshot,
            long micros) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("payment", payment.get("pk"));
        fields.put("attempt", payment.get("attempt"));
        fields.put("traceparent", command.get("trace"));
        fields.put("approved", verdict.isApproved());
        fields.put("reasons", verdict.reasons().stream().map(Enum::name).toList());
        fields.put("micros", micros);
        if (snapshot instanceof FeatureSnapshot.Missing missing) {
            fields.put("degraded", missing.cause());
            metrics.count("RiskDegraded", 1);
        }
        log.info("Risk", fields);
        metrics.milliseconds("RiskDecision", micros / 1000.0);
    }

    /** Before a snapshot: the classes of the read and of the decision are loaded and the client is warm. Reads only. */
    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        policy.decide(new Subject(PaymentKind.PAYMENT, "none", 1, "GBP", clock.instant()), features.of("none"));
    }

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {
        // The client opens a connection for each burst of calls by itself.
    }

    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    private static Map<String, Object> child(Map<String, Object> object, String name) {
        if (object.get(name) instanceof Map<?, ?> child) {
            return (Map<String, Object>) child;
        }
        throw new IllegalArgumentException("no object in field " + name);
    }
}
