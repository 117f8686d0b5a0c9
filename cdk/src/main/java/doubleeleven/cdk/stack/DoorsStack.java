package doubleeleven.cdk.stack;

import doubleeleven.cdk.construct.Alarms;
import doubleeleven.cdk.construct.Alarms.MetricOf;
import doubleeleven.cdk.construct.Deployment;
import doubleeleven.cdk.topology.DomainSettings;
import java.util.Map;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.route53.CfnHealthCheck;
import software.constructs.Construct;

/**
 * Alarms on the doors' health. Route 53 has its metrics in one Region alone, whose alarms see no others'; the health checks that decide what
 * DNS answers are in their own Regions' stacks, and an id that was made there is not known here. So the alarms have checks of their own.
 */
final class DoorsStack extends Stack {
    /** Where the metrics of all health checks are. */
    static final String REGION = "us-east-1";

    DoorsStack(Construct scope, String id, StackProps props, Deployment deployment, DomainSettings domain) {
        super(scope, id, props);
        if (!deployment.topology().regionNames().contains(REGION)) {
            Alarms.topic(this, deployment);
        }
        for (String region : deployment.topology().regionNames()) {
            CfnHealthCheck check = DoorNames.healthCheck(this, "Health" + region, deployment, domain, region);
            Alarms.createForLoss(
                    this,
                    "Lost" + region,
                    deployment,
                    deployment.names().of("door-" + region),
                    "The door of " + region
                            + " does not answer that it can take payments: DNS leads its callers to other Regions.",
                    new MetricOf(
                            "AWS/Route53",
                            "HealthCheckStatus",
                            "Minimum",
                            Map.of("HealthCheckId", check.getAttrHealthCheckId())));
        }
    }
}
