package doubleeleven.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.routing.Traffic;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What operators' queries and CloudWatch read from standard output. */
class LinesTest {
    private static final Instant NOW = Instant.parse("2025-11-11T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, UTF_8);

    @Test
    void aLogLineIsOneObjectWithTheUsualFieldsAndItsOwn() {
        new Log("phase-two", out, CLOCK).info("Phase two", Map.of("payment", "p", "note", "two\nlines"));

        assertThat(line())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "timestamp", "2025-11-11T00:00:00Z",
                        "level", "INFO",
                        "service", "phase-two",
                        "message", "Phase two",
                        "payment", "p",
                        "note", "two\nlines"));
    }

    @Test
    void anErrorCarriesItsWholeCauseInOneLine() {
        new Log("phase-two", out, CLOCK)
                .error(
                        "It failed",
                        Map.of(),
                        new IllegalStateException("outer", new IllegalArgumentException("inner")));

        assertThat(line()).containsEntry("level", "ERROR");
        assertThat(line().get("error").toString()).contains("outer", "Caused by", "inner");
    }

    @Test
    void aMetricIsInTheEmbeddedFormatWithEveryDimensionItIsSumByBeingAField() {
        Metrics metrics = new Metrics(Map.of("service", "phase-two", "unit", "RZ01"), out, CLOCK);

        metrics.count("PaymentsFinished", 2, Map.of("status", "SUCCEEDED"));

        Map<String, Object> line = line();
        assertThat(line)
                .containsEntry("PaymentsFinished", 2)
                .containsEntry("service", "phase-two")
                .containsEntry("unit", "RZ01")
                .containsEntry("status", "SUCCEEDED");
        Map<?, ?> aws = (Map<?, ?>) line.get("_aws");
        assertThat(aws.get("Timestamp")).isEqualTo(NOW.toEpochMilli());
        Map<?, ?> directive = (Map<?, ?>) ((List<?>) aws.get("CloudWatchMetrics")).getFirst();
        assertThat(directive.get("Namespace")).isEqualTo("DoubleEleven");
        assertThat(directive.get("Metrics")).isEqualTo(List.of(Map.of("Name", "PaymentsFinished", "Unit", "Count")));
        assertThat((List<?>) ((List<?>) directive.get("Dimensions")).getFirst())
                .extracting(String::valueOf)
                .containsExactlyInAnyOrder("service", "unit", "status");
    }

    @Test
    void theLinesAndMetricsOfAStressTestSayThatTheyAre() {
        Host host = Host.with(
                new Environment(Map.of("TRAFFIC", "SHADOW", "POWERTOOLS_METRICS_NAMESPACE", Traffic.SHADOW.metrics())));
        Host printing = new Host(host.environment(), host.services(), CLOCK, host.random(), out);

        printing.log().info("call", Map.of());
        printing.metrics().count("Answers", 1);

        List<String> lines = printed.toString(UTF_8).lines().toList();
        assertThat(Json.object(lines.getFirst())).containsEntry("traffic", "SHADOW");
        assertThat(lines.getLast()).contains("\"Namespace\":\"DoubleElevenShadow\"");
    }

    @Test
    void aDurationIsAMetricInMilliseconds() {
        new Metrics(Map.of(), out, CLOCK).milliseconds("OldestOpenPayment", 1.5);

        assertThat(line()).containsEntry("OldestOpenPayment", 1.5);
        assertThat(printed.toString(UTF_8)).contains("\"Unit\":\"Milliseconds\"");
    }

    private Map<String, Object> line() {
        assertThat(printed.toString(UTF_8).lines()).hasSize(1);
        return Json.object(printed.toString(UTF_8));
    }
}
