package doubleeleven.cdk.construct;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/** Permissions, written out: no grant method of the library is used, since each gives more than one caller needs. */
public final class Grants {
    private static final Set<String> METADATA = Set.of("DescribeTable");
    private static final Set<String> WRITES = Set.of("PutItem", "UpdateItem", "DeleteItem");
    private static final List<String> KEY_FOR_READS = List.of("kms:Decrypt", "kms:DescribeKey");
    private static final List<String> KEY_FOR_WRITES =
            List.of("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey");

    private Grants() {}

    public static PolicyStatement allow(List<String> actions, List<String> resources) {
        return PolicyStatement.Builder.create()
                .actions(actions)
                .resources(resources)
                .build();
    }

    public static PolicyStatement allow(String action, String... resources) {
        return allow(List.of(action), List.of(resources));
    }

    /** Operations, such as {@code GetItem}, on one Region's replica of a table. */
    public static List<PolicyStatement> table(
            Deployment deployment, String region, String table, String... operations) {
        return onTable(deployment, region, Arns.table(region, deployment.names().of(table)), operations);
    }

    /** Operations on the items of one Region's replica whose partition keys are such, as {@code AUDIT#*}. */
    public static List<PolicyStatement> rows(
            Deployment deployment, String region, String table, String partitions, String... operations) {
        List<PolicyStatement> statements = table(deployment, region, table, operations);
        statements
                .getFirst()
                .addCondition("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of(partitions)));
        return statements;
    }

    /** Operations on an index. */
    public static List<PolicyStatement> index(
            Deployment deployment, String region, String table, String index, String... operations) {
        return onTable(deployment, region, Arns.index(region, deployment.names().of(table), index), operations);
    }

    /** What Lambda's poller needs to consume a queue. */
    static PolicyStatement consume(String queueArn) {
        return allow(
                List.of(
                        "sqs:ReceiveMessage",
                        "sqs:DeleteMessage",
                        "sqs:ChangeMessageVisibility",
                        "sqs:GetQueueAttributes"),
                List.of(queueArn));
    }

    /** X-Ray has no resources to name. */
    static PolicyStatement trace(String... furtherActions) {
        List<String> actions = new ArrayList<>(List.of("xray:PutTraceSegments", "xray:PutTelemetryRecords"));
        actions.addAll(Arrays.asList(furtherActions));
        return allow(actions, List.of("*"));
    }

    /** A role that can do what is stated here and to which nothing is added behind our back. */
    static Role role(Construct scope, String service, List<PolicyStatement> statements) {
        return Role.Builder.create(scope, "Role")
                .assumedBy(new ServicePrincipal(service))
                .inlinePolicies(Map.of(
                        "needs",
                        PolicyDocument.Builder.create().statements(statements).build()))
                .build();
    }

    /** What Lambda's poller needs to read a table's stream. */
    public static List<PolicyStatement> stream(Deployment deployment, String region, String streamArn) {
        return onTable(
                deployment, region, streamArn, "DescribeStream", "GetRecords", "GetShardIterator", "ListStreams");
    }

    private static List<PolicyStatement> onTable(
            Deployment deployment, String region, String resource, String... operations) {
        List<PolicyStatement> statements = new ArrayList<>();
        statements.add(allow(
                Arrays.stream(operations)
                        .map(operation -> "dynamodb:" + operation)
                        .toList(),
                List.of(resource)));
        String key = deployment.topology().data().keys().get(region);
        if (key != null && !METADATA.containsAll(Set.of(operations))) {
            statements.add(PolicyStatement.Builder.create()
                    .actions(WRITES.stream().anyMatch(List.of(operations)::contains) ? KEY_FOR_WRITES : KEY_FOR_READS)
                    .resources(List.of(key))
                    .conditions(
                            Map.of("StringEquals", Map.of("kms:ViaService", "dynamodb." + region + ".amazonaws.com")))
                    .build());
        }
        return statements;
    }
}
