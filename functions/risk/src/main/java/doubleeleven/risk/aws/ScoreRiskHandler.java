package doubleeleven.risk.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.account.AccountKey;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.PaymentKind;
import doubleeleven.risk.FeatureSnapshot;
import doubleeleven.risk.Features;
import doubleeleven.risk.Judgement;
import doubleeleven.risk.PaymentRisk;
import doubleeleven.risk.Subject;
import doubleeleven.risk.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.crac.Core;
import org.crac.Resource;

/** The risk branch of Try: one feature read, all models at once, one decision; all of it within one deadline. */
public final class ScoreRiskHandler implements RequestStreamHandler, Resource {
    private final PaymentRisk risk;
    private final Features features;
    private final Duration deadline;
    private final Clock clock;
    private final Log log;
    private final Metrics metrics;

    public ScoreRiskHandler() {
        this(Host.lambda());
    }

    public ScoreRiskHandler(Host host) {
        this(
                RuleFile.paymentRisk(Wiring.lanes(host)),
                Wiring.featureReads(host),
                Wiring.riskDeadline(host),
                host.clock(),
                host.log(),
                host.metrics());
        Core.getGlobalContext().register(this);
    }

    ScoreRiskHandler(PaymentRisk risk, Features features, Duration deadline, Clock clock, Log log, Metrics metrics) {
        this.risk = risk;
        this.features = features;
        this.deadline = deadline;
        this.clock = clock;
        this.log = log;
        this.metrics = metrics;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Instant began = clock.instant();
        Map<String, Object> payment = Json.child(Json.object(in), "payment");
        Map<String, Object> command = Json.child(payment, "command");
        Judgement judgement = judge(subject(command, began), began);
        long micros = began.until(clock.instant(), ChronoUnit.MICROS);
        report(payment, command, judgement, micros);
        Json.write(answer(judgement, micros), out);
    }

    private static Subject subject(Map<String, Object> command, Instant at) {
        boolean onCredit = Json.objects(command, "branches").stream()
                .anyMatch(branch -> BranchKind.DEBIT.name().equals(branch.get("kind"))
                        && AccountKey.CREDIT.equals(branch.get("sk")));
        return new Subject(
                PaymentKind.valueOf(Json.text(command, "kind")),
                Json.text(command, "payer"),
                Json.integer(command, "amount"),
                Json.text(command, "currency"),
                at,
                onCredit);
    }

    private Judgement judge(Subject subject, Instant began) {
        FeatureSnapshot snapshot = features.of(subject.payer());
        Duration spent = Duration.between(began, clock.instant());
        // A clock that was set back meanwhile gives no more time than there is.
        Duration left = spent.isNegative() ? deadline : deadline.minus(spent);
        return risk.judge(subject, snapshot, left);
    }

    private static Map<String, Object> answer(Judgement judgement, long micros) {
        Verdict verdict = judgement.verdict();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("decision", verdict.isApproved() ? "APPROVE" : "DECLINE");
        answer.put("reasons", verdict.reasons().stream().map(Enum::name).toList());
        answer.put("policy", verdict.policy());
        answer.put("degraded", verdict.isDegraded());
        answer.put("elapsedMicros", micros);
        answer.put(
                "features",
                switch (judgement.features()) {
                    case FeatureSnapshot.Known known ->
                        Map.of("recent", known.recent().size());
                    case FeatureSnapshot.Missing missing -> Map.of("missing", missing.cause());
                });
        answer.put("models", judgement.answers().stream().map(Answers::brief).toList());
        return answer;
    }

    private void report(Map<String, Object> payment, Map<String, Object> command, Judgement judgement, long micros) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("payment", payment.get("pk"));
        fields.put("attempt", payment.get("attempt"));
        fields.put("traceparent", command.get("trace"));
        fields.put("approved", judgement.verdict().isApproved());
        fields.put("micros", micros);
        fields.put("snapshot", PaymentSnapshot.write(judgement));
        log.info("Risk", fields);
        if (judgement.verdict().isDegraded()) {
            metrics.count("RiskDegraded", 1);
        }
        ModelReports.missed(judgement.answers(), log, metrics);
        ModelReports.diverged(judgement.answers(), metrics);
        metrics.milliseconds("RiskDecision", micros / 1000.0);
    }

    /** Before a snapshot: the read, the models' threads and the decision have run once, and the client is warm. Reads only. */
    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        Instant now = clock.instant();
        Judgement judgement = judge(new Subject(PaymentKind.PAYMENT, "none", 1, "GBP", now, false), now);
        Json.write(List.of(answer(judgement, 0), PaymentSnapshot.write(judgement)));
    }

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {
        // The client opens a connection for each burst of calls by itself.
    }
}
