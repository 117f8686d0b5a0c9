package doubleeleven.risk.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.risk.credit.Applicant;
import doubleeleven.risk.credit.Application;
import doubleeleven.risk.credit.Assessment;
import doubleeleven.risk.credit.CreditAssessor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.crac.Core;
import org.crac.Resource;

/**
 * Decides on an application for credit. Takes {@code application} with {@code id}, {@code customer}, {@code currency},
 * {@code requestedLimit}, {@code currentLimit} of an open line, and {@code applicant} with the training set's columns in camel case.
 * Answers outcome, limit, reasons and the snapshot from which the decision can be taken again.
 */
public final class AssessCreditHandler implements RequestStreamHandler, Resource {
    private final CreditAssessor assessor;
    private final Duration deadline;
    private final Log log;
    private final Metrics metrics;

    public AssessCreditHandler() {
        this(Host.lambda());
    }

    public AssessCreditHandler(Host host) {
        this(CreditPolicyFile.assessor(Wiring.lanes(host)), Wiring.riskDeadline(host), host.log(), host.metrics());
        Core.getGlobalContext().register(this);
    }

    AssessCreditHandler(CreditAssessor assessor, Duration deadline, Log log, Metrics metrics) {
        this.assessor = assessor;
        this.deadline = deadline;
        this.log = log;
        this.metrics = metrics;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> application = Json.child(Json.object(in), "application");
        Assessment assessment = assessor.assess(CreditSnapshot.application(application), deadline);
        report(application, assessment);
        Json.write(answer(assessment), out);
    }

    private Map<String, Object> answer(Assessment assessment) {
        Map<String, Object> answer = CreditSnapshot.write(assessment.decision());
        answer.put("degraded", assessment.isDegraded());
        answer.put("policy", assessment.policy());
        answer.put(
                "snapshot",
                CreditSnapshot.write(
                        assessment, assessor.features(assessment.application().applicant())));
        return answer;
    }

    /** The snapshot is stored with the application; the log has no data of the applicant. */
    private void report(Map<String, Object> application, Assessment assessment) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("application", application.get("id"));
        fields.putAll(CreditSnapshot.write(assessment.decision()));
        fields.put("policy", assessment.policy());
        fields.put("models", Answers.write(assessment.answers()));
        fields.put("degradedBy", assessment.degradedBy());
        log.info("Credit assessed", fields);
        if (assessment.isDegraded()) {
            metrics.count("CreditDegraded", 1);
        }
        ModelReports.missed(assessment.answers(), log, metrics);
        assessor.divergences(assessment)
                .forEach((model, divergence) -> ModelReports.diverged(model, divergence, metrics));
    }

    /** Before a snapshot: every model, their threads and the decision have run once. */
    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        List<Long> none = List.of(0L, 0L, 0L, 0L, 0L, 0L);
        Assessment assessment =
                assessor.assess(new Application("GBP", 1, 0, new Applicant(1, none, none, none)), deadline);
        Json.write(answer(assessment));
    }

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {
        // Nothing is open that could have been lost.
    }
}
