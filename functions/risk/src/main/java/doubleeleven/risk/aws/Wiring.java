package doubleeleven.risk.aws;

import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.risk.Features;
import java.time.Clock;
import java.time.Duration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Puts the parts together, once per execution environment. */
final class Wiring {
    private Wiring() {}

    static Features featureReads(Environment environment) {
        return features(
                environment, Duration.ofMillis(Long.parseLong(environment.require("FEATURE_READ_MILLISECONDS"))));
    }

    static Features featureWrites(Environment environment) {
        return features(environment, Duration.ofSeconds(2));
    }

    private static Features features(Environment environment, Duration readTimeout) {
        return new DynamoDbFeatures(
                Clients.local(DynamoDbClient.builder(), environment),
                Tables.feature(environment),
                readTimeout,
                Clock.systemUTC());
    }
}
