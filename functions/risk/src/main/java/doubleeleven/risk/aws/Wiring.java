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
    /** Leaves most of the 20 ms that a decision may take to the read, and enough to decide without it. */
    private static final String READ_TIMEOUT_MILLIS = "12";

    private Wiring() {}

    static Features featureReads(Environment environment) {
        return features(
                environment,
                Duration.ofMillis(Long.parseLong(
                        environment.find("FEATURE_DEADLINE_MILLIS").orElse(READ_TIMEOUT_MILLIS))));
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
