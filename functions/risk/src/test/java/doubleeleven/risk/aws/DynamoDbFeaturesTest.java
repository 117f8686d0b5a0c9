package doubleeleven.risk.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.risk.FeatureSnapshot;
import doubleeleven.risk.Features;
import doubleeleven.risk.Recent;
import doubleeleven.testkit.LocalTables;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DynamoDbFeaturesTest {
    private static final Instant NOW = Instant.parse("2025-11-11T00:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Nothing comes back on the connection, and it stays open: only the deadline ends the read. */
    @Test
    void aTableThatNeverAnswersIsGivenUpAndItsCauseIsNamed() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                DynamoDbClient client = DynamoDbClient.builder()
                        .endpointOverride(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            assertThat(features(client, Duration.ofMillis(100)).of("14911"))
                    .isEqualTo(new FeatureSnapshot.Missing("TIMEOUT"));
        }
    }

    @Test
    void aReadThatNeverComesBackIsNotWaitedForAndOthersAreStillMade() {
        CountDownLatch released = new CountDownLatch(1);
        try {
            BoundedFeatures bounded = new BoundedFeatures(
                    reading(payer -> {
                        if (payer.equals("stalled")) {
                            awaitDeaf(released);
                        }
                        return new FeatureSnapshot.Known(List.of());
                    }),
                    Duration.ofSeconds(1));

            for (int i = 1; i < BoundedFeatures.OPEN_MAX; i++) {
                assertThat(bounded.of("stalled")).isEqualTo(new FeatureSnapshot.Missing("TIMEOUT"));
            }
            assertThat(bounded.of("14911")).isInstanceOf(FeatureSnapshot.Known.class);
            assertThat(bounded.of("stalled")).isEqualTo(new FeatureSnapshot.Missing("TIMEOUT"));
            for (int i = 0; i < 100; i++) {
                assertThat(bounded.of("14911")).isEqualTo(new FeatureSnapshot.Missing("BUSY"));
            }
            assertThat(released.getCount()).isOne();
        } finally {
            released.countDown();
        }
    }

    /** A call whose connection is closed under it may trip on that anywhere. */
    @Test
    void aReadThatFailsInWhateverWayIsAMissingSnapshot() {
        BoundedFeatures bounded = new BoundedFeatures(
                reading(_ -> {
                    throw new NullPointerException("http is null");
                }),
                LONG);

        assertThat(bounded.of("14911")).isEqualTo(new FeatureSnapshot.Missing("FAILED"));
    }

    private static Features reading(Function<String, FeatureSnapshot> read) {
        return new Features() {
            @Override
            public FeatureSnapshot of(String payer) {
                return read.apply(payer);
            }

            @Override
            public void remember(String payer, AttemptId attempt, Recent paid) {
                throw new UnsupportedOperationException();
            }
        };
    }

    private static void awaitDeaf(CountDownLatch released) {
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                // As a socket does that is being read from.
            }
        }
    }

    @Test
    void whatIsNoPaymentInTheTableIsNoFaultOfThePayer() {
        try (LocalTables tables = LocalTables.inProcess()) {
            tables.client()
                    .putItem(request -> request.tableName(LocalTables.FEATURE)
                            .item(Map.of(
                                    "pk", AttributeValue.fromS("C#14911"),
                                    "sk", AttributeValue.fromS("VELOCITY#us-east-1"),
                                    "recent",
                                            AttributeValue.fromM(Map.of(
                                                    "a",
                                                    AttributeValue.fromM(
                                                            Map.of("at", AttributeValue.fromN("1.5"))))))));

            assertThat(features(tables.client(), LONG).of("14911"))
                    .isEqualTo(new FeatureSnapshot.Missing("UNREADABLE"));
        }
    }

    @Test
    void aWeekIsRememberedAndOfABusyPayerTheLastHourAndTheNewestBeforeIt() {
        try (LocalTables tables = LocalTables.inProcess()) {
            DynamoDbFeatures features = features(tables.client(), LONG);
            for (int i = 0; i < 200; i++) {
                features.remember(
                        "14911", attempt(i), paid(NOW.minus(Duration.ofDays(6)).plusSeconds(i)));
            }
            for (int i = 200; i < 260; i++) {
                features.remember("14911", attempt(i), paid(NOW.minusSeconds(60)));
            }

            List<Recent> recent = ((FeatureSnapshot.Known) features.of("14911")).recent();

            assertThat(recent)
                    .filteredOn(each -> each.at().equals(NOW.minusSeconds(60)))
                    .hasSize(60);
            assertThat(recent)
                    .filteredOn(each -> each.at().isBefore(NOW.minusSeconds(60)))
                    .hasSizeBetween(DynamoDbFeatures.OLDER_KEPT_MAX, DynamoDbFeatures.OLDER_KEPT_MAX + 49)
                    .allSatisfy(each -> assertThat(each.at())
                            .isAfterOrEqualTo(NOW.minus(Duration.ofDays(6)).plusSeconds(51)));
        }
    }

    @Test
    void whatIsOlderThanAWeekIsForgotten() {
        try (LocalTables tables = LocalTables.inProcess()) {
            DynamoDbFeatures features = features(tables.client(), LONG);
            for (int i = 0; i < 50; i++) {
                features.remember(
                        "14911",
                        attempt(i),
                        paid(NOW.minus(DynamoDbFeatures.KEPT).minusSeconds(1)));
            }
            features.remember("14911", attempt(50), paid(NOW));

            assertThat(((FeatureSnapshot.Known) features.of("14911")).recent()).containsExactly(paid(NOW));
        }
    }

    private static Recent paid(Instant at) {
        return new Recent(at, 100, "GBP");
    }

    private static AttemptId attempt(int number) {
        return AttemptId.of(OrderHash.ofOrder("gifts", "order-" + number), "k", "f");
    }

    private static DynamoDbFeatures features(DynamoDbClient client, Duration readTimeout) {
        return new DynamoDbFeatures(
                client, LocalTables.FEATURE, "us-east-1", readTimeout, Clock.fixed(NOW, ZoneOffset.UTC));
    }
}
