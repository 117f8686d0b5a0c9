package doubleeleven.payment.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.aws.Pause;
import doubleeleven.payment.phasetwo.Recovery;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Sweeps every few seconds until the next scheduled run is near: a schedule fires once a minute at best, and a payment in doubt should
 * not wait that long.
 */
public final class RecoveryHandler implements RequestStreamHandler {
    private static final Duration PAUSE_LEAST = Duration.ofSeconds(2);
    private static final Duration PAUSE_MOST = Duration.ofSeconds(6);
    /** Time kept for the payments in hand, so that the function ends before Lambda ends it. */
    private static final Duration RESERVE = Duration.ofSeconds(10);

    private final SweepPlan plan;
    private final Recovery recovery;
    private final Log log;
    private final Metrics metrics;
    private final RandomGenerator chance;
    private final Consumer<Duration> pauses;

    public RecoveryHandler() {
        this(Host.lambda());
    }

    public RecoveryHandler(Host host) {
        this(
                SweepPlan.of(host.environment()),
                Wiring.recovery(host),
                host.log(),
                host.metrics(),
                host.random(),
                Pause::of);
    }

    /** @param pauses waits */
    RecoveryHandler(
            SweepPlan plan,
            Recovery recovery,
            Log log,
            Metrics metrics,
            RandomGenerator chance,
            Consumer<Duration> pauses) {
        this.plan = plan;
        this.recovery = recovery;
        this.log = log;
        this.metrics = metrics;
        this.chance = chance;
        this.pauses = pauses;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Recovery.Sweep total = Recovery.Sweep.NONE;
        // The schedule starts the sweepers of all colours in the same second: each by its own pauses, they look at
        // different times.
        pause(context);
        // Once in a run: it reads the whole index, and nobody is called within seconds for what takes a minute to be an
        // alarm.
        metrics.milliseconds("OldestOpenPayment", oldestMillis());
        // The first sweep looks at every unit as well: the two together, of all sweepers, would be the minute's peak.
        pause(context);
        int sweeps = 0;
        do {
            Recovery.Sweep sweep = sweep(plan.inSweep(sweeps), context);
            if (sweep.aborted() + sweep.driven() + sweep.failed() > 0) {
                log.info("Recovered", counts(sweep));
            }
            total = total.plus(sweep);
            sweeps++;
        } while (pause(context));
        Json.write(counts(total), out);
    }

    private double oldestMillis() {
        long oldest = 0;
        for (SweepPlan.Look look : plan.looks()) {
            try {
                oldest = Math.max(oldest, recovery.oldest(look.unit()).toMillis());
            } catch (RuntimeException e) {
                metrics.count("RecoveryFailed", 1);
                log.error("A unit's open payments could not be looked through", Map.of("unit", look.unit()), e);
            }
        }
        return oldest;
    }

    private Recovery.Sweep sweep(List<SweepPlan.Look> looks, Context context) {
        Recovery.Sweep sum = Recovery.Sweep.NONE;
        for (SweepPlan.Look look : looks) {
            try {
                sum = sum.plus(recovery.sweep(
                        look.unit(), look.patience(), () -> context.getRemainingTimeInMillis() > RESERVE.toMillis()));
            } catch (RuntimeException e) {
                metrics.count("RecoveryFailed", 1);
                log.error("A unit's open payments could not be looked through", Map.of("unit", look.unit()), e);
            }
        }
        return sum;
    }

    private static Map<String, Integer> counts(Recovery.Sweep sweep) {
        return Map.of("aborted", sweep.aborted(), "driven", sweep.driven(), "failed", sweep.failed());
    }

    private boolean pause(Context context) {
        if (context.getRemainingTimeInMillis() < RESERVE.plus(PAUSE_MOST).toMillis()) {
            return false;
        }
        pauses.accept(Duration.ofMillis(chance.nextLong(PAUSE_LEAST.toMillis(), PAUSE_MOST.toMillis() + 1)));
        return true;
    }
}
