package doubleeleven.cdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.cdk.Templates.Resource;
import doubleeleven.cdk.Templates.Template;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private static final Set<String> SCHEDULED = Set.of("recovery", "reconciliation", "health-watcher");

    @Test
    void everyFunctionAlarmsOnErrorsAndThrottlesAndAScheduledOneOnTheFirst() {
        for (Templates deployment : Templates.both()) {
            int several = deployment.isProduction() ? 5 : 1;
            for (Template stack : deployment.stacks()) {
                for (Resource function : stack.all("AWS::Lambda::Function")) {
                    String name = function.text("FunctionName");
                    int threshold = SCHEDULED.stream().anyMatch(name::endsWith) ? 1 : several;
                    for (String metric : List.of("Errors", "Throttles")) {
                        assertThat(alarm(stack, "AWS/Lambda", metric, Map.of("FunctionName", name))
                                        .number("Threshold"))
                                .as("%s of %s", metric, name)
                                .isEqualTo(threshold);
                    }
                }
            }
        }
    }

    @Test
    void everyDeadLetterQueueAlarmsOnItsFirstMessage() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.stacks()) {
                for (Resource queue : stack.all("AWS::SQS::Queue")) {
                    String name = queue.text("QueueName");
                    if (name.endsWith("-dlq")) {
                        Resource alarm = alarm(
                                stack, "AWS/SQS", "ApproximateNumberOfMessagesVisible", Map.of("QueueName", name));
                        assertThat(alarm.number("Threshold")).isEqualTo(1);
                        assertThat(alarm.at("Statistic")).isEqualTo("Maximum");
                    }
                }
            }
        }
    }

    @Test
    void everyQueueAndTheRelayAlarmWhenWorkGrowsOld() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.units()) {
                for (Resource queue : stack.all("AWS::SQS::Queue")) {
                    String name = queue.text("QueueName");
                    if (!name.endsWith("-dlq")) {
                        assertThat(alarm(stack, "AWS/SQS", "ApproximateAgeOfOldestMessage", Map.of("QueueName", name))
                                        .number("Threshold"))
                                .isEqualTo(name.endsWith("-notifications") ? 960 : 60);
                    }
                }
            }
            for (Template stack : deployment.regions()) {
                assertThat(alarm(stack, "AWS/Lambda", "IteratorAge", Map.of("FunctionName", "double11-relay"))
                                .number("Threshold"))
                        .isEqualTo(60_000);
            }
        }
    }

    @Test
    void recoveryThatDoesNotRunIsAnAlarm() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.units()) {
                Resource alarm = alarm(
                        stack,
                        "AWS/Lambda",
                        "Invocations",
                        Map.of("FunctionName", stack.name().replace("-unit-", "-") + "-recovery"));
                assertThat(alarm.at("ComparisonOperator")).isEqualTo("LessThanThreshold");
                assertThat(alarm.number("Threshold")).isEqualTo(1);
                assertThat(alarm.at("TreatMissingData")).isEqualTo("breaching");
            }
        }
    }

    @Test
    void everyColourAlarmsOnMissingHoldsOpenPaymentsAndRiskDecidedBlindly() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.units()) {
                assertThat(own(stack, "HoldMissing").number("Threshold")).isEqualTo(1);
                assertThat(own(stack, "OldestOpenPayment").number("Threshold")).isEqualTo(60_000);
                Resource degraded = stack.all("AWS::CloudWatch::Alarm").stream()
                        .filter(alarm -> !alarm.objects("Metrics").isEmpty())
                        .findFirst()
                        .orElseThrow();
                assertThat(metrics(degraded).map(metric -> metric.get("MetricName")))
                        .containsExactlyInAnyOrder("RiskDegraded", "RiskDecision");
            }
        }
    }

    @Test
    void everyRegionAlarmsWhenAUnitsPaymentsGoToItsStandby() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.regions()) {
                for (String unit : List.of("RZ01", "RZ02", "RZ03")) {
                    alarm(stack, "DoubleEleven", "Failover", Map.of("service", "gateway", "unit", unit));
                }
            }
        }
    }

    @Test
    void everyRegionAlarmsWhenAUnitIsDownAndWhenItStaysSo() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.regions()) {
                for (String unit : List.of("RZ01", "RZ02", "RZ03")) {
                    for (String metric : List.of("UnitDown", "FailoverWithheld")) {
                        Resource alarm =
                                alarm(stack, "DoubleEleven", metric, Map.of("service", "gateway", "unit", unit));
                        assertThat(alarm.number("Threshold")).isEqualTo(1);
                    }
                }
            }
        }
    }

    /** Not whether it runs, but whether it sees: a watcher that cannot read the control table has no voice. */
    @Test
    void aWatcherThatDoesNotSeeIsAnAlarmWhereAScheduleLooks() {
        for (Template stack : Templates.production().regions()) {
            Resource alarm = alarm(stack, "DoubleEleven", "Watched", Map.of("service", "gateway"));
            assertThat(alarm.at("ComparisonOperator")).isEqualTo("LessThanThreshold");
            assertThat(alarm.number("Threshold")).isEqualTo(1);
            assertThat(alarm.at("TreatMissingData")).isEqualTo("breaching");
        }
        for (Template stack : Templates.sandbox().regions()) {
            assertThat(stack.all("AWS::CloudWatch::Alarm"))
                    .noneMatch(alarm -> "Watched".equals(alarm.at("MetricName")));
        }
    }

    /** A merchant that asks for too much is its own affair; a unit that is asked for too much is not. */
    @Test
    void everyRegionAlarmsWhenItRefusesPaymentsBecauseAUnitIsFull() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.regions()) {
                alarm(stack, "DoubleEleven", "FlowRefused", Map.of("service", "gateway", "scope", "UNIT"));
            }
        }
    }

    /** What comes once a day must not be forgotten a minute later. */
    @Test
    void whatReconciliationFindsStaysAnAlarmUntilItFindsNothing() {
        for (Templates deployment : Templates.both()) {
            Template first = deployment.stack("double11-unit-rz01-a");
            for (String metric : List.of("OverdueHolds", "UnpostedEntries", "ReconciliationFailed")) {
                assertThat(own(first, metric).number("Threshold")).isEqualTo(1);
                assertThat(own(first, metric).at("TreatMissingData")).isEqualTo("ignore");
            }
        }
    }

    /** An alarm on a metric that nobody emits, or that is emitted with other dimensions, never goes off and nobody notices. */
    @Test
    void everyMetricOfOursThatAlarmsIsEmittedWithTheSameDimensionsByAFunctionOfTheStack() {
        int checked = 0;
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.stacks()) {
                List<Map<String, Object>> metrics = stack.all("AWS::CloudWatch::Alarm").stream()
                        .flatMap(AlarmsTest::metrics)
                        .filter(metric -> "DoubleEleven".equals(metric.get("Namespace")))
                        .toList();
                for (Map<String, Object> metric : metrics) {
                    assertThat(stack.all("AWS::Lambda::Function"))
                            .as("%s", metric)
                            .anyMatch(function -> emits(function, metric)
                                    && sources(function).contains("\"" + metric.get("MetricName") + "\""));
                    checked++;
                }
            }
        }
        // Six in each of ten colours, three in the first of each deployment, four in each of its three Regions and two
        // for each of three units, one in each Region that watches by a schedule.
        assertThat(checked).isEqualTo(6 * 10 + 2 * 3 + 2 * 3 * (4 + 2 * 3) + 3);
    }

    /** Route 53's metrics are in one Region alone, and an alarm sees no other's. */
    @Test
    void everyDoorThatDnsLeavesOutIsAnAlarmWhereRoute53HasItsMetrics() {
        for (Templates deployment : List.of(Templates.domain(), Templates.elsewhere())) {
            Template doors = deployment.stack("double11-doors");
            assertThat(doors.region()).isEqualTo("us-east-1");
            List<Resource> checks = doors.all("AWS::Route53::HealthCheck");
            assertThat(checks).hasSize(3).allSatisfy(check -> {
                String door = check.text("HealthCheckConfig", "FullyQualifiedDomainName");
                Resource alarm = doors.all("AWS::CloudWatch::Alarm").stream()
                        .filter(each ->
                                doors.meantBy(each.at("Dimensions", 0, "Value")).equals(Optional.of(check)))
                        .findFirst()
                        .orElseThrow();
                assertThat(alarm.at("Namespace")).isEqualTo("AWS/Route53");
                assertThat(alarm.at("MetricName")).isEqualTo("HealthCheckStatus");
                assertThat(alarm.at("Dimensions", 0, "Name")).isEqualTo("HealthCheckId");
                assertThat(alarm.at("Statistic")).isEqualTo("Minimum");
                assertThat(alarm.at("ComparisonOperator")).isEqualTo("LessThanThreshold");
                assertThat(alarm.number("Threshold")).isEqualTo(1);
                assertThat(alarm.number("EvaluationPeriods")).isEqualTo(1);
                assertThat(alarm.at("TreatMissingData")).isEqualTo("breaching");
                assertThat("double11-door-" + door).isEqualTo(alarm.at("AlarmName") + ".pay.example.com");
            });
        }
    }

    /** An alarm without anybody to tell is none. */
    @Test
    void theRegionOfTheDoorsAlarmsHasATopicAlsoWhereTheDeploymentHasNoOtherPartThere() {
        for (Templates deployment : List.of(Templates.domain(), Templates.elsewhere())) {
            assertThat(deployment.stacks().stream()
                            .filter(stack -> stack.region().equals("us-east-1"))
                            .flatMap(stack -> stack.all("AWS::SNS::Topic").stream())
                            .filter(topic -> "double11-alarms".equals(topic.at("TopicName"))))
                    .hasSize(1);
        }
    }

    @Test
    void everyAlarmHasANameOfItsOwnAMeaningAndReportsToItsRegion() {
        for (Templates deployment : List.of(Templates.production(), Templates.sandbox(), Templates.domain())) {
            for (Template stack : deployment.stacks()) {
                assertThat(stack.all("AWS::CloudWatch::Alarm")).allSatisfy(alarm -> {
                    assertThat(String.valueOf(alarm.at("AlarmActions")))
                            .contains(":" + stack.region() + ":")
                            .contains(":double11-alarms");
                    assertThat(alarm.text("AlarmDescription")).contains(" ").endsWith(".");
                });
            }
            assertThat(deployment.stacks().stream()
                            .flatMap(stack -> stack.all("AWS::CloudWatch::Alarm").stream()
                                    .map(alarm -> stack.region() + " " + alarm.at("AlarmName"))))
                    .isNotEmpty()
                    .doesNotHaveDuplicates();
        }
    }

    private static Resource alarm(Template stack, String namespace, String metric, Map<String, String> dimensions) {
        return stack.all("AWS::CloudWatch::Alarm").stream()
                .filter(alarm -> namespace.equals(alarm.at("Namespace")))
                .filter(alarm -> metric.equals(alarm.at("MetricName")))
                .filter(alarm -> dimensions(alarm.object()).equals(dimensions))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no alarm on " + metric + " of " + dimensions));
    }

    private static Resource own(Template stack, String metric) {
        return stack.all("AWS::CloudWatch::Alarm").stream()
                .filter(alarm -> "DoubleEleven".equals(alarm.at("Namespace")))
                .filter(alarm -> metric.equals(alarm.at("MetricName")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no alarm on " + metric + " in " + stack.name()));
    }

    /** The metrics that an alarm looks at, each with namespace, name and dimensions. */
    private static Stream<Map<String, Object>> metrics(Resource alarm) {
        List<Map<String, Object>> queries = alarm.objects("Metrics");
        return queries.isEmpty()
                ? Stream.of(alarm.object())
                : Stream.iterate(0, query -> query < queries.size(), query -> query + 1)
                        .map(query -> alarm.object("Metrics", query, "MetricStat", "Metric"))
                        .filter(metric -> !metric.isEmpty());
    }

    private static Map<String, String> dimensions(Map<String, Object> metric) {
        Map<String, String> dimensions = new TreeMap<>();
        if (metric.get("Dimensions") instanceof List<?> list) {
            for (Object each : list) {
                Map<?, ?> dimension = (Map<?, ?>) each;
                dimensions.put(String.valueOf(dimension.get("Name")), String.valueOf(dimension.get("Value")));
            }
        }
        return dimensions;
    }

    private static boolean emits(Resource function, Map<String, Object> metric) {
        Map<String, String> dimensions = new TreeMap<>(dimensions(metric));
        if (sources(function).contains("\"" + metric.get("MetricName") + "\", \"unit\",")) {
            dimensions.remove("unit");
        }
        if (sources(function).contains("\"" + metric.get("MetricName") + "\", \"scope\",")) {
            dimensions.remove("scope");
        }
        return emitted(function).equals(dimensions);
    }

    /** The dimensions of a metric as the function would write it, by the very code it runs. */
    private static Map<String, String> emitted(Resource function) {
        Map<String, String> variables = new HashMap<>();
        function.object("Environment", "Variables").forEach((name, value) -> {
            if (value instanceof String text) {
                variables.put(name, text);
            }
        });
        Host host = Host.with(new Environment(variables));
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(written, true, UTF_8);
        new Host(host.environment(), host.services(), host.clock(), host.random(), out)
                .metrics()
                .count("Any", 1);
        Map<String, Object> line = Json.object(written.toString(UTF_8));
        Map<?, ?> aws = (Map<?, ?>) line.get("_aws");
        Map<?, ?> metric = (Map<?, ?>) ((List<?>) aws.get("CloudWatchMetrics")).getFirst();
        Map<String, String> dimensions = new TreeMap<>();
        for (Object name : (List<?>) ((List<?>) metric.get("Dimensions")).getFirst()) {
            dimensions.put(String.valueOf(name), String.valueOf(line.get(name)));
        }
        return dimensions;
    }

    private static String sources(Resource function) {
        String context = function.text("Environment", "Variables", "POWERTOOLS_SERVICE_NAME");
        try (Stream<Path> files = Files.walk(Path.of("..", "functions", context, "src", "main", "java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(AlarmsTest::read)
                    .collect(joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
