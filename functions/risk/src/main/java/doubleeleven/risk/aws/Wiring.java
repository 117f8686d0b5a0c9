package doubleeleven.risk.aws;

import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.risk.Features;
import java.time.Duration;

/** Puts the parts together, once per execution environment. */
final class Wiring {
    private Wiring() {}

    static Features featureReads(Host host) {
        String limit = host.environment().require("FEATURE_READ_MILLISECONDS");
        return features(host, Duration.ofMillis(Long.parseLong(limit)));
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
