package doubleeleven.risk.aws;

import doubleeleven.ids.AttemptId;
import doubleeleven.risk.FeatureSnapshot;
import doubleeleven.risk.Features;
import doubleeleven.risk.Recent;
import doubleeleven.risk.model.Lane;
import doubleeleven.risk.model.Lane.Outcome;
import java.time.Duration;

/**
 * Reads that end in time. The SDK's own time limit does not do: it closes the connection, and a call that is just about to use it trips on
 * that with an error of the JDK, or has missed it and waits until its socket gives up.
 */
final class BoundedFeatures implements Features {
    /** Reads that have not come back, one of them that of this decision. Beyond them nothing is read. */
    static final int OPEN_MAX = 4;

    private final Features features;
    private final Duration limit;
    private final Lane lane = Lane.onThreads("features", OPEN_MAX);

    BoundedFeatures(Features features, Duration limit) {
        this.features = features;
        this.limit = limit;
    }

    @Override
    public FeatureSnapshot of(String payer) {
        long end = System.nanoTime() + limit.toNanos();
        return switch (lane.begin(() -> features.of(payer)).await(end)) {
            case Outcome.Done<FeatureSnapshot>(FeatureSnapshot read) -> read;
            case Outcome.Failed<FeatureSnapshot> _ -> new FeatureSnapshot.Missing("FAILED");
            case Outcome.Late<FeatureSnapshot> _ -> new FeatureSnapshot.Missing("TIMEOUT");
            case Outcome.Busy<FeatureSnapshot> _ -> new FeatureSnapshot.Missing("BUSY");
        };
    }

    @Override
    public void remember(String payer, AttemptId attempt, Recent paid) {
        features.remember(payer, attempt, paid);
    }
}
