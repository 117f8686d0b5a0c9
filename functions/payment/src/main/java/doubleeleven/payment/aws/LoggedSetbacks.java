package doubleeleven.payment.aws;

import doubleeleven.account.AccountKey;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payment;
import doubleeleven.payment.phasetwo.Setbacks;
import doubleeleven.payment.phasetwo.SettlementTask;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Setbacks as log lines and as metrics to alarm on. */
record LoggedSetbacks(Log log, Metrics metrics) implements Setbacks {
    @Override
    public void notRecovered(String order, @Nullable String trace, RuntimeException cause) {
        metrics.count("RecoveryFailed", 1);
        log.error("A payment could not be recovered", about(Map.of("payment", order), trace), cause);
    }

    @Override
    public void notTold(Payment payment, RuntimeException cause) {
        metrics.count("RecoveryFailed", 1);
        Command command = payment.command();
        log.error(
                "A decision could not be told",
                about(Map.of("payment", payment.order().value()), command == null ? null : command.trace()),
                cause);
    }

    @Override
    public void notPruned(SettlementTask task, AccountKey account, RuntimeException cause) {
        metrics.count("PruneFailed", 1);
        Map<String, String> fields = Map.of("payment", task.order().value(), "account", account.toString());
        log.error("Old tombstones could not be removed", about(fields, task.trace()), cause);
    }

    private static Map<String, String> about(Map<String, String> fields, @Nullable String trace) {
        Map<String, String> all = new HashMap<>(fields);
        if (trace != null) {
            all.put("traceparent", trace);
        }
        return all;
    }
}
