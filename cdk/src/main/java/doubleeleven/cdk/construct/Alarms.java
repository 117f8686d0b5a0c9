package doubleeleven.cdk.construct;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm.DimensionProperty;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm.MetricDataQueryProperty;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm.MetricProperty;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm.MetricStatProperty;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.Topic;
import software.constructs.Construct;

/** Alarms that all report to the Region's alarm topic. */
public final class Alarms {
    private static final String AT_LEAST = "GreaterThanOrEqualToThreshold";
    private static final int SILENT_PERIODS = 3;

    private Alarms() {}

    /** The topic of a Region that on-call staff subscribe to. */
    public static void topic(Stack stack, Deployment deployment) {
        Topic topic = Topic.Builder.create(stack, "Alarms")
                .topicName(topicName(deployment))
                .enforceSsl(true)
                .build();
        topic.addToResourcePolicy(PolicyStatement.Builder.create()
                .principals(List.of(new ServicePrincipal("cloudwatch.amazonaws.com")))
                .actions(List.of("sns:Publish"))
                .resources(List.of(topic.getTopicArn()))
                .conditions(Map.of("StringEquals", Map.of("aws:SourceAccount", stack.getAccount())))
                .build());
        Nag.accept(
                topic,
                "AwsSolutions-SNS2",
                "CloudWatch cannot publish to a topic under the AWS-managed key, and alarms carry no customer's data.");
    }

    private static String topicName(Deployment deployment) {
        return deployment.names().of("alarms");
    }

    /**
     * Goes off when a statistic of one metric reaches the threshold within the period.
     *
     * @param name name of the alarm
     * @param meaning what an operator should know when it goes off
     */
    public static void create(
            Construct scope,
            String id,
            Deployment deployment,
            String name,
            String meaning,
            MetricOf metric,
            int threshold) {
        alarm(scope, id, deployment, name, meaning, metric)
                .threshold(threshold)
                .comparisonOperator(AT_LEAST)
                .build();
    }

    /** Goes off as {@link #create} does, for a metric that comes once a day: it stays on until the next value says otherwise. */
    public static void createForDailyMetric(
            Construct scope,
            String id,
            Deployment deployment,
            String name,
            String meaning,
            MetricOf metric,
            int threshold) {
        alarm(scope, id, deployment, name, meaning, metric)
                .threshold(threshold)
                .comparisonOperator(AT_LEAST)
                .treatMissingData("ignore")
                .build();
    }

    /** Goes off when what should be counted in every period is not: no value at all is the worst of values. */
    public static void createForSilence(
            Construct scope, String id, Deployment deployment, String name, String meaning, MetricOf metric) {
        alarm(scope, id, deployment, name, meaning, metric)
                .threshold(1)
                .comparisonOperator("LessThanThreshold")
                .evaluationPeriods(SILENT_PERIODS)
                .treatMissingData("breaching")
                .build();
    }

    /** Goes off at the first period in which what is there has 1 or more and this has not, or nothing at all. */
    public static void createForLoss(
            Construct scope, String id, Deployment deployment, String name, String meaning, MetricOf metric) {
        alarm(scope, id, deployment, name, meaning, metric)
                .threshold(1)
                .comparisonOperator("LessThanThreshold")
                .treatMissingData("breaching")
                .build();
    }

    /** Goes off when one metric is so many per cent of another within the period. */
    public static void createForShare(
            Construct scope,
            String id,
            Deployment deployment,
            String name,
            String meaning,
            MetricOf part,
            MetricOf whole,
            int percent) {
        alarm(scope, id, deployment, name, meaning)
                .metrics(List.of(
                        MetricDataQueryProperty.builder()
                                .id("share")
                                .expression("100 * part / whole")
                                .returnData(true)
                                .build(),
                        query(deployment, "part", part),
                        query(deployment, "whole", whole)))
                .threshold(percent)
                .comparisonOperator(AT_LEAST)
                .build();
    }

    private static CfnAlarm.Builder alarm(
            Construct scope, String id, Deployment deployment, String name, String meaning, MetricOf metric) {
        return alarm(scope, id, deployment, name, meaning)
                .namespace(metric.namespace())
                .metricName(metric.name())
                .dimensions(dimensions(metric))
                .statistic(metric.statistic())
                .period(deployment.topology().alarms().periodSeconds());
    }

    private static CfnAlarm.Builder alarm(
            Construct scope, String id, Deployment deployment, String name, String meaning) {
        return CfnAlarm.Builder.create(scope, id)
                .alarmName(name)
                .alarmDescription(meaning)
                .evaluationPeriods(1)
                .treatMissingData("notBreaching")
                .alarmActions(List.of(Arns.topic(Stack.of(scope).getRegion(), topicName(deployment))));
    }

    private static MetricDataQueryProperty query(Deployment deployment, String id, MetricOf metric) {
        return MetricDataQueryProperty.builder()
                .id(id)
                .metricStat(MetricStatProperty.builder()
                        .metric(MetricProperty.builder()
                                .namespace(metric.namespace())
                                .metricName(metric.name())
                                .dimensions(dimensions(metric))
                                .build())
                        .period(deployment.topology().alarms().periodSeconds())
                        .stat(metric.statistic())
                        .build())
                .returnData(false)
                .build();
    }

    private static List<DimensionProperty> dimensions(MetricOf metric) {
        return metric.dimensions().entrySet().stream()
                .map(dimension -> DimensionProperty.builder()
                        .name(dimension.getKey())
                        .value(dimension.getValue())
                        .build())
                .toList();
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
