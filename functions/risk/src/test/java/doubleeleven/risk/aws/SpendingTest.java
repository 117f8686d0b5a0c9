package doubleeleven.risk.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.PaymentKind;
import doubleeleven.risk.FeatureSnapshot;
import doubleeleven.risk.Recent;
import doubleeleven.testkit.LocalTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What leaves a customer's accounts is judged, and remembered for the next judgement. */
class SpendingTest {
    private static final Instant NOW = Instant.parse("2025-11-11T00:00:00Z");

    @Test
    void theRulesThatShipJudgeEveryKindByWhichACustomersMoneyLeaves() {
        assertThat(RuleFile.read().judged())
                .isEqualTo(Arrays.stream(PaymentKind.values())
                        .filter(PaymentKind::spends)
                        .collect(Collectors.toSet()));
    }

    @Test
    void paymentsAndTransfersAreRememberedAndWhatComesInIsNot() throws IOException {
        try (LocalTables tables = LocalTables.start()) {
            DynamoDbFeatures features = new DynamoDbFeatures(
                    tables.client(),
                    LocalTables.FEATURE,
                    "us-east-1",
                    Duration.ofSeconds(5),
                    Clock.fixed(NOW, ZoneOffset.UTC));
            FeaturesHandler handler = new FeaturesHandler(
                    features,
                    new Log("features", new PrintStream(new ByteArrayOutputStream(), true, UTF_8), Clock.systemUTC()));
            Map<PaymentKind, Long> amounts = new EnumMap<>(PaymentKind.class);
            for (PaymentKind kind : PaymentKind.values()) {
                amounts.put(kind, 100L + amounts.size());
                handler.handleRequest(decided(kind, amounts.get(kind)), new ByteArrayOutputStream(), context());
            }

            assertThat(((FeatureSnapshot.Known) features.of("14911")).recent())
                    .containsExactlyInAnyOrder(
                            new Recent(NOW, amounts.get(PaymentKind.PAYMENT), "GBP"),
                            new Recent(NOW, amounts.get(PaymentKind.TRANSFER), "GBP"));
        }
    }

    /** Regions write the eventually consistent table at the same time: none may overwrite what another remembered. */
    @Test
    void whatRegionsRememberOfAPayerLiesBesideEachOtherAndIsReadTogether() {
        try (LocalTables tables = LocalTables.start()) {
            List<DynamoDbFeatures> regions = Stream.of("us-east-1", "us-west-2")
                    .map(region -> new DynamoDbFeatures(
                            tables.client(),
                            LocalTables.FEATURE,
                            region,
                            Duration.ofSeconds(5),
                            Clock.fixed(NOW, ZoneOffset.UTC)))
                    .toList();
            for (int i = 0; i < 2; i++) {
                AttemptId attempt = AttemptId.of(OrderHash.ofOrder("gifts", "order-" + i), "k", "f");
                regions.get(i).remember("14911", attempt, new Recent(NOW, 100 + i, "GBP"));
            }
            AttemptId told = AttemptId.of(OrderHash.ofOrder("gifts", "told to both"), "k", "f");
            regions.forEach(region -> region.remember("14911", told, new Recent(NOW, 102, "GBP")));
            regions.getFirst().remember("149110", told, new Recent(NOW, 999, "GBP"));

            assertThat(tables.client()
                            .scan(scan -> scan.tableName(LocalTables.FEATURE))
                            .items())
                    .hasSize(3);
            assertThat(regions)
                    .allSatisfy(region -> assertThat(((FeatureSnapshot.Known) region.of("14911")).recent())
                            .extracting(Recent::amountMinor)
                            .containsExactlyInAnyOrder(100L, 101L, 102L));
        }
    }

    private static ByteArrayInputStream decided(PaymentKind kind, long amount) {
        OrderHash order = OrderHash.ofOrder("gifts", kind.name());
        Map<String, Object> decided = Map.of(
                "status",
                "COMMITTED",
                "kind",
                kind.name(),
                "payer",
                "14911",
                "attempt",
                AttemptId.of(order, "k", "f").value(),
                "decidedAt",
                NOW.toEpochMilli(),
                "amount",
                amount,
                "currency",
                "GBP");
        String batch = Json.write(Map.of("Records", List.of(Map.of("messageId", "m", "body", Json.write(decided)))));
        return new ByteArrayInputStream(batch.getBytes(UTF_8));
    }

    private static Context context() {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, args) -> 60_000);
    }
}
