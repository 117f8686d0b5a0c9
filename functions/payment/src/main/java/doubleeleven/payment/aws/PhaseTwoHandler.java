package doubleeleven.payment.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Host;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.aws.SqsBatch;
import doubleeleven.payment.phasetwo.HoldMissing;
import doubleeleven.payment.phasetwo.PhaseTwo;
import doubleeleven.payment.phasetwo.Settlement;
import doubleeleven.payment.phasetwo.SettlementTask;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Confirm and Cancel for a batch of messages; each fails alone. */
public final class PhaseTwoHandler implements RequestStreamHandler {
    private final PhaseTwo phaseTwo;
    private final Log log;
    private final Metrics metrics;

    public PhaseTwoHandler() {
        this(Host.lambda());
    }

    public PhaseTwoHandler(Host host) {
        this(Wiring.phaseTwo(host), host.log(), host.metrics());
    }

    PhaseTwoHandler(PhaseTwo phaseTwo, Log log, Metrics metrics) {
        this.phaseTwo = phaseTwo;
        this.log = log;
        this.metrics = metrics;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        new SqsBatch(log).each(in, out, this::settle);
    }

    private void settle(Map<String, Object> body) {
        SettlementTask task = SqsSettlementQueue.read(body);
        try {
            Settlement settlement = phaseTwo.settle(task);
            log.info("Phase two", fields(body, task, settlement));
            if (settlement instanceof Settlement.Finished finished) {
                metrics.count(
                        "PaymentsFinished",
                        1,
                        Map.of("status", finished.status().name()));
            }
        } catch (HoldMissing e) {
            metrics.count("HoldMissing", 1);
            throw e;
        }
    }

    private static Map<String, Object> fields(Map<String, Object> body, SettlementTask task, Settlement settlement) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("payment", task.order().value());
        fields.put("attempt", task.attempt().value());
        fields.put("why", body.getOrDefault("why", "DECIDED"));
        fields.put("outcome", settlement.getClass().getSimpleName());
        if (task.trace() != null) {
            fields.put("traceparent", task.trace());
        }
        return fields;
    }
}
