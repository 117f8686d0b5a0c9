package doubleeleven.cdk.construct;

import doubleeleven.cdk.topology.Names;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm.DimensionProperty;
import software.constructs.Construct;

/** Alarms that all report to the Region's alarm topic. */
public final class Alarms {
    private static final String TOPIC = Names.of("alarms");

    private Alarms() {}

    /** The name of the topic that on-call staff subscribe to. */
    public static String topicName() {
        return TOPIC;
    }

    /**
     * Goes off when a statistic of one metric reaches the threshold within the period.
     *
     * @param name name of the alarm
     * @param meaning what an operator should know when it goes off
     */
    public static CfnAlarm create(
            Construct scope,
            String id,
            Deployment deployment,
            String name,
            String meaning,
            MetricOf metric,
            int threshold) {
        return CfnAlarm.Builder.create(scope, id)
                .alarmName(name)
                .alarmDescription(meaning)
                .namespace(metric.namespace())
                .metricName(metric.name())
                .dimensions(metric.dimensions().entrySet().stream()
                        .map(dimension -> DimensionProperty.builder()
                                .name(dimension.getKey())
                                .value(dimension.getValue())
                                .build())
                        .toList())
                .statistic(metric.statistic())
                .period(deployment.topology().alarms().periodSeconds())
                .evaluationPeriods(1)
                .threshold(threshold)
                .comparisonOperator("GreaterThanOrEqualToThreshold")
                .treatMissingData("notBreaching")
                .alarmActions(List.of(
                        Arns.topic(software.amazon.awscdk.Stack.of(scope).getRegion(), TOPIC)))
                .build();
    }

    /** A metric of one resource. */
    public record MetricOf(String namespace, String name, String statistic, Map<String, String> dimensions) {
        public static MetricOf sum(String namespace, String name, String dimension, String value) {
            return new MetricOf(namespace, name, "Sum", Map.of(dimension, value));
        }

        public static MetricOf maximum(String namespace, String name, String dimension, String value) {
            return new MetricOf(namespace, name, "Maximum", Map.of(dimension, value));
        }
    }
}
