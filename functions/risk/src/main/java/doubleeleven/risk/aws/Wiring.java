package doubleeleven.risk.aws;

import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.risk.Features;
import doubleeleven.risk.model.Lane;
import doubleeleven.risk.model.Lane.Lanes;
import java.time.Duration;

/** Puts the parts together, once per execution environment. */
final class Wiring {
    private Wiring() {}

    /** Reads that end with the deadline of the decision, if not before. */
    static Features featureReads(Host host) {
        Duration limit = milliseconds(host, "FEATURE_READ_MILLISECONDS");
        Duration deadline = riskDeadline(host);
        Duration most = limit.compareTo(deadline) < 0 ? limit : deadline;
        Features features = features(host, most);
        return isOnOneThread(host) ? features : new BoundedFeatures(features, most);
    }

    /** Threads of their own, or none where nothing may run at once: time then only ends what has not begun. */
    static Lanes lanes(Host host) {
        return isOnOneThread(host) ? Lane::onCaller : Lane::onThreads;
    }

    private static boolean isOnOneThread(Host host) {
        return host.environment().find("RISK_THREADS").filter("0"::equals).isPresent();
    }

    /** How long a decision may take, features included. */
    static Duration riskDeadline(Host host) {
        return milliseconds(host, "RISK_DEADLINE_MILLISECONDS");
    }

    private static Duration milliseconds(Host host, String name) {
        return Duration.ofMillis(Long.parseLong(host.environment().require(name)));
    }

    static Features featureWrites(Host host) {
        return features(host, Duration.ofSeconds(2));
    }

    private static Features features(Host host, Duration readTimeout) {
        return new DynamoDbFeatures(
                Clients.dynamoDb(host),
                Tables.feature(host.environment()),
                host.environment().region(),
                readTimeout,
                host.clock());
    }
}
