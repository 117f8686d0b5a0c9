package doubleeleven.cdk.stack;

import doubleeleven.cdk.construct.Deployment;
import doubleeleven.cdk.construct.Nag;
import doubleeleven.cdk.topology.DataSettings;
import doubleeleven.cdk.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.Billing;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexPropsV2;
import software.amazon.awscdk.services.dynamodb.MultiRegionConsistency;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.ProjectionType;
import software.amazon.awscdk.services.dynamodb.ReplicaTableProps;
import software.amazon.awscdk.services.dynamodb.StreamViewType;
import software.amazon.awscdk.services.dynamodb.TableEncryptionV2;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.amazon.awscdk.services.kms.Key;
import software.constructs.Construct;

/** The tables, with a replica in every Region. Deployed once, from the primary Region. */
final class GlobalStack extends Stack {
    private static final Attribute PARTITION = text("pk");
    private static final Attribute SORT = text("sk");

    private final Deployment deployment;
    private final TableEncryptionV2 encryption;

    GlobalStack(Construct scope, String id, StackProps props, Deployment deployment) {
        super(scope, id, props);
        this.deployment = deployment;
        this.encryption = encryption(deployment.topology());
        // What money rests on is strong: a Region can be lost, and nothing that was acknowledged is lost with it.
        table("Account", SORT, MultiRegionConsistency.STRONG, List.of());
        table("Payment", null, MultiRegionConsistency.STRONG, List.of(due()));
        table("Credit", SORT, MultiRegionConsistency.STRONG, List.of());
        table("Control", SORT, MultiRegionConsistency.STRONG, List.of());
        table("Feature", SORT, MultiRegionConsistency.EVENTUAL, List.of());
        table("Platform", SORT, MultiRegionConsistency.EVENTUAL, List.of());
    }

    private void table(
            String id,
            @Nullable Attribute sort,
            MultiRegionConsistency consistency,
            List<GlobalSecondaryIndexPropsV2> indexes) {
        DataSettings data = deployment.data();
        TableV2.Builder builder = TableV2.Builder.create(this, id)
                .tableName(deployment.names().of(id.toLowerCase(Locale.ROOT)))
                .partitionKey(PARTITION)
                .billing(Billing.onDemand())
                .multiRegionConsistency(consistency)
                .replicas(deployment.topology().replicaRegions().stream()
                        .map(region ->
                                ReplicaTableProps.builder().region(region).build())
                        .toList())
                .dynamoStream(StreamViewType.NEW_AND_OLD_IMAGES)
                .encryption(encryption)
                .deletionProtection(data.deletionProtection())
                .pointInTimeRecoverySpecification(PointInTimeRecoverySpecification.builder()
                        .pointInTimeRecoveryEnabled(data.pointInTimeRecovery())
                        .build())
                .removalPolicy(deployment.tableRemoval());
        if (sort != null) {
            builder.sortKey(sort);
        }
        if (!indexes.isEmpty()) {
            builder.globalSecondaryIndexes(indexes);
        }
        TableV2 table = builder.build();
        if (!data.pointInTimeRecovery()) {
            Nag.accept(table, "AwsSolutions-DDB3", "The topology says that this deployment's data can be lost.");
        }
    }

    /** Lists the payments that are not terminal, by deadline, and since when each is open. */
    private static GlobalSecondaryIndexPropsV2 due() {
        return GlobalSecondaryIndexPropsV2.builder()
                .indexName("due")
                .partitionKey(text("due"))
                .sortKey(Attribute.builder()
                        .name("dueAt")
                        .type(AttributeType.NUMBER)
                        .build())
                .projectionType(ProjectionType.INCLUDE)
                .nonKeyAttributes(List.of("attempt", "status", "claimedAt", "decidedAt"))
                .build();
    }

    private TableEncryptionV2 encryption(Topology topology) {
        return switch (topology.data().encryption()) {
            case AWS_OWNED -> TableEncryptionV2.dynamoOwnedKey();
            case AWS_MANAGED -> TableEncryptionV2.awsManagedKey();
            case CUSTOMER_MANAGED -> {
                Map<String, String> replicaKeys = new HashMap<>(topology.data().keys());
                String primaryKey = replicaKeys.remove(topology.primaryRegion());
                if (primaryKey == null) {
                    throw new IllegalStateException("a valid topology has a key for its primary Region");
                }
                yield TableEncryptionV2.customerManagedKey(Key.fromKeyArn(this, "Key", primaryKey), replicaKeys);
            }
        };
    }

    private static Attribute text(String name) {
        return Attribute.builder().name(name).type(AttributeType.STRING).build();
    }
}
